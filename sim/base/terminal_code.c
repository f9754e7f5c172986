/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/terminal_code.h"

#include <string.h>

#include "sim/base/sw.h"

static const struct {
    int code;
    const char *en;
    const char *zh;
} texts[] = {
#define OC_CODE_TEXT(name, code, en, zh) {(code), (en), (zh)},
    OC_TERMINAL_CODES(OC_CODE_TEXT)
#undef OC_CODE_TEXT
};

const char *oc_terminal_code_meaning(int code, const char *lang)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].code == code) {
            return strcmp(lang, "zh") == 0 ? texts[i].zh : texts[i].en;
        }
    }
    return code < 0 && code >= -0xFFFF ? oc_sw_meaning(oc_sw_of((unsigned)-code), lang) : "";
}

const char *oc_terminal_code_text(int code)
{
    const char *meaning = oc_terminal_code_meaning(code, "zh");
    return meaning[0] != '\0' ? meaning : "未知错误";
}
