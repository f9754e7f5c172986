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

static oc_conclusion_facts facts_of(const oc_result_record *record)
{
    oc_conclusion_facts facts = {.counts = record->counts,
                                 .differences = record->differences,
                                 .planned = record->planned,
                                 .strict = record->strict,
                                 .interrupted = record->interrupted};
    for (size_t i = 0; i < record->case_count; i++) {
        facts.planned_cases += record->cases[i].repeat == 1;
    }
    return facts;
}

size_t oc_conclusion_facts_missing(const oc_conclusion_facts *facts)
{
    return facts->planned > facts->planned_cases ? facts->planned - facts->planned_cases : 0;
}

size_t oc_conclusion_missing(const oc_result_record *record)
{
    const oc_conclusion_facts facts = facts_of(record);
    return oc_conclusion_facts_missing(&facts);
}

enum oc_conclusion oc_conclusion_from(const oc_conclusion_facts *facts)
{
    const size_t *of = facts->counts.of;
    if (of[OC_REPORT_FAIL] > 0 || (facts->strict && of[OC_REPORT_DEVIATION] > 0)) {
        return OC_CONCLUSION_NONCONFORMING;
    }
    if (of[OC_REPORT_ERROR] > 0 || of[OC_REPORT_INCONCLUSIVE] > 0 || facts->differences > 0 || facts->interrupted ||
        oc_conclusion_facts_missing(facts) > 0 || of[OC_REPORT_PASS] + of[OC_REPORT_DEVIATION] == 0) {
        return OC_CONCLUSION_UNDECIDED;
    }
    return of[OC_REPORT_DEVIATION] > 0 ? OC_CONCLUSION_DEVIATES : OC_CONCLUSION_CONFORMS;
}

enum oc_conclusion oc_conclusion_of(const oc_result_record *record)
{
    const oc_conclusion_facts facts = facts_of(record);
    return oc_conclusion_from(&facts);
}

const char *oc_conclusion_key(enum oc_conclusion conclusion)
{
    return words[conclusion].key;
}

const char *oc_conclusion_words(enum oc_conclusion conclusion, bool chinese)
{
    return chinese ? words[conclusion].chinese : words[conclusion].english;
}
