/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/sample_ledger.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"

#define LEDGER_MAX_BYTES ((size_t)64 * 1024)

struct oc_sample_ledger {
    char path[PATH_MAX];
    oc_buf written; /* what the file holds */
};

static oc_result find_folder(char out[PATH_MAX], oc_diag *diag)
{
    const char *told = getenv("ONECARD_LEDGER");
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (told != NULL && told[0] != '\0') {
        return oc_file_join(out, PATH_MAX, "", told);
    }
    if (state != NULL && state[0] == '/') {
        return oc_file_join(out, PATH_MAX, state, "onecard/ledger");
    }
    if (home != NULL && home[0] == '/') {
        return oc_file_join(out, PATH_MAX, home, ".local/state/onecard/ledger");
    }
    return oc_diag_fail(diag, OC_E_USAGE, "no place for the ledger of this card's tries: set ONECARD_LEDGER or HOME");
}

static oc_result take_line(const char *line, oc_guard *guard)
{
    char *end = NULL;
    unsigned long reference = strtoul(line, &end, 10);
    if (end == line || *end != ' ' || reference >= OC_GUARD_REFERENCES) {
        return oc_fail(OC_E_FORMAT);
    }
    const char *second = end + 1;
    unsigned long left = strtoul(second, &end, 10);
    if (end == second || *end != '\0' || left > 15) {
        return oc_fail(OC_E_FORMAT);
    }
    guard->at[reference].known = true;
    guard->at[reference].left = (uint8_t)left;
    return oc_ok();
}

static oc_result take_lines(const oc_sample_ledger *ledger, oc_guard *guard, oc_diag *diag)
{
    long number = 1;
    oc_rd rd = oc_rd_of(oc_buf_span(&ledger->written));
    while (rd.rest.len > 0) {
        const uint8_t *newline = memchr(rd.rest.at, '\n', rd.rest.len);
        char line[32] = "";
        size_t len = newline == NULL ? 0 : (size_t)(newline - rd.rest.at);
        if (newline == NULL || len >= sizeof line) {
            return oc_diag_fail_at(diag, OC_E_IO, ledger->path, number,
                                   "no line of a ledger; look at it, then delete it");
        }
        memcpy(line, oc_rd_bytes(&rd, len + 1).at, len);
        if (!oc_is_ok(take_line(line, guard))) {
            return oc_diag_fail_at(diag, OC_E_IO, ledger->path, number,
                                   "no line of a ledger; look at it, then delete it");
        }
        number++;
    }
    return oc_ok();
}

oc_result oc_sample_ledger_open(oc_sample_ledger **out, oc_span atr, oc_guard *guard, oc_diag *diag)
{
    *out = NULL;
    char folder[PATH_MAX];
    char name[80];
    oc_hex_encode(name, sizeof name, atr);
    OC_TRY(find_folder(folder, diag));
    OC_TRY(oc_file_make_folder(folder, diag));
    oc_sample_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_file_join(ledger->path, sizeof ledger->path, folder, name);
    if (oc_is_ok(r) && access(ledger->path, F_OK) == 0) {
        r = oc_file_read(&ledger->written, ledger->path, LEDGER_MAX_BYTES, diag);
    }
    if (oc_is_ok(r)) {
        r = take_lines(ledger, guard, diag);
    }
    if (!oc_is_ok(r)) {
        oc_sample_ledger_free(&ledger);
    }
    *out = ledger;
    return r;
}

oc_result oc_sample_ledger_keep(oc_sample_ledger *ledger, const oc_guard *guard, oc_diag *diag)
{
    oc_buf text = {0};
    oc_result r = oc_ok();
    for (unsigned i = 0; i < OC_GUARD_REFERENCES && oc_is_ok(r); i++) {
        if (guard->at[i].known) {
            char line[32];
            snprintf(line, sizeof line, "%u %u\n", i, guard->at[i].left);
            r = oc_buf_append(&text, oc_span_text(line));
        }
    }
    if (oc_is_ok(r) && !oc_span_equal(oc_buf_span(&text), oc_buf_span(&ledger->written))) {
        r = oc_file_replace(ledger->path, oc_buf_span(&text), diag);
        if (oc_is_ok(r)) {
            r = oc_buf_set(&ledger->written, oc_buf_span(&text));
        }
    }
    oc_buf_free(&text);
    return r;
}

void oc_sample_ledger_free(oc_sample_ledger **ledger)
{
    if (*ledger != NULL) {
        oc_buf_free(&(*ledger)->written);
        free(*ledger);
        *ledger = NULL;
    }
}
