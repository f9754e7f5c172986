/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_SW_H
#define OC_BASE_SW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A status word SW1 SW2. Data, not an error of the harness: it never mixes with oc_result. */
typedef struct oc_sw {
    uint16_t value;
} oc_sw;

/* X(name, value, English, Chinese)
 * Source: ISO/IEC 7816-4 and ssc-card sheet 7.1; 93xx and 94xx from PBOC practice. */
#define OC_STATUS_WORDS(X)                                                                                            \
    X(OK, 0x9000, "success", "成功")                                                                                  \
    X(MEMORY_FAILURE, 0x6581, "memory failure", "存储器故障")                                                         \
    X(WRONG_LENGTH, 0x6700, "wrong length", "长度错误")                                                               \
    X(NOT_ACCEPTED, 0x6901, "command not accepted in this state", "当前状态不接受此命令")                             \
    X(FILE_STRUCTURE, 0x6981, "command does not fit the file structure", "命令与文件结构不相容")                      \
    X(SECURITY_STATUS, 0x6982, "security status not satisfied", "安全状态不满足")                                     \
    X(BLOCKED, 0x6983, "PIN or key blocked", "认证方法锁定")                                                          \
    X(NO_CHALLENGE, 0x6984, "referenced data invalid, no challenge", "引用数据无效（未取随机数）")                    \
    X(CONDITIONS, 0x6985, "conditions of use not satisfied", "使用条件不满足")                                        \
    X(NO_CURRENT_EF, 0x6986, "no current elementary file", "没有当前基本文件")                                        \
    X(SM_DATA, 0x6988, "secure messaging data incorrect", "安全报文数据项不正确")                                     \
    X(WRONG_DATA, 0x6A80, "incorrect data", "数据域参数不正确")                                                       \
    X(NOT_SUPPORTED, 0x6A81, "function not supported", "功能不支持")                                                  \
    X(FILE_NOT_FOUND, 0x6A82, "file not found", "未找到文件")                                                         \
    X(RECORD_NOT_FOUND, 0x6A83, "record not found", "未找到记录")                                                     \
    X(NO_SPACE, 0x6A84, "not enough space", "空间不足")                                                               \
    X(WRONG_P1P2, 0x6A86, "incorrect P1 P2", "P1 P2 不正确")                                                          \
    X(KEY_NOT_FOUND, 0x6A88, "referenced data not found", "未找到引用数据")                                           \
    X(WRONG_OFFSET, 0x6B00, "offset outside the file", "偏移量错误")                                                  \
    X(INS, 0x6D00, "instruction not supported", "INS 不支持")                                                         \
    X(CLA, 0x6E00, "class not supported", "CLA 不支持")                                                               \
    X(INTERNAL, 0x6F00, "no precise diagnosis", "未知错误")                                                           \
    X(MAC_INVALID, 0x9302, "MAC invalid", "MAC 无效")                                                                 \
    X(LOCKED, 0x9303, "application permanently locked", "应用永久锁定")                                               \
    X(BALANCE, 0x9401, "balance too small", "余额不足")                                                               \
    X(COUNTER, 0x9402, "transaction counter at its end", "交易计数器达到最大值")                                      \
    X(KEY_INDEX, 0x9403, "key index not supported", "密钥索引不支持")                                                 \
    X(NO_MAC, 0x9406, "required MAC not available", "所需 MAC 不可用")

enum oc_sw_value {
#define OC_SW_ENUM(name, value, en, zh) OC_SW_##name = value,
    OC_STATUS_WORDS(OC_SW_ENUM)
#undef OC_SW_ENUM
};

static inline oc_sw oc_sw_of(unsigned value)
{
    return (oc_sw){(uint16_t)value};
}
/* 63Cx: `tries` left, 0 to 15. */
static inline oc_sw oc_sw_tries(unsigned tries)
{
    return oc_sw_of(0x63C0u | (tries & 0x0Fu));
}
static inline bool oc_sw_ok(oc_sw sw)
{
    return sw.value == OC_SW_OK;
}

/* The meaning in the language "en" or "zh"; 61xx, 6Cxx and 63Cx by their family. Static text, "" if unknown. */
const char *oc_sw_meaning(oc_sw sw, const char *lang);

#ifdef __cplusplus
}
#endif
#endif
