/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/submission.h"

#include <stddef.h>

#define KEYS_EN "needs presentations of keys, which cost tries when they are wrong"
#define KEYS_ZH "需出示密钥，错误时消耗尝试次数"
#define CHANGE_EN "needs lasting changes of the card"
#define CHANGE_ZH "需对卡作持久更改"

static const oc_submission_item items[OC_SUBMISSION_ITEMS] = {
    {1, "PIN format", "PIN格式", {NULL}, NULL, NULL},
    {2, "Answer to reset, historical bytes", "复位应答及历史字节", {"CARD.RESET."}, NULL, NULL},
    {3, "Response to SELECT", "SELECT的响应数据", {"CARD.SELECT."}, NULL, NULL},
    {4,
     "Diversification factors",
     "一、二级分散因子",
     {"CARD.INTAUTH.FACTORS", "CARD.NUMBER.CARD-ID-CHECK"},
     NULL,
     NULL},
    {5, "City code in the card id code", "卡识别码中的城市代码", {NULL}, NULL, NULL},
    {6, "Specification version", "规范版本", {NULL}, NULL, NULL},
    {7, "Initialising institution", "初始化机构编号", {NULL}, NULL, NULL},
    {8, "Required DFs", "必备DF", {NULL}, NULL, NULL},
    {9, "Required EFs", "必备EF", {NULL}, NULL, NULL},
    {10, "Linear records are TLV", "线性记录为TLV", {"CARD.RECORD."}, NULL, NULL},
    {11, "B-TLV form", "B-TLV格式", {NULL}, NULL, NULL},
    {12, "Cyclic records", "循环记录格式", {NULL}, NULL, NULL},
    {13, "Tags and lengths of the records", "记录的标签和长度", {"CARD.FORM."}, NULL, NULL},
    {14, "No further record in the SSSE", "SSSE的EF没有多余记录", {"CARD.READ.SSSE-EF05-EXTRA"}, NULL, NULL},
    {15, "DF02/EF07 and tag 3A", "DF02/EF07与标签3A", {NULL}, NULL, NULL},
    {16, "Tag 60 in one place", "标签60只在一处", {NULL}, NULL, NULL},
    {17, "No update without the update key", "无更新密钥不能更新", {NULL}, NULL, NULL},
    {18, "No update by another update key", "其他更新密钥不能更新", {NULL}, KEYS_EN, KEYS_ZH},
    {19,
     "No read without the PIN",
     "无PIN不能读",
     {NULL},
     "what the update key alone permits is left out",
     "未检查仅有更新密钥时的权限"},
    {20, "Read key and update key apart", "读密钥与更新密钥互不替代", {NULL}, KEYS_EN, KEYS_ZH},
    {21, "PIN or key", "PIN或密钥", {NULL}, KEYS_EN, KEYS_ZH},
    {22, "PIN and key", "PIN和密钥", {NULL}, KEYS_EN, KEYS_ZH},
    {23, "Nationwide keys", "全国通用密钥", {NULL}, KEYS_EN, KEYS_ZH},
    {24,
     "Key versions",
     "多版本密钥",
     {"CARD.INTAUTH.VERSION"},
     "other keys than IRK and UK of the SSSE are left out",
     "未检查SSSE的IRK、UK以外的密钥"},
    {25, "Detail file of offline cards", "脱机卡交易明细文件", {NULL}, CHANGE_EN, CHANGE_ZH},
    {26, "Internal authentication", "内部认证", {"CARD.INTAUTH."}, NULL, NULL},
    {27, "Purchase with amount 0", "个人账户金额为0的消费", {NULL}, CHANGE_EN, CHANGE_ZH},
};

const oc_submission_item *oc_submission_item_at(unsigned at)
{
    return &items[at];
}

/* Values of records are compared by acceptance itself, and the ATR with the order: what is about those stays out. */
const char *oc_submission_filter(void)
{
    return "^CARD\\.(RESET\\.(ATR|T0-ONLY|REPEATED|WARM|SELECTION)|SELECT\\.|FORM\\.SSSE|READ\\.SSSE-(EF05-EXTRA|FREE)"
           "|"
           "RECORD\\.(NUMBER-CURRENT|TAG-CURRENT|SAME|ALL|P2)|INTAUTH\\.|"
           "NUMBER\\.CARD-ID-CHECK)";
}
