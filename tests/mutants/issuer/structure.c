/* SPDX-License-Identifier: Apache-2.0 */
/* Directories and files that are made, their access rules, and the end of issuing. */
#include "tests/mutants/issuer/change.h"

#define FILES(function)                                                                                               \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .file = function                                                                                              \
    }
#define DIRECTORIES(function)                                                                                         \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .directory = function                                                                                         \
    }

static bool no_df07(oc_profile_dir *dir)
{
    return strcmp(dir->name, "DF07") != 0;
}

static bool other_name(oc_profile_dir *dir)
{
    static uint8_t name[] = {0xD1, 0x56, 0x00, 0x00, 0x05, 0x99};
    if (strcmp(dir->name, "DF03") == 0) {
        dir->df_name = oc_span_of(name, sizeof name);
    }
    return true;
}

static bool is_file(const char *dir, const oc_profile_file *file, const char *in, const char *name)
{
    return strcmp(dir, in) == 0 && strcmp(file->name, name) == 0;
}

static bool no_photo(const char *dir, oc_profile_file *file)
{
    return !is_file(dir, file, "SSSE", "EF08");
}

static bool no_last_of_df03(const char *dir, oc_profile_file *file)
{
    return !is_file(dir, file, "DF03", "EF06");
}

static bool half_size(const char *dir, oc_profile_file *file)
{
    if (is_file(dir, file, "SSSE", "EF08")) {
        file->size = (uint16_t)(file->size / 2);
    }
    return true;
}

static bool short_log(const char *dir, oc_profile_file *file)
{
    (void)dir;
    if (file->kind == OC_PERSO_CYCLIC && file->record_count > 2) {
        file->record_count--;
        file->size = (uint16_t)(file->size - file->record_length);
    }
    return true;
}

static bool any_reader(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->read.rule = OC_RULE_FREE;
    return true;
}

static bool key_not_asked(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->read.rule = file->read.rule == OC_RULE_PIN_AND_KEY ? OC_RULE_PIN : file->read.rule;
    return true;
}

static bool pin_not_asked(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->read.rule = file->read.rule == OC_RULE_PIN_AND_KEY ? OC_RULE_KEY : file->read.rule;
    return true;
}

static bool pin_is_enough(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->read.rule = file->read.rule == OC_RULE_KEY ? OC_RULE_PIN_OR_KEY : file->read.rule;
    return true;
}

static bool nobody_reads(const char *dir, oc_profile_file *file)
{
    file->read.rule = is_file(dir, file, "SSSE", "EF08") ? OC_RULE_NEVER : file->read.rule;
    return true;
}

static bool any_writer(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->update.rule = OC_RULE_FREE;
    return true;
}

static bool holder_writes(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->update.rule = file->update.rule == OC_RULE_KEY ? OC_RULE_PIN_OR_KEY : file->update.rule;
    return true;
}

static bool other_key_writes(const char *dir, oc_profile_file *file)
{
    if (is_file(dir, file, "DF01", "EF06")) {
        file->update.key_id ^= 0x07; /* 86 UK4 becomes 81, which is not there */
    }
    return true;
}

static bool nobody_writes(const char *dir, oc_profile_file *file)
{
    file->update.rule = is_file(dir, file, "SSSE", "EF06") ? OC_RULE_NEVER : file->update.rule;
    return true;
}

static bool log_is_written(const char *dir, oc_profile_file *file)
{
    (void)dir;
    file->update.rule = file->update.rule == OC_RULE_NEVER ? OC_RULE_FREE : file->update.rule;
    return true;
}

static bool other_short_name(const char *dir, oc_profile_file *file)
{
    if (is_file(dir, file, "SSSE", "EF06")) {
        file->sfi = 0x1D;
    }
    return true;
}

static const struct mutant rows[] = {
    {.id = "issuer.directory.missing", DIRECTORIES(no_df07)},
    {.id = "issuer.directory.other-name", DIRECTORIES(other_name)},
    {.id = "issuer.file.photo-missing", FILES(no_photo)},
    {.id = "issuer.file.missing-in-df03", FILES(no_last_of_df03)},
    {.id = "issuer.file.half-size", FILES(half_size)},
    {.id = "issuer.file.log-one-shorter", FILES(short_log)},
    {.id = "issuer.file.other-short-identifier", FILES(other_short_name)},
    {.id = "issuer.rule.any-reader", FILES(any_reader)},
    {.id = "issuer.rule.key-not-asked", FILES(key_not_asked)},
    {.id = "issuer.rule.pin-not-asked", FILES(pin_not_asked)},
    {.id = "issuer.rule.pin-is-enough", FILES(pin_is_enough)},
    {.id = "issuer.rule.nobody-reads", FILES(nobody_reads)},
    {.id = "issuer.rule.any-writer", FILES(any_writer)},
    {.id = "issuer.rule.holder-writes", FILES(holder_writes)},
    {.id = "issuer.rule.other-key-writes", FILES(other_key_writes)},
    {.id = "issuer.rule.nobody-writes", FILES(nobody_writes)},
    {.id = "issuer.rule.log-is-written", FILES(log_is_written)},
    {.id = "issuer.end.left-out", .issuer = &(const struct issuer_change){.not_ended = true}},
};
MUTANT_TABLE(rows);
