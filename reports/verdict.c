/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/verdict.h"

#include <string.h>

static const struct {
    const char *name;
    const char *english;
    const char *chinese;
} words[OC_REPORT_VERDICTS] = {
    [OC_REPORT_PASS] = {"PASS", "pass", "通过"},
    [OC_REPORT_NOT_APPLICABLE] = {"NOT_APPLICABLE", "not applicable", "不适用"},
    [OC_REPORT_NOT_RUN] = {"NOT_RUN", "not run", "未执行"},
    [OC_REPORT_INCONCLUSIVE] = {"INCONCLUSIVE", "inconclusive", "不确定"},
    [OC_REPORT_DEVIATION] = {"DEVIATION", "deviation", "偏离"},
    [OC_REPORT_FAIL] = {"FAIL", "fail", "不通过"},
    [OC_REPORT_ERROR] = {"ERROR", "error", "错误"},
};

const char *oc_report_verdict_name(enum oc_report_verdict verdict)
{
    return words[verdict].name;
}

bool oc_report_verdict_parse(const char *name, enum oc_report_verdict *out)
{
    for (unsigned i = 0; name != NULL && i < OC_REPORT_VERDICTS; i++) {
        if (strcmp(name, words[i].name) == 0) {
            *out = (enum oc_report_verdict)i;
            return true;
        }
    }
    return false;
}

const char *oc_report_verdict_word(enum oc_report_verdict verdict, bool chinese)
{
    return chinese ? words[verdict].chinese : words[verdict].english;
}

size_t oc_report_passed(const oc_report_counts *counts, bool strict)
{
    return counts->of[OC_REPORT_PASS] + (strict ? 0 : counts->of[OC_REPORT_DEVIATION]);
}

size_t oc_report_failed(const oc_report_counts *counts, bool strict)
{
    return counts->of[OC_REPORT_FAIL] + counts->of[OC_REPORT_ERROR] + counts->of[OC_REPORT_INCONCLUSIVE] +
           (strict ? counts->of[OC_REPORT_DEVIATION] : 0);
}

size_t oc_report_skipped(const oc_report_counts *counts)
{
    return counts->of[OC_REPORT_NOT_APPLICABLE] + counts->of[OC_REPORT_NOT_RUN];
}

size_t oc_report_total(const oc_report_counts *counts)
{
    size_t total = 0;
    for (unsigned i = 0; i < OC_REPORT_VERDICTS; i++) {
        total += counts->of[i];
    }
    return total;
}

bool oc_report_counts_verdict(const oc_report_counts *counts, enum oc_report_verdict *out)
{
    static const enum oc_report_verdict order[] = {OC_REPORT_FAIL,          OC_REPORT_DEVIATION, OC_REPORT_ERROR,
                                                   OC_REPORT_INCONCLUSIVE,  OC_REPORT_PASS,      OC_REPORT_NOT_RUN,
                                                   OC_REPORT_NOT_APPLICABLE};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (counts->of[order[i]] > 0) {
            *out = order[i];
            return true;
        }
    }
    return false;
}

bool oc_report_tried(enum oc_report_verdict verdict)
{
    return verdict != OC_REPORT_NOT_RUN && verdict != OC_REPORT_NOT_APPLICABLE;
}
