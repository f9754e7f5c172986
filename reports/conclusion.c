/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/conclusion.h"

static const struct {
    const char *key;
    const char *english;
    const char *chinese;
} words[] = {
    [OC_CONCLUSION_CONFORMS] = {"conforms", "Conforms", "符合"},
    [OC_CONCLUSION_DEVIATES] = {"deviates", "Conforms, with deviations", "符合（有偏离）"},
    [OC_CONCLUSION_NONCONFORMING] = {"fails", "Does not conform", "不符合"},
    [OC_CONCLUSION_UNDECIDED] = {"undecided", "Undecided", "不确定"},
};

size_t oc_conclusion_missing(const oc_result_record *record)
{
    /* Repeats are verdicts beyond the plan. */
    size_t planned_cases = 0;
    for (size_t i = 0; i < record->case_count; i++) {
        planned_cases += record->cases[i].repeat == 1;
    }
    return record->planned > planned_cases ? record->planned - planned_cases : 0;
}

enum oc_conclusion oc_conclusion_of(const oc_result_record *record)
{
    const size_t *of = record->counts.of;
    if (of[OC_REPORT_FAIL] > 0 || (record->strict && of[OC_REPORT_DEVIATION] > 0)) {
        return OC_CONCLUSION_NONCONFORMING;
    }
    if (of[OC_REPORT_ERROR] > 0 || of[OC_REPORT_INCONCLUSIVE] > 0 || record->differences > 0 || record->interrupted ||
        oc_conclusion_missing(record) > 0 || of[OC_REPORT_PASS] + of[OC_REPORT_DEVIATION] == 0) {
        return OC_CONCLUSION_UNDECIDED;
    }
    return of[OC_REPORT_DEVIATION] > 0 ? OC_CONCLUSION_DEVIATES : OC_CONCLUSION_CONFORMS;
}

const char *oc_conclusion_key(enum oc_conclusion conclusion)
{
    return words[conclusion].key;
}

const char *oc_conclusion_words(enum oc_conclusion conclusion, bool chinese)
{
    return chinese ? words[conclusion].chinese : words[conclusion].english;
}
