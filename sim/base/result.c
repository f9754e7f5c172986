/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/result.h"

#include <stddef.h>

struct code_text {
    const char *name;
    const char *category;
    const char *sentence;
};

static const struct code_text texts[] = {
#define OC_CODE_TEXT(name, category, sentence) {#name, category, sentence},
    OC_CODES(OC_CODE_TEXT)
#undef OC_CODE_TEXT
};

static const struct code_text *text_of(enum oc_code code)
{
    size_t at = (size_t)code;
    return at < sizeof texts / sizeof texts[0] ? &texts[at] : &texts[OC_E_INTERNAL];
}

const char *oc_code_name(enum oc_code code)
{
    return text_of(code)->name;
}

const char *oc_code_category(enum oc_code code)
{
    return text_of(code)->category;
}

const char *oc_code_sentence(enum oc_code code)
{
    return text_of(code)->sentence;
}
