/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX 512

void oc_findings_free(oc_findings *findings)
{
    free(findings->at);
    findings->at = NULL;
    findings->count = 0;
    findings->room = 0;
}

static const char *keep(oc_findings *findings, const char *text)
{
    const char *kept = oc_arena_text(findings->arena, text);
    findings->bad = findings->bad || kept == NULL;
    return kept;
}

OC_PRINTF(2, 0) static const char *formatted(oc_findings *findings, const char *format, va_list arguments)
{
    char text[TEXT_MAX];
    vsnprintf(text, sizeof text, format, arguments);
    return keep(findings, text);
}

const char *oc_findings_text(oc_findings *findings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = formatted(findings, format, arguments);
    va_end(arguments);
    return text == NULL ? "" : text;
}

oc_finding *oc_finding_add(oc_findings *findings, const char *id, const char *requirement, unsigned item,
                           const char *title_en, const char *title_zh)
{
    if (findings->count + 1 >= findings->room) {
        size_t room = findings->room == 0 ? 64 : 2 * findings->room;
        oc_finding *grown = realloc(findings->at, room * sizeof *grown);
        if (grown == NULL) {
            findings->bad = true;
            return &findings->nowhere;
        }
        findings->at = grown;
        findings->room = room;
    }
    oc_finding *finding = &findings->at[findings->count++];
    *finding = (oc_finding){.id = keep(findings, id),
                            .title_en = keep(findings, title_en),
                            .title_zh = keep(findings, title_zh),
                            .requirement = requirement,
                            .item = item,
                            .verdict = OC_VERDICT_PASS,
                            .first_difference = -1};
    return finding;
}

void oc_finding_fails(oc_findings *findings, oc_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    finding->reason = formatted(findings, format, arguments);
    va_end(arguments);
    bool attested = oc_catalogue_confidence(findings->catalogue, finding->requirement) == 'A';
    finding->verdict = oc_verdict_worse(finding->verdict, attested ? OC_VERDICT_FAIL : OC_VERDICT_DEVIATION);
}

void oc_finding_evidence(oc_findings *findings, oc_finding *finding, const char *what, const char *expected,
                         const char *received, long first_difference)
{
    finding->what = keep(findings, what);
    finding->expected = keep(findings, expected);
    finding->received = keep(findings, received);
    finding->first_difference = first_difference;
}

void oc_finding_ends(oc_findings *findings, oc_finding *finding, enum oc_verdict verdict, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    finding->reason = formatted(findings, format, arguments);
    va_end(arguments);
    finding->verdict = verdict;
}
