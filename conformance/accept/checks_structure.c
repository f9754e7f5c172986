/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/accept/checks.h"

/* Files against the structure in the batch's profile: is everything there, is it closed. */

/* A title, around DIR/FILE. */
struct words {
    const char *before_en, *after_en, *before_zh, *after_zh;
};

static oc_finding *about_file(oc_checked_card *card, const oc_read_file *file, const char *group,
                              const char *requirement, unsigned item, const struct words *words)
{
    char id[64];
    snprintf(id, sizeof id, "ACCEPT.%s.%s-%s", group, file->dir->name, file->file->name);
    return oc_finding_add(card->findings, id, requirement, item,
                          oc_findings_text(card->findings, "%s%s/%s%s", words->before_en, file->dir->name,
                                           file->file->name, words->after_en),
                          oc_findings_text(card->findings, "%s%s/%s%s", words->before_zh, file->dir->name,
                                           file->file->name, words->after_zh));
}

static void check_dir(oc_checked_card *card, const oc_read_dir *dir)
{
    char id[64];
    snprintf(id, sizeof id, "ACCEPT.DF.%s", dir->dir->name);
    oc_finding *finding = oc_finding_add(card->findings, id, "SSC.ACCEPT.STRUCTURE", 8,
                                         oc_findings_text(card->findings, "%s is there", dir->dir->name),
                                         oc_findings_text(card->findings, "%s存在", dir->dir->name));
    if (!oc_sw_selected(dir->select)) {
        oc_finding_fails(card->findings, finding, "%s cannot be selected", dir->dir->name);
        oc_finding_evidence(card->findings, finding, "sw", "9000",
                            oc_findings_text(card->findings, "%04X", dir->select.value), -1);
    }
}

static void check_file(oc_checked_card *card, const oc_read_file *file)
{
    oc_finding *finding = about_file(card, file, "EF", "SSC.ACCEPT.STRUCTURE", 9,
                                     &(struct words){"", " is there", "", "存在"});
    if (!oc_sw_selected(file->select)) {
        oc_finding_fails(card->findings, finding, "%s/%s cannot be selected", file->dir->name, file->file->name);
        oc_finding_evidence(card->findings, finding, "sw", "9000",
                            oc_findings_text(card->findings, "%04X", file->select.value), -1);
    }
}

/* Without PIN and key: 9000 would be an open file. Which other word the card says is for the vectors. */
static void check_denied(oc_checked_card *card, const oc_read_file *file)
{
    if (file->file->read.rule == OC_RULE_FREE) {
        return;
    }
    oc_finding *finding = about_file(card, file, "DENIED", "SSC.ACCEPT.DENIED", 19,
                                     &(struct words){"", " is not read without PIN and key", "未经认证不能读", ""});
    if (!file->tried_plain) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_INCONCLUSIVE, "%s/%s was not found", file->dir->name,
                        file->file->name);
    } else if (oc_sw_selected(file->plain)) {
        oc_finding_fails(card->findings, finding, "%s/%s was read without any right", file->dir->name,
                         file->file->name);
        oc_finding_evidence(card->findings, finding, "sw", "6982",
                            oc_findings_text(card->findings, "%04X", file->plain.value), -1);
    }
}

void oc_check_structure(oc_checked_card *card)
{
    for (size_t i = 0; i < card->reading->dir_count; i++) {
        check_dir(card, &card->reading->dirs[i]);
    }
    for (size_t i = 0; i < card->reading->file_count; i++) {
        check_file(card, &card->reading->files[i]);
        check_denied(card, &card->reading->files[i]);
    }
}
