/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/profile/model.h"

/* The wrong PIN is one step away from the right one. */
static const char *const pins[] = {"pin",     "initial-pin",   "wrong-pin",    "psam-pin",
                                   "pki/pin", "pki/wrong-pin", "pki/admin-pin"};

/* What the same value may look like in other places: as stored, without its filling, in UTF-8, and as terminals write
 * numbers. */
static const char *const forms[] = {"", ".text", ".utf8", ".hex", ".digits"};

bool oc_profile_is_secret(const oc_profile *profile, const char *reference)
{
    for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++) {
        size_t len = strlen(pins[i]);
        if (strncmp(pins[i], reference, len) == 0 && (reference[len] == '\0' || reference[len] == '.')) {
            return true;
        }
    }
    for (size_t d = 0; d < profile->dirs_count; d++) {
        const oc_profile_dir *dir = &profile->dirs[d];
        for (size_t f = 0; f < dir->files_count; f++) {
            for (size_t r = 0; r < dir->files[f].records_count; r++) {
                char name[40];
                int n = snprintf(name, sizeof name, "%s/%s/%02X", dir->name, dir->files[f].name,
                                 dir->files[f].records[r].tag);
                char after = dir->files[f].records[r].secret && strncmp(name, reference, (size_t)n) == 0 ? reference[n]
                                                                                                         : 'x';
                if (after == '\0' || after == '.' || after == '/' || after == '-') {
                    return true;
                }
                snprintf(name, sizeof name, "%s/%s/records", dir->name, dir->files[f].name);
                if (dir->files[f].records[r].secret && strcmp(name, reference) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* A value that is all filling would match everywhere. */
static bool is_blank(oc_span value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] != value.at[0] || (value.at[i] != 0x00 && value.at[i] != 0xFF)) {
            return false;
        }
    }
    return true;
}

static void visit_one(const oc_profile *profile, const char *reference, oc_profile_secret_visit *visit, void *context)
{
    oc_buf last = {0};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char name[48];
        oc_buf value = {0};
        snprintf(name, sizeof name, "%s%s", reference, forms[i]);
        bool known = oc_is_ok(oc_profile_value(profile, name, &value));
        if (known && is_blank(oc_buf_span(&value))) {
            oc_buf_free(&value);
            break; /* in digits too it would match everywhere */
        }
        if (known && !oc_span_equal(oc_buf_span(&value), oc_buf_span(&last))) {
            visit(context, name, oc_buf_span(&value));
        }
        oc_buf_free(&last);
        last = value;
    }
    oc_buf_free(&last);
}

static void visit_records(const oc_profile *profile, bool only_secret, oc_profile_secret_visit *visit, void *context)
{
    for (size_t d = 0; d < profile->dirs_count; d++) {
        const oc_profile_dir *dir = &profile->dirs[d];
        for (size_t f = 0; f < dir->files_count; f++) {
            for (size_t r = 0; r < dir->files[f].records_count; r++) {
                if (dir->files[f].records[r].secret || !only_secret) {
                    char name[40];
                    snprintf(name, sizeof name, "%s/%s/%02X", dir->name, dir->files[f].name,
                             dir->files[f].records[r].tag);
                    visit_one(profile, name, visit, context);
                }
            }
        }
    }
}

void oc_profile_secrets(const oc_profile *profile, oc_profile_secret_visit *visit, void *context)
{
    for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++) {
        visit_one(profile, pins[i], visit, context);
    }
    visit_records(profile, true, visit, context);
}

void oc_profile_record_values(const oc_profile *profile, oc_profile_secret_visit *visit, void *context)
{
    visit_records(profile, false, visit, context);
}
