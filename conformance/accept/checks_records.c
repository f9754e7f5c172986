/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/accept/checks.h"
#include "sim/base/tlv.h"

/* Records against the structure in the batch's profile. */

/* A title, around DIR/FILE. */
struct words {
    const char *before_en, *after_en, *before_zh, *after_zh;
};

static oc_finding *about_file(oc_checked_card *card, const oc_read_file *file, const char *group, unsigned item,
                              const struct words *words)
{
    char id[64];
    snprintf(id, sizeof id, "ACCEPT.%s.%s-%s", group, file->dir->name, file->file->name);
    return oc_finding_add(card->findings, id, "SSC.ACCEPT.RECORDS", item,
                          oc_findings_text(card->findings, "%s%s/%s%s", words->before_en, file->dir->name,
                                           file->file->name, words->after_en),
                          oc_findings_text(card->findings, "%s%s/%s%s", words->before_zh, file->dir->name,
                                           file->file->name, words->after_zh));
}

/* False, with the finding ended, where the records of the file were not seen. */
static bool was_read(oc_checked_card *card, oc_finding *finding, const oc_read_file *file)
{
    if (!oc_sw_selected(file->select)) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_INCONCLUSIVE, "%s/%s was not found", file->dir->name,
                        file->file->name);
        return false;
    }
    if (!file->readable) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_RUN,
                        "not assessed: %s/%s is not free to read and was not opened", file->dir->name,
                        file->file->name);
        return false;
    }
    return true;
}

static const oc_profile_record *specified(const oc_profile_file *file, uint8_t tag)
{
    for (size_t i = 0; i < file->records_count; i++) {
        if (file->records[i].tag == tag) {
            return &file->records[i];
        }
    }
    return NULL;
}

/* Item 13: tag and length of each record; a record is told by its number where it is no TLV. */
static void check_form(oc_checked_card *card, const oc_read_file *file)
{
    oc_finding *finding = about_file(card, file, "FORM", 13,
                                     &(struct words){"Tags and lengths in ", "", "", "记录的标签和长度"});
    if (!was_read(card, finding, file)) {
        return;
    }
    for (size_t i = 0; i < file->file->records_count; i++) {
        const oc_profile_record *wanted = &file->file->records[i];
        const oc_read_record *found = oc_reading_record(card->reading, file->dir->name, file->file->name, wanted->tag);
        if (found == NULL) {
            oc_finding_fails(card->findings, finding, "there is no record with tag %02X", wanted->tag);
            oc_finding_evidence(card->findings, finding, "tags",
                                oc_findings_text(card->findings, "%02X, %u bytes", wanted->tag, wanted->len),
                                "not there", -1);
            return;
        }
        if (found->value.len != wanted->len) {
            oc_finding_fails(card->findings, finding, "record %02X has another length", wanted->tag);
            oc_finding_evidence(card->findings, finding, "length", oc_findings_text(card->findings, "%u", wanted->len),
                                oc_findings_text(card->findings, "%zu", found->value.len), -1);
            return;
        }
    }
}

/* Item 14 is about the SSSE; elsewhere the profile says as much, and optional records may stand. */
static void check_extra(oc_checked_card *card, const oc_read_file *file)
{
    oc_finding *finding = about_file(
        card, file, "EXTRA", 14,
        &(struct words){"", " holds no record beyond the specified", "", "没有规定以外的记录"});
    if (!was_read(card, finding, file)) {
        return;
    }
    for (size_t i = 0; i < file->count; i++) {
        const oc_read_record *record = &file->records[i];
        if (!record->is_tlv || specified(file->file, record->tag) == NULL) {
            oc_finding_fails(card->findings, finding, "record number %zu is not specified", i + 1);
            oc_finding_evidence(card->findings, finding, "tag", "none",
                                record->is_tlv ? oc_findings_text(card->findings, "%02X", record->tag) : "no TLV", -1);
            return;
        }
    }
    if (file->count > file->file->records_count) {
        oc_finding_fails(card->findings, finding, "%zu records, where %zu are specified", file->count,
                         file->file->records_count);
    } else if (file->cut_short) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_INCONCLUSIVE,
                        "the read behind the last record was answered %04X", file->end.value);
    }
}

/* Over all files of a kind: one finding, not assessed where none could be read. */
typedef const char *look(oc_checked_card *card, const oc_read_file *file, bool *seen);

static void over_files(oc_checked_card *card, oc_finding *finding, look *look_at, const char *nothing)
{
    bool seen = false;
    for (size_t i = 0; i < card->reading->file_count; i++) {
        const oc_read_file *file = &card->reading->files[i];
        const char *wrong = file->readable ? look_at(card, file, &seen) : NULL;
        if (wrong != NULL) {
            oc_finding_fails(card->findings, finding, "%s/%s: %s", file->dir->name, file->file->name, wrong);
            return;
        }
    }
    if (!seen) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_RUN, "not assessed: %s", nothing);
    }
}

static const char *look_tlv(oc_checked_card *card, const oc_read_file *file, bool *seen)
{
    (void)card;
    for (size_t i = 0; file->file->kind == OC_PERSO_VARIABLE && i < file->count; i++) {
        *seen = true;
        if (!file->records[i].is_tlv) {
            return "a record is not tag, length and value";
        }
    }
    return NULL;
}

/* A record whose profile names items inside is a template: its value is tag, length, value again and again. */
static const char *look_template(oc_checked_card *card, const oc_read_file *file, bool *seen)
{
    for (size_t i = 0; i < file->count; i++) {
        const oc_read_record *record = &file->records[i];
        const oc_profile_record *wanted = record->is_tlv ? specified(file->file, record->tag) : NULL;
        if (wanted == NULL || !oc_profile_is_template(card->profile, wanted)) {
            continue;
        }
        *seen = true;
        oc_rd rd = oc_rd_of(record->value);
        oc_tlv tlv;
        while (oc_record_tlv_next(&rd, &tlv)) {
        }
        if (!oc_rd_done(&rd)) {
            return "a template is not made of tag, length and value";
        }
    }
    return NULL;
}

static const char *look_cyclic(oc_checked_card *card, const oc_read_file *file, bool *seen)
{
    (void)card;
    if (file->file->kind != OC_PERSO_CYCLIC) {
        return NULL;
    }
    *seen = true;
    for (size_t i = 0; i < file->count; i++) {
        if (file->records[i].raw.len != file->file->record_length) {
            return "a cyclic record has another length";
        }
    }
    return file->count > file->file->record_count ? "more cyclic records than specified" : NULL;
}

/* Item 15: with DF02/EF07 there are DF02/EF06 and its tag 3A. */
static void check_history(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.OPTIONAL.TAG-3A", "SSC.ACCEPT.OPTIONAL", 15,
                                         "With DF02/EF07 there are DF02/EF06 and its tag 3A",
                                         "有DF02/EF07则有DF02/EF06及其标签3A");
    const oc_read_file *history = oc_reading_file(card->reading, "DF02", "EF07");
    const oc_read_file *state = oc_reading_file(card->reading, "DF02", "EF06");
    if (history == NULL || !oc_sw_selected(history->select)) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_APPLICABLE, "the card has no DF02/EF07");
    } else if (state == NULL || !oc_sw_selected(state->select)) {
        oc_finding_fails(card->findings, finding, "DF02/EF07 is there, DF02/EF06 is not");
    } else if (!state->readable) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_RUN,
                        "not assessed: tag 3A cannot be read without the PIN");
    } else if (oc_reading_record(card->reading, "DF02", "EF06", 0x3A) == NULL) {
        oc_finding_fails(card->findings, finding, "DF02/EF07 is there, tag 3A of DF02/EF06 is not");
    }
}

/* Item 16: with DF02/EF06, either it or DF03/EF05 carries tag 60. */
static void check_tag_60(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.OPTIONAL.TAG-60", "SSC.ACCEPT.OPTIONAL", 16,
                                         "Exactly one of DF02/EF06 and DF03/EF05 carries tag 60",
                                         "DF02/EF06与DF03/EF05中恰有一个含标签60");
    const oc_read_file *state = oc_reading_file(card->reading, "DF02", "EF06");
    const oc_read_file *insurance = oc_reading_file(card->reading, "DF03", "EF05");
    if (state == NULL || !oc_sw_selected(state->select)) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_APPLICABLE, "the card has no DF02/EF06");
    } else if (!state->readable || insurance == NULL || !insurance->readable) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_RUN,
                        "not assessed: tag 60 cannot be read without the PIN");
    } else {
        bool here = oc_reading_record(card->reading, "DF02", "EF06", 0x60) != NULL;
        bool there = oc_reading_record(card->reading, "DF03", "EF05", 0x60) != NULL;
        if (here == there) {
            oc_finding_fails(card->findings, finding, "%s of the two files carry tag 60", here ? "both" : "none");
        }
    }
}

void oc_check_records(oc_checked_card *card)
{
    for (size_t i = 0; i < card->reading->file_count; i++) {
        const oc_read_file *file = &card->reading->files[i];
        if (file->file->kind == OC_PERSO_VARIABLE) {
            check_form(card, file);
        }
        if (file->file->kind == OC_PERSO_VARIABLE && strcmp(file->dir->name, "SSSE") == 0) {
            check_extra(card, file);
        }
    }
    over_files(card,
               oc_finding_add(card->findings, "ACCEPT.TLV.LINEAR", "SSC.ACCEPT.RECORDS", 10,
                              "Linear records are TLV, as far as they could be read", "可读的线性记录为TLV格式"),
               look_tlv, "no linear record could be read");
    over_files(card,
               oc_finding_add(card->findings, "ACCEPT.TLV.TEMPLATE", "SSC.ACCEPT.RECORDS", 11,
                              "B-TLV records are well formed, as far as they could be read",
                              "可读的B-TLV记录格式正确"),
               look_template, "no B-TLV record could be read; it takes the PIN");
    over_files(card,
               oc_finding_add(card->findings, "ACCEPT.CYCLIC", "SSC.ACCEPT.RECORDS", 12,
                              "Cyclic records are well formed, as far as they could be read",
                              "可读的循环记录格式正确"),
               look_cyclic, "no cyclic file could be read; it takes the PIN");
    check_history(card);
    check_tag_60(card);
}
