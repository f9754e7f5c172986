/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of a run that is resumed. An input that begins with R is the whole file; else each further line is an entry
 * with its right length and digest, behind those with which a run begins. What is taken up makes a result record. */
#include <openssl/sha.h>
#include <unistd.h>

#include "conformance/record/record.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/record_sample.h"

#define HEAD "onecard-journal 1\n"
#define ROOM 512

static char folder[ROOM / 2];
static char journal[ROOM];
static oc_buf begin; /* head and first entries of a run */

static void end(void)
{
    oc_buf_free(&begin);
    unlink(journal);
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    oc_record *record = NULL;
    oc_run_info info = oc_sample_run_info();
    oc_pass_info pass = oc_sample_pass("ssc-3.0/inproc", "inproc");
    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/onecard-journal-XXXXXX", temporary == NULL ? "/tmp" : temporary);
    bool fine = mkdtemp(folder) != NULL && oc_is_ok(oc_file_join(journal, sizeof journal, folder, "run.journal")) &&
                oc_is_ok(oc_record_open(&record, folder, &info, false, NULL)) &&
                oc_is_ok(oc_record_pass(record, &pass, NULL));
    oc_record_free(&record);
    return !fine || !oc_is_ok(oc_file_read(&begin, journal, 1 << 20, NULL)) || atexit(end) != 0;
}

static void write_entry(FILE *file, oc_span entry)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    char digits[17];
    FUZZ_DEMAND(SHA256(entry.at, entry.len, digest) != NULL);
    oc_hex_encode(digits, sizeof digits, oc_span_of(digest, 8));
    fprintf(file, "%zu %s %.*s\n", entry.len, digits, (int)entry.len, (const char *)entry.at);
}

static void write_journal(oc_span input, bool raw)
{
    FILE *file = fopen(journal, "wb");
    FUZZ_DEMAND(file != NULL);
    oc_span whole = raw ? input : oc_buf_span(&begin);
    FUZZ_DEMAND(whole.len == 0 || fwrite(whole.at, whole.len, 1, file) == 1);
    while (!raw && input.len > 0) {
        const uint8_t *feed = memchr(input.at, '\n', input.len);
        size_t len = feed == NULL ? input.len : (size_t)(feed - input.at);
        write_entry(file, oc_span_slice(input, 0, len));
        input = feed == NULL ? oc_span_empty() : oc_span_slice(input, len + 1, input.len - len - 1);
    }
    FUZZ_DEMAND(fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_run_info info = oc_sample_run_info();
    write_journal(oc_span_of(data + 1, size - 1), data[0] == 'R');
    oc_result result = oc_record_open(&record, folder, &info, true, &diag);
    FUZZ_DEMAND(oc_is_ok(result) || diag.reason[0] != '\0');
    oc_record_free(&record);
    return 0;
}
