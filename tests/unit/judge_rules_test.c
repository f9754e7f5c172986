/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that are shipped: each holds in a good session, is broken by a bad one, and has nothing to say of one that
 * is about something else. */
#include "conformance/judge/rules.h"

#include <stdio.h>

#include "tests/unit/judge_kit.h"

#define SELECT "00A4040003414243 > 9000\n"
#define GENUINE "00880000100102030405060708 1112131415161718 > C1C2C3C4C5C6C7C8 9000\n"
#define ASK "0084000008 > 0102030405060708 9000\n"
#define PROVE "0082000410 A1A2A3A4A5A6A7A8 B1B2B3B4B5B6B7B8 > 9000\n"
#define REFUSED "0082000410 A1A2A3A4A5A6A7A8 B1B2B3B4B5B6B7B8 > 63C2\n"
#define PIN "0020000003123456 > 9000\n"
#define WRONG "0020000003654321 > 63C4\n"
#define WRITE "00DC0A30030A0132 > 9000\n"
#define INIT                                                                                                          \
    "B0280101 13 01 00000001 00000002 00000003 A1A2A3A4A5A6 16 > 0000000000000000000000000000 0007 01 00 D1D2D3D4 "   \
    "9000\n"
#define SAM                                                                                                           \
    "p:80700100 2C D1D2D3D4 0007 00000001 00000002 00000003 32 20260302091500 01 00 0102030405060708 "                \
    "1112131415161718 > 00000009 E1E2E3E4 9000\n"
#define DEBIT "B02C0100 0F 00000009 20260302091500 E1E2E3E4 > F1F2F3F4 F5F6F7F8 9000\n"
#define GENUINE_2 "0088000111 0102030405060708 1112131415161718 02 > C1C2C3C4C5C6C7C8 9000\n"
#define PROVE_3 "0082000411 A1A2A3A4A5A6A7A8 B1B2B3B4B5B6B7B8 03 > 9000\n"
#define INIT_2                                                                                                        \
    "B0280101 13 02 00000001 00000002 00000003 A1A2A3A4A5A6 16 > 0000000000000000000000000000 0007 02 00 D1D2D3D4 "   \
    "9000\n"
#define ON "reset > 3B00\n"

static const struct row {
    const char *rule, *good, *bad;
} rows[] = {
    {"SESSION.T0.GET-RESPONSE", "00A40000023F00 > 6102\n00C0000002 > 6F00 9000\n", ON SELECT "00C0000002 > 6985\n"},
    {"SESSION.T0.WRONG-LE", "00B2010400 > 6C03\n00B2010403 > 010203 9000\n", "00B2010400 > 6C03\n00B2010404 > 6C03\n"},
    {"SESSION.T0.SILENCE", "0084000008 >\nreset > 3B00\n0084000008 > 6D00\n", "0084000008 >\n0084000008 > 6D00\n"},
    {"SESSION.ORDER.SELECT", ON SELECT PIN, ON SELECT ON PIN},
    {"SESSION.AUTH.CHALLENGE", ASK PROVE, ASK REFUSED PROVE},
    {"SESSION.AUTH.FRESH", GENUINE, GENUINE GENUINE},
    {"SESSION.AUTH.CARD-FRESH", ASK, ASK ON ASK},
    {"SESSION.AUTH.GENUINE", GENUINE WRITE, WRITE},
    {"SESSION.AUTH.NOT-GENUINE", GENUINE PIN, "0088000010 0102030405060708 1112131415161718 > 6988\n" PIN},
    {"SESSION.AUTH.FAILED", REFUSED PROVE WRITE, REFUSED WRITE},
    {"SESSION.WRITE.RIGHT", PROVE WRITE, PROVE ON WRITE},
    {"SESSION.PIN.PLACE", PIN WRITE, PIN "00DC0A30050A03123456 > 9000\n"},
    {"SESSION.PIN.FAILED", WRONG PIN INIT, WRONG INIT},
    {"SESSION.PIN.REPEAT", WRONG PIN, WRONG WRONG},
    {"SESSION.PIN.LAST-TRY", WRONG PIN "0020000003654321 > 63C1\n", "0020000003654321 > 63C1\n" PIN},
    {"SESSION.PIN.BLOCKED", "0020000003654321 > 6983\n", "0020000003654321 > 6983\n" WRONG},
    {"SESSION.DEBIT.ORDER", INIT SAM DEBIT, ON DEBIT},
    {"SESSION.DEBIT.PIN", PIN INIT SAM DEBIT, PIN ON INIT SAM DEBIT},
    {"SESSION.DEBIT.REPEAT", INIT SAM DEBIT, INIT SAM DEBIT DEBIT},
    {"SESSION.DEBIT.REPEAT",
     INIT "B02C0100 0F 00000009 20260302091500 E1E2E3E4 >\n" ON "B026000104 > 00000000 9000\n" INIT,
     INIT "B02C0100 0F 00000009 20260302091500 E1E2E3E4 >\n" ON INIT},
    {"SESSION.DEBIT.AMOUNTS", INIT SAM,
     INIT "p:80700100 2C D1D2D3D4 0007 00000002 00000001 00000003 32 20260302091500 01 00 0102030405060708 "
          "1112131415161718 > 9000\n"},
    {"SESSION.DEBIT.MAC1", INIT SAM DEBIT, INIT SAM "B02C0100 0F 00000009 20260302091500 E1E2E3E5 > 9302\n"},
    {"SESSION.DEBIT.MAC2", DEBIT "p:8072000004 F5F6F7F8 > 9000\n", DEBIT "p:8072000004 F1F2F3F4 > 9000\n"},
    {"SESSION.LOAD.ORDER", "B02800010B 01 00000001 A1A2A3A4A5A6 > 00 9000\nB02A00000B 0102030405060708090A0B > 9000\n",
     INIT "B02A00000B 0102030405060708090A0B > 9000\n"},
};

static oc_rules *rules;

static const oc_session_rule *rule_named(const char *id)
{
    for (size_t i = 0; i < oc_rules_count(rules); i++) {
        if (strcmp(oc_rules_at(rules, i)->id, id) == 0) {
            return oc_rules_at(rules, i);
        }
    }
    return NULL;
}

static oc_observed judge(const oc_session_rule *rule, const char *exchanges)
{
    oc_kit_session kit = oc_kit_exchanges(exchanges);
    oc_session session;
    oc_observed observed = {0};
    oc_scope scope = oc_kit_scope();
    OC_ASSERT_OK(oc_session_build(&session, kit.raw, kit.count, rule->observation->raw));
    OC_ASSERT_OK(oc_observe(rule->observation, &session, &scope, NULL, NULL, &observed, NULL));
    oc_session_free(&session);
    oc_kit_exchanges_free(&kit);
    return observed;
}

static void each_rule_can_be_broken(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const oc_session_rule *rule = rule_named(rows[i].rule);
        CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
        oc_observed good = judge(rule, rows[i].good);
        oc_observed bad = judge(rule, rows[i].bad);
        if (good.holding != OC_HOLDS || !good.met || bad.holding != OC_BROKEN) {
            printf("\n    %s: good %d, met %d, bad %d", rows[i].rule, (int)good.holding, (int)good.met,
                   (int)bad.holding);
            CU_FAIL("rule");
        }
        CU_ASSERT_EQUAL(judge(rule, "").holding, OC_HOLDS);
        CU_ASSERT_FALSE(judge(rule, ON "80CA000000 > 6D00\n").met && rule->observation->raw == false);
    }
}

static void each_rule_is_tried(void)
{
    for (size_t i = 0; i < oc_rules_count(rules); i++) {
        const oc_session_rule *rule = oc_rules_at(rules, i);
        bool tried = rule->proves != 0;
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            tried = tried || strcmp(rows[k].rule, rule->id) == 0;
        }
        CU_ASSERT(tried && rule->title_en[0] != '\0' && rule->title_zh[0] != '\0');
    }
}

/* A purchase as it goes breaks no rule. */
static void a_good_session_breaks_nothing(void)
{
    static const char session[] = ON SELECT GENUINE ASK PROVE WRITE PIN INIT SAM DEBIT
        "p:8072000004 F5F6F7F8 > 9000\n";
    for (size_t i = 0; i < oc_rules_count(rules); i++) {
        CU_ASSERT_EQUAL(judge(oc_rules_at(rules, i), session).holding, OC_HOLDS);
    }
}

struct visits {
    size_t count;
    const char *name, *expected;
};

static oc_result note_visit(void *context, size_t at, const oc_scope *scope)
{
    struct visits *visits = context;
    oc_buf value = {0};
    (void)at;
    visits->count++;
    OC_ASSERT_OK(scope->capture(scope->self, visits->name, &value));
    OC_ASSERT_BYTES(oc_buf_span(&value), visits->expected);
    oc_buf_free(&value);
    return oc_ok();
}

/* What a proof computes with: from the exchange in question and from those before it. */
static void proofs_see_their_values(void)
{
    static const char as_it_goes[] = GENUINE ASK PROVE INIT SAM DEBIT;
    static const struct {
        const char *rule, *exchanges, *name, *expected;
    } proofs[] = {{"SESSION.PROOF.INTERNAL-AUTH", as_it_goes, "challenge", "0102030405060708"},
                  {"SESSION.PROOF.EXTERNAL-AUTH", as_it_goes, "challenge", "0102030405060708"},
                  {"SESSION.PROOF.MAC1", as_it_goes, "rnd", "D1D2D3D4"},
                  {"SESSION.PROOF.TAC", as_it_goes, "tac", "F1F2F3F4"},
                  /* The version of the key: as the command names it, or the card's answer. */
                  {"SESSION.PROOF.INTERNAL-AUTH", as_it_goes, "version", ""},
                  {"SESSION.PROOF.INTERNAL-AUTH", GENUINE_2, "version", "02"},
                  {"SESSION.PROOF.EXTERNAL-AUTH", as_it_goes, "version", ""},
                  {"SESSION.PROOF.EXTERNAL-AUTH", ASK PROVE_3, "version", "03"},
                  {"SESSION.PROOF.MAC1", as_it_goes, "version", "01"},
                  {"SESSION.PROOF.MAC1", INIT_2 DEBIT, "version", "02"}};
    for (size_t i = 0; i < sizeof proofs / sizeof proofs[0]; i++) {
        const oc_session_rule *rule = rule_named(proofs[i].rule);
        CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
        oc_kit_session kit = oc_kit_exchanges(proofs[i].exchanges);
        oc_session session;
        oc_scope scope = oc_kit_scope();
        struct visits visits = {0, proofs[i].name, proofs[i].expected};
        OC_ASSERT_OK(oc_session_build(&session, kit.raw, kit.count, false));
        OC_ASSERT_OK(oc_observe_each(rule->observation, rule->proves, &session, &scope, note_visit, &visits, NULL));
        CU_ASSERT_EQUAL(visits.count, 1);
        oc_session_free(&session);
        oc_kit_exchanges_free(&kit);
    }
}

static void wrong_files_are_refused(void)
{
    oc_rules *other = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_rules_new(&other));
    OC_ASSERT_CODE(oc_rules_add(other, "vectors/terms.xml", NULL, &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "no file of rules"));
    diag = (oc_diag){0};
    OC_ASSERT_OK(oc_rules_add(other, "vectors/rules/session.xml", "vectors/schema/vectors.xsd", &diag));
    OC_ASSERT_CODE(oc_rules_add(other, "vectors/rules/session.xml", NULL, &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "two rules are called"));
    oc_rules_free(&other);
}

int main(void)
{
    static const oc_test_row table[] = {{"each rule can be broken", each_rule_can_be_broken},
                                        {"each rule is tried", each_rule_is_tried},
                                        {"a good session breaks nothing", a_good_session_breaks_nothing},
                                        {"proofs see their values", proofs_see_their_values},
                                        {"wrong files are refused", wrong_files_are_refused},
                                        {NULL, NULL}};
    oc_diag diag = {0};
    if (!oc_is_ok(oc_rules_new(&rules)) || !oc_is_ok(oc_rules_add(rules, "vectors/rules/session.xml", NULL, &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 1;
    }
    int code = oc_test_main("judge: rules", table);
    oc_rules_free(&rules);
    return code;
}
