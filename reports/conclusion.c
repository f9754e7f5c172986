/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/conclusion.h"

#include <stdlib.h>

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

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

oc_conclusion_facts oc_conclusion_facts_take(const xmlNode *result, const oc_record_end *end)
{
    oc_conclusion_facts facts = {.counts = end->counts,
                                 .planned = strtoul(oc_xml_attr(result, "planned"), NULL, 10),
                                 .planned_cases = end->planned_cases,
                                 .strict = is_true(oc_xml_attr(result, "strict")),
                                 .interrupted = is_true(oc_xml_attr(result, "interrupted"))};
    for (const xmlNode *one = oc_xml_child(result, "difference"); one != NULL; one = oc_xml_next(one, "difference")) {
        facts.differences++;
    }
    return facts;
}

size_t oc_conclusion_facts_missing(const oc_conclusion_facts *facts)
{
    return facts->planned > facts->planned_cases ? facts->planned - facts->planned_cases : 0;
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

const char *oc_conclusion_key(enum oc_conclusion conclusion)
{
    return words[conclusion].key;
}

const char *oc_conclusion_words(enum oc_conclusion conclusion, bool chinese)
{
    return chinese ? words[conclusion].chinese : words[conclusion].english;
}
