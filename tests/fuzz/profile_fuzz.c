/* SPDX-License-Identifier: Apache-2.0 */
/* The loader of card profiles; a profile that it accepts is asked everything, and issued if it can issue. */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/issuer/issuer.h"
#include "tests/fuzz/fuzz.h"

static oc_crypto *crypto;
static oc_card_os *os;
static int file = -1;
static char folder[] = "/tmp/onecard-fuzz-XXXXXX";
static char path[64];

/* What profiles refer to, beside the one that is tried. */
static const char *const companions[] = {"structure-2.0.xml", "structure-3.0.xml", "test-keys.xml", "pki-3.0.xml"};
#define COMPANIONS (sizeof companions / sizeof *companions)

static void end(void)
{
    oc_card_os_free(&os);
    oc_crypto_free(&crypto);
    close(file);
    for (size_t i = 0; i < COMPANIONS; i++) {
        char name[PATH_MAX];
        if (oc_is_ok(oc_file_join(name, sizeof name, folder, companions[i]))) {
            unlink(name);
        }
    }
    unlink(path);
    rmdir(folder);
}

static bool link_companion(const char *name)
{
    char from[PATH_MAX];
    char to[PATH_MAX];
    char *here = realpath("vectors/cards", NULL);
    bool fine = here != NULL && oc_is_ok(oc_file_join(from, sizeof from, here, name)) &&
                oc_is_ok(oc_file_join(to, sizeof to, folder, name)) && symlink(from, to) == 0;
    free(here);
    return fine;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    /* The loader reads files only. */
    bool fine = mkdtemp(folder) != NULL && oc_is_ok(oc_file_join(path, sizeof path, folder, "profile.xml"));
    for (size_t i = 0; i < COMPANIONS && fine; i++) {
        fine = link_companion(companions[i]);
    }
    file = fine ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || !oc_is_ok(oc_crypto_new(&crypto)) || !oc_is_ok(oc_issuer_card_os(&os))) {
        return 1;
    }
    return atexit(end);
}

static void ask(const oc_profile *profile, const char *reference)
{
    oc_buf value = {0};
    oc_result r = oc_profile_value(profile, reference, &value);
    FUZZ_DEMAND(oc_is_ok(r) || value.len == 0);
    (void)oc_profile_is_secret(profile, reference);
    oc_buf_free(&value);
}

static void ask_everything(const oc_profile *profile)
{
    static const char *const names[] = {"pin",         "initial-pin", "wrong-pin",       "alg",
                                        "factor/card", "factor/city", "factor/province", "area",
                                        "terminal",    "atr",         "atr/historical",  "nothing"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ask(profile, names[i]);
    }
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(profile, &count);
    for (size_t d = 0; d < count; d++) {
        FUZZ_DEMAND(oc_profile_dir_named(profile, dirs[d].name) != NULL);
        for (size_t f = 0; f < dirs[d].files_count; f++) {
            const oc_profile_file *one = &dirs[d].files[f];
            char reference[64];
            FUZZ_DEMAND(one->content.len <= one->size);
            snprintf(reference, sizeof reference, "%s/%s/content", dirs[d].name, one->name);
            ask(profile, reference);
            for (size_t r = 0; r < one->records_count; r++) {
                FUZZ_DEMAND(!one->records[r].known || one->records[r].value.len == one->records[r].len);
                snprintf(reference, sizeof reference, "%s/%s/%02X.tlv", dirs[d].name, one->name, one->records[r].tag);
                ask(profile, reference);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size) {
        return 0;
    }
    oc_profile *profile = NULL;
    oc_diag diag = {0};
    oc_result r = oc_profile_load(&profile, path, &diag);
    if (!oc_is_ok(r)) {
        FUZZ_DEMAND(profile == NULL && diag.reason[0] != '\0');
        return 0;
    }
    ask_everything(profile);
    if (oc_profile_can_issue(profile)) {
        oc_card *card = NULL;
        diag = (oc_diag){0};
        r = oc_issuer_make_card(&card, os, crypto, profile, &diag);
        FUZZ_DEMAND(oc_is_ok(r) || diag.reason[0] != '\0');
        oc_card_free(&card);
    }
    oc_profile_free(&profile);
    return 0;
}
