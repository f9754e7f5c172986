/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "conformance/dut/terminal_kinds.h"
#include "tests/support/oc_test.h"

#define ANSWER_MS 30000
#define SILENCE_MS 100
#define QUIET_MS 1

/* An operator who has typed everything beforehand. */
struct desk {
    oc_terminal_dut *dut;
    int typing;
    int screen;
};

/* Cards that are used once, between the first look and the second. */
static void look(void *context, oc_card_sight *out)
{
    unsigned *looks = context;
    uint64_t used = (*looks)++ > 0 ? 1 : 0;
    *out = (oc_card_sight){.count = used, .powered = used, .last_ns = used};
}

static struct desk sit_down_with(const char *typed, bool stays, unsigned *watched)
{
    struct desk desk;
    int in[2];
    int out[2];
    CU_ASSERT_EQUAL_FATAL(pipe(in), 0);
    CU_ASSERT_EQUAL_FATAL(pipe(out), 0);
    CU_ASSERT_EQUAL(write(in[1], typed, strlen(typed)), (ssize_t)strlen(typed));
    desk.typing = in[1];
    desk.screen = out[0];
    if (!stays) {
        close(in[1]);
        desk.typing = -1;
    }
    static const char *const environment[] = {"ONECARD_CARDS=unix:/some/where", NULL};
    const oc_desk his = {.in = in[0],
                         .out = out[1],
                         .owns = true,
                         .wait_ms = stays ? SILENCE_MS : ANSWER_MS,
                         .quiet_ms = QUIET_MS,
                         .watch = {watched, watched == NULL ? NULL : look}};
    OC_ASSERT_OK(oc_terminal_manual_new(&desk.dut, &his, environment));
    return desk;
}

static struct desk sit_down(const char *typed, bool stays)
{
    return sit_down_with(typed, stays, NULL);
}

static void get_up(struct desk *desk, const char *const *seen)
{
    char screen[8192] = {0};
    oc_terminal_dut_free(&desk->dut);
    size_t len = 0;
    ssize_t got;
    while ((got = read(desk->screen, screen + len, sizeof screen - 1 - len)) > 0) {
        len += (size_t)got;
    }
    for (; *seen != NULL; seen++) {
        if (strstr(screen, *seen) == NULL) {
            printf("\n    \"%s\" is not on the screen\n%s\n", *seen, screen);
            CU_FAIL("screen");
        }
    }
    close(desk->screen);
    if (desk->typing >= 0) {
        close(desk->typing);
    }
}

static oc_breach call(struct desk *desk, const char *function, const char *const *pairs, oc_fields *answer)
{
    oc_fields args = {0};
    oc_breach breach;
    for (; pairs[0] != NULL; pairs += 2) {
        OC_ASSERT_OK(oc_fields_set_text(&args, pairs[0], pairs[1]));
    }
    OC_ASSERT_OK(oc_terminal_dut_call(desk->dut, function, &args, answer, &breach, NULL));
    oc_fields_free(&args);
    return breach;
}

static void expect(const oc_fields *answer, const char *name, const char *text)
{
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(answer, name), oc_span_text(text)));
}

static void an_operator_is_told_and_tells(void)
{
    static const char *const arguments[] = {"type", "1", "pin", "123456", NULL};
    static const char *const cards[] = {"zh", "插入卡片", "en", "Insert the card", NULL};
    static const char *const seen[] = {"ONECARD_CARDS=unix:/some/where\n",
                                       "1. 请在终端上执行：校验 PIN（iVerifyPIN）",
                                       "Do on the terminal: verify the PIN (iVerifyPIN)",
                                       "type = 1",
                                       "输入 PIN / type the PIN = 123456",
                                       "返回码",
                                       "2. 插入卡片\n   Insert the card\n",
                                       "3. 请在终端上执行：读基本信息（iReadCardBas_HSM_Step1）",
                                       NULL};
    oc_fields answer = {0};
    struct desk desk = sit_down("-51\n密码错|2|\n\nnot a number\n\n330100|\n", false);
    oc_breach breach = call(&desk, "iVerifyPIN", arguments, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    expect(&answer, "code", "-51");
    expect(&answer, "text", "密码错|2|");
    expect(&answer, "2", "2");
    breach = call(&desk, "prompt", cards, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    breach = call(&desk, "iReadCardBas_HSM_Step1", arguments, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    expect(&answer, "code", "0");
    expect(&answer, "1", "330100");
    get_up(&desk, seen);
    oc_fields_free(&answer);
}

static void an_operator_may_not_be_able_to(void)
{
    static const char *const none[] = {NULL};
    static const char *const seen[] = {NULL};
    oc_fields answer = {0};
    struct desk desk = sit_down("s no such key\ns\n", false);
    oc_breach breach = call(&desk, "iDoDebit", none, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_OPERATOR);
    CU_ASSERT_STRING_EQUAL(breach.text, "the operator could not do it: no such key");
    breach = call(&desk, "prompt", none, &answer);
    CU_ASSERT_STRING_EQUAL(breach.text, "the operator could not do it");
    CU_ASSERT_PTR_NULL(oc_terminal_dut_unusable(desk.dut));
    breach = call(&desk, "iDoDebit", none, &answer);
    CU_ASSERT_STRING_EQUAL(breach.text, "the operator has left");
    CU_ASSERT_PTR_NOT_NULL(oc_terminal_dut_unusable(desk.dut));
    get_up(&desk, seen);
    oc_fields_free(&answer);
}

static void an_operator_may_sleep(void)
{
    static const char *const none[] = {NULL};
    static const char *const seen[] = {"too late: skipped", "准备好后输入 ok", "Type ok when you are there", NULL};
    oc_fields answer = {0};
    struct desk desk = sit_down("", true);
    oc_breach breach = call(&desk, "iDoDebit", none, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_OPERATOR);
    CU_ASSERT_PTR_NOT_NULL(strstr(breach.text, "did nothing for"));
    CU_ASSERT_PTR_NULL(oc_terminal_dut_unusable(desk.dut));
    /* What he types late is not for the next call; he may be back for that. */
    static const char typed[] = "-51\n\n0\nok\n7\n\n";
    CU_ASSERT_EQUAL(write(desk.typing, typed, sizeof typed - 1), (ssize_t)sizeof typed - 1);
    breach = call(&desk, "iDoDebit", none, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    expect(&answer, "code", "7");
    /* After some time he has left. */
    for (int i = 0; i < OC_OPERATOR_SILENT_MAX; i++) {
        CU_ASSERT_PTR_NULL(oc_terminal_dut_unusable(desk.dut));
        breach = call(&desk, "iDoDebit", none, &answer);
        CU_ASSERT_EQUAL(breach.kind, OC_BREACH_OPERATOR);
    }
    CU_ASSERT_PTR_NOT_NULL(oc_terminal_dut_unusable(desk.dut));
    get_up(&desk, seen);
    oc_fields_free(&answer);
}

static void an_operator_may_type_anything(void)
{
    static const char *const none[] = {NULL};
    static const char *const seen[] = {NULL};
    oc_fields answer = {0};
    /* No number, one that is too large, a text that is no UTF-8; then what is asked for. */
    struct desk desk = sit_down("0x\n99999999999999999999\n 1 2\n-4\n\xFF\xFE\n超时|\n", false);
    oc_breach breach = call(&desk, "iVerifyPIN", none, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    expect(&answer, "code", "-4");
    expect(&answer, "text", "超时|");
    get_up(&desk, seen);
    char flood[3 * OC_OPERATOR_WRONG_MAX] = "";
    for (int i = 0; i < OC_OPERATOR_WRONG_MAX; i++) {
        strcat(flood, "y\n");
    }
    desk = sit_down(flood, false);
    breach = call(&desk, "iVerifyPIN", none, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_OPERATOR);
    CU_ASSERT_PTR_NOT_NULL(strstr(breach.text, "no answer"));
    get_up(&desk, seen);
    oc_fields_free(&answer);
}

static void the_cards_tell_too(void)
{
    static const char *const none[] = {NULL};
    static const char *const cards[] = {"zh", "插卡", "en", "Insert the card", "until", "powered", NULL};
    static const char *const powered[] = {"卡片上电即继续", "goes on when the card is powered", NULL};
    static const char *const used[] = {"卡片已不再使用", "The cards are no longer used", NULL};
    oc_fields answer = {0};
    unsigned looks = 0;
    struct desk desk = sit_down_with("", true, &looks);
    oc_breach breach = call(&desk, "prompt", cards, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE); /* although he types nothing */
    get_up(&desk, powered);
    looks = 0;
    desk = sit_down_with("", true, &looks);
    breach = call(&desk, "iReadCardBas", none, &answer);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_OPERATOR); /* only he knows the code */
    get_up(&desk, used);
    oc_fields_free(&answer);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"told", an_operator_is_told_and_tells}, {"unable", an_operator_may_not_be_able_to},
        {"sleep", an_operator_may_sleep},        {"anything", an_operator_may_type_anything},
        {"cards", the_cards_tell_too},           {NULL, NULL}};
    return oc_test_main("dut_terminal_manual", rows);
}
