/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_TERMINAL_CODE_H
#define OC_BASE_TERMINAL_CODE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Return codes of driver functions, ssc-terminal sheet 4.9. X(name, code, English, Chinese) */
#define OC_TERMINAL_CODES(X)                                                                                          \
    X(OK, 0, "success", "成功")                                                                                       \
    X(CARD_TYPE, -1, "wrong kind of card", "卡类型不对")                                                              \
    X(NO_CARD, -2, "no card", "无卡")                                                                                 \
    X(NO_ANSWER, -4, "the card does not answer", "卡无应答")                                                          \
    X(LIBRARY, -5, "a library cannot be loaded", "动态库加载失败")                                                    \
    X(READER, -11, "no connection to the reader", "读写器连接错")                                                     \
    X(NOT_CONNECTED, -12, "not connected", "未建立连接")                                                              \
    X(NOT_SUPPORTED, -13, "command not supported", "不支持该命令")                                                    \
    X(PARAMETER, -14, "wrong parameter", "命令参数错")                                                                \
    X(CHECK, -15, "a check of the data failed", "信息校验出错")                                                       \
    X(CARD_ID_FORMAT, -20, "wrong form of the card id code", "卡识别码格式错误")                                      \
    X(CARD_NOT_GENUINE, -21, "internal authentication failed", "内部认证失败")                                        \
    X(OTHER_CARD, -22, "data handed in are not those of the card", "传入数据与卡内不符")                              \
    X(INPUT, -23, "data handed in are not allowed", "传入数据不合法")                                                 \
    X(PSAM_LEVEL, -24, "the level of the PSAM keys is too low", "PSAM卡密钥级别不够")                                 \
    X(PIN_CANCELLED, -31, "the user cancelled the PIN entry", "用户取消密码输入")                                     \
    X(PIN_TIMED_OUT, -32, "PIN entry timed out", "密码输入超时")                                                      \
    X(PIN_LENGTH, -33, "wrong length of the PIN", "密码长度错误")                                                     \
    X(PIN_DIFFERS, -34, "the two PINs entered differ", "两次输入的密码不一致")                                        \
    X(INITIAL_PIN, -35, "the initial PIN may not be used", "初始密码不能用于交易")                                    \
    X(TO_INITIAL_PIN, -36, "a PIN may not be changed to the initial one", "不能改为初始密码")                         \
    X(CHARACTER, -41, "a character that is not allowed", "数据含非法字符")                                            \
    X(DATA_LENGTH, -42, "wrong length of data", "数据长度错误")                                                       \
    X(PIN_WRONG, -51, "wrong PIN", "密码校验失败")                                                                    \
    X(PIN_LOCKED, -52, "PIN blocked", "密码已锁定")                                                                   \
    X(NO_PSAM, -2201, "no PSAM", "无PSAM卡")                                                                          \
    X(PSAM_ALGORITHM, -2202, "the PSAM does not know this algorithm", "PSAM卡不支持该算法")                           \
    X(PSAM_READ_KEY, -2203, "the PSAM has no key for reading personal data", "PSAM卡缺少读取个人基本信息的密钥")      \
    X(HSM_NOT_NEEDED, -2204, "no authentication by the HSM is needed", "无需加密机认证")

enum oc_terminal_code {
#define OC_CODE_VALUE(name, code, en, zh) OC_CODE_##name = (code),
    OC_TERMINAL_CODES(OC_CODE_VALUE)
#undef OC_CODE_VALUE
};

/* What a return code means, that of a status word included; `lang` "zh" or "en". "" when nobody knows. UTF-8, static. */
const char *oc_terminal_code_meaning(int code, const char *lang);
/* The Chinese text that a driver hands out for it; never empty. */
const char *oc_terminal_code_text(int code);

#ifdef __cplusplus
}
#endif
#endif
