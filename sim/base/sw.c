/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/sw.h"

struct meaning {
    unsigned mask;
    unsigned value;
    const char *en;
    const char *zh;
};

static const struct meaning meanings[] = {
#define OC_SW_MEANING(name, value, en, zh) {0xFFFF, value, en, zh},
    OC_STATUS_WORDS(OC_SW_MEANING)
#undef OC_SW_MEANING
        {0xFF00, 0x6100, "data waiting", "有数据待取"},
    {0xFF00, 0x6C00, "wrong Le, exact length follows", "Le 错误，给出正确长度"},
    {0xFFF0, 0x63C0, "failed, tries left", "认证失败，剩余次数"},
};

const char *oc_sw_meaning(oc_sw sw, const char *lang)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if ((sw.value & meanings[i].mask) == meanings[i].value) {
            return lang[0] == 'z' ? meanings[i].zh : meanings[i].en;
        }
    }
    return "";
}
