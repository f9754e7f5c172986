/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_RULES_H
#define OC_CONFORMANCE_JUDGE_RULES_H

#include "conformance/dialect/suite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rules for whole sessions, whoever recorded them: <rules> files (vectors/README.md, "Rules"). */

typedef struct oc_session_rule {
    const char *id;
    const char *title_en;
    const char *title_zh;
    const char *requirement;
    const oc_observation *observation;
    /* A rule that proves a cryptogram: in each exchange that a pattern of the set fits, `value` has to equal `equals`
     * once the lets are computed. 0: no such rule. */
    uint64_t proves;
    const oc_step *lets;
    size_t let_count;
    oc_value value;
    oc_value equals;
    const char *file;
    long line;
} oc_session_rule;

typedef struct oc_rules oc_rules;

/* Adds the rules of a file. `schema_path` may be NULL: for the fuzzer. Errors name file, line and reason: FORMAT, LIMIT
 * past 512 rules, ids that stand twice. */
OC_MUST_USE oc_result oc_rules_new(oc_rules **out);
OC_MUST_USE oc_result oc_rules_add(oc_rules *rules, const char *path, const char *schema_path, oc_diag *diag);
void oc_rules_free(oc_rules **rules);

size_t oc_rules_count(const oc_rules *rules);
const oc_session_rule *oc_rules_at(const oc_rules *rules, size_t at);

#ifdef __cplusplus
}
#endif
#endif
