/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/verify.h"

static const struct {
    const char *name;
    const char *en;
    const char *zh;
} checks[OC_CHECK_COUNT] = {
    [OC_CHECK_FILES] = {"files", "plain files only, all within the folder", "仅含普通文件，均在文件夹内"},
    [OC_CHECK_MANIFEST] = {"manifest", "the manifest is in form", "清单格式正确"},
    [OC_CHECK_DIGESTS] = {"digests", "every file is the one listed, nothing is missing or added",
                          "文件与清单一致，不缺不多"},
    [OC_CHECK_SIGNATURE] = {"signature", "signatures over the manifest", "对清单的签名"},
    [OC_CHECK_TIME_STAMP] = {"time-stamp", "time stamp over the signatures", "对签名的时间戳"},
    [OC_CHECK_RECORD] = {"record", "the record and the chain of every case", "结果记录及每个用例的链"},
    [OC_CHECK_PLAN] = {"plan", "everything that was planned is there", "计划内的用例齐全"},
    [OC_CHECK_DOCUMENTS] = {"documents", "declaration and laboratory data are those of the run",
                            "声明与实验室资料即测试所用"},
    [OC_CHECK_DERIVED] = {"derived", "reports and traces are what the record makes", "报告与踪迹可由记录原样重现"},
};

static const struct {
    const char *en;
    const char *zh;
} states[] = {
    [OC_CHECK_NOT_MADE] = {"not checked", "未检查"},
    [OC_CHECK_GOOD] = {"good", "符合"},
    [OC_CHECK_BAD] = {"BAD", "不符合"},
    [OC_CHECK_WAIVED] = {"left out", "未要求"},
};

const char *oc_check_name(enum oc_check check)
{
    return checks[check].name;
}

const char *oc_check_words(enum oc_check check, const char *lang)
{
    return strcmp(lang, "zh") == 0 ? checks[check].zh : checks[check].en;
}

const char *oc_check_state_words(enum oc_check_state state, const char *lang)
{
    return strcmp(lang, "zh") == 0 ? states[state].zh : states[state].en;
}
