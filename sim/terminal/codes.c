/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/codes.h"

#include "sim/base/sw.h"

static const struct {
    int code;
    const char *zh;
} texts[] = {
#define OC_CODE_TEXT(name, code, zh) {(code), (zh)},
    OC_TERMINAL_CODES(OC_CODE_TEXT)
#undef OC_CODE_TEXT
};

const char *oc_terminal_code_text(int code)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].code == code) {
            return texts[i].zh;
        }
    }
    const char *meaning = code < 0 && code >= -0xFFFF ? oc_sw_meaning(oc_sw_of((unsigned)-code), "zh") : "";
    return meaning[0] != '\0' ? meaning : "未知错误";
}
