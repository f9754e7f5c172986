/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_CODES_H
#define OC_TERMINAL_CODES_H

#include <stddef.h>

/* Return codes of driver functions, ssc-terminal sheet 4.9. X(name, code, Chinese text) */
#define OC_TERMINAL_CODES(X)                                                                                          \
    X(OK, 0, "成功")                                                                                                  \
    X(CARD_TYPE, -1, "卡类型不对")                                                                                    \
    X(NO_CARD, -2, "无卡")                                                                                            \
    X(NO_ANSWER, -4, "卡无应答")                                                                                      \
    X(LIBRARY, -5, "动态库加载失败")                                                                                  \
    X(READER, -11, "读写器连接错")                                                                                    \
    X(NOT_CONNECTED, -12, "未建立连接")                                                                               \
    X(NOT_SUPPORTED, -13, "不支持该命令")                                                                             \
    X(PARAMETER, -14, "命令参数错")                                                                                   \
    X(CHECK, -15, "信息校验出错")                                                                                     \
    X(CARD_ID_FORMAT, -20, "卡识别码格式错误")                                                                        \
    X(CARD_NOT_GENUINE, -21, "内部认证失败")                                                                          \
    X(OTHER_CARD, -22, "传入数据与卡内不符")                                                                          \
    X(INPUT, -23, "传入数据不合法")                                                                                   \
    X(PSAM_LEVEL, -24, "PSAM卡密钥级别不够")                                                                          \
    X(PIN_CANCELLED, -31, "用户取消密码输入")                                                                         \
    X(PIN_TIMED_OUT, -32, "密码输入超时")                                                                             \
    X(PIN_LENGTH, -33, "密码长度错误")                                                                                \
    X(PIN_DIFFERS, -34, "两次输入的密码不一致")                                                                       \
    X(INITIAL_PIN, -35, "初始密码不能用于交易")                                                                       \
    X(TO_INITIAL_PIN, -36, "不能改为初始密码")                                                                        \
    X(CHARACTER, -41, "数据含非法字符")                                                                               \
    X(DATA_LENGTH, -42, "数据长度错误")                                                                               \
    X(PIN_WRONG, -51, "密码校验失败")                                                                                 \
    X(PIN_LOCKED, -52, "密码已锁定")                                                                                  \
    X(NO_PSAM, -2201, "无PSAM卡")                                                                                     \
    X(PSAM_ALGORITHM, -2202, "PSAM卡不支持该算法")                                                                    \
    X(PSAM_READ_KEY, -2203, "PSAM卡缺少读取个人基本信息的密钥")                                                       \
    X(HSM_NOT_NEEDED, -2204, "无需加密机认证")

enum oc_terminal_code {
#define OC_CODE_VALUE(name, code, zh) OC_CODE_##name = (code),
    OC_TERMINAL_CODES(OC_CODE_VALUE)
#undef OC_CODE_VALUE
};

/* The Chinese text of a return code, that of a status word included; never empty. UTF-8, static. */
const char *oc_terminal_code_text(int code);

#endif
