/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_CHECK_H
#define OC_HOST_MEDICAL_CHECK_H

#include <jansson.h>

#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A message held against the field tables of its region. X(name, word, Chinese, English) */
#define OC_MED_FLAWS(X)                                                                                               \
    X(MISSING, "missing", "必填字段缺失", "a mandatory field is missing")                                             \
    X(TOO_LONG, "too-long", "字段超长", "the field is too long")                                                      \
    X(LENGTH, "length", "字段长度不符", "the field has the wrong length")                                             \
    X(TYPE, "type", "字段类型或格式不符", "the field has the wrong type or form")                                     \
    X(DICTIONARY, "dictionary", "字典值不存在", "the value is not in the dictionary")                                 \
    X(SIGNATURE, "signature", "签名或摘要不符", "the signature does not fit")                                         \
    X(UNKNOWN, "unknown", "未定义字段", "the field is not defined")                                                   \
    X(RULE, "rule", "业务规则不符", "a rule between fields is broken")

enum oc_med_flaw {
#define OC_MED_FLAW_ENUM(name, word, zh, en) OC_MED_FLAW_##name,
    OC_MED_FLAWS(OC_MED_FLAW_ENUM)
#undef OC_MED_FLAW_ENUM
};

const char *oc_med_flaw_word(enum oc_med_flaw flaw);
const char *oc_med_flaw_zh(enum oc_med_flaw flaw);
const char *oc_med_flaw_en(enum oc_med_flaw flaw);

typedef struct oc_med_finding {
    enum oc_med_flaw flaw;
    char source;        /* of the field: 'B', 'C', 'P' */
    char path[96];      /* "data.psn_no", "feedetail[2].cnt", "infver" */
    char expected[160]; /* English, no personal data */
    char received[64];  /* a short value, or its length where it could be somebody's */
} oc_med_finding;

#define OC_MED_FINDINGS_MAX 32

typedef struct oc_med_findings {
    oc_med_finding at[OC_MED_FINDINGS_MAX];
    size_t count; /* kept; those beyond the room are lost, the first ones matter */
} oc_med_findings;

/* Appends a finding; `format` makes `expected`. `received` may be NULL. */
void oc_med_find(oc_med_findings *findings, enum oc_med_flaw flaw, char source, const char *path, const char *received,
                 const char *format, ...) OC_PRINTF(6, 7);

/* The first that is no mere unknown field, or NULL: a message with unknown fields is taken, with a warning (sheet 2). */
const oc_med_finding *oc_med_first_fault(const oc_med_findings *findings);

/* The envelope of a request or an answer; `input` says whether the input (output) node is looked into for the fields
 * that an envelope's field depends on. */
void oc_med_check_envelope(const oc_region *region, bool request, const json_t *message, oc_med_findings *findings);

/* The nodes in "input" (or "output") of a message. */
void oc_med_check_content(const oc_med_message *form, bool request, const json_t *content, oc_med_findings *findings);

#ifdef __cplusplus
}
#endif
#endif
