/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal says about a PSAM that lacks something (ssc-terminal sheet 4.9), with PSAMs made that way. */
#include "tests/unit/terminal_kit.h"

struct lack {
    const char *psam; /* attributes of the element psam */
    const char *function;
    int codes[KIT_GENERATIONS]; /* second and third generation */
};

static int ask(struct kit *kit, const char *function)
{
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", "0|1.00||");
    kit_arg(kit, "pin", kit->pin);
    kit_arg(kit, "key", "SSSE/UK");
    return kit_call(kit, function);
}

static void open_with(struct kit *kit, unsigned generation, const char *psam)
{
    char text[128];
    snprintf(text, sizeof text, "<psam %s ", psam);
    const oc_variant_change change = {"<psam ", text};
    kit_open_variant(kit, kit_profiles[generation], &change, 1);
}

static void each_lack_has_its_code(void)
{
    static const struct lack lacks[] = {
        {"without='SSSE/RK'", "iReadCardBas", {0, -2203}},
        {"without='SSSE/RK'", "iDoDebit", {0, 0}},
        {"without='SSSE/IRK'", "iReadCardBas", {-27272, -27272}},
        {"without='SSSE/IRK#1'", "iAuthCard", {-21, -21}}, /* BF DE names no version, and finds another */
        {"without='SSSE/UK'", "iAuthTerminal", {-27272, -27272}},
        {"without='DF04/DPK'", "iDoDebit", {-37891, -37891}},
        {"without='DF04/DPK#1'", "iDoDebit", {-37891, -37891}},
        {"without='DF04/DPK#2'", "iDoDebit", {0, 0}},
        /* a province's PSAM derives two levels: not enough for IRK, which is national */
        {"level='2'", "iReadCardBas", {-24, -24}},
        {"level='2'", "iAuthTerminal", {0, 0}},
        {"level='2'", "iDoDebit", {0, 0}},
        /* a city's derives one level: too low for the keys, enough for its own cards' purchases */
        {"level='1'", "iReadCardBas", {-24, -24}},
        {"level='1'", "iAuthCard", {-24, -24}},
        {"level='1'", "iAuthTerminal", {-24, -24}},
        {"level='1' without='SSSE/UK'", "iAuthTerminal", {-27272, -27272}},
        {"level='1'", "iDoDebit", {0, 0}},
        {"level='1' without='DF04/DPK'", "iDoDebit", {-37891, -37891}},
        {"level='1' without='SSSE/RK SSSE/IRK'", "iReadCardBas", {-27272, -27272}},
        {"algs='3DES'", "iReadCardBas", {0, -2202}},
        {"algs='3DES'", "iDoDebit", {0, -2202}},
        {"algs='3DES SM4'", "iReadCardBas", {0, 0}},
        {"algs='3DES SM4'", "iDoDebit", {0, 0}},
        {"index='02'", "iDoDebit", {0, 0}},
        {"index='07'", "iDoDebit", {-37891, -37891}}, /* the card has no such index */
        {"pin='112233'", "iDoDebit", {-27010, -27010}},
        {"pin='112233'", "iAuthCard", {-27010, -27010}},
        {"serial='FFFFFFFF'", "iDoDebit", {0, 0}},
        {"serial='00000000'", "iDoDebit", {-37890, -37890}},
    };
    for (size_t i = 0; i < sizeof lacks / sizeof lacks[0]; i++) {
        for (unsigned g = 0; g < KIT_GENERATIONS; g++) {
            struct kit kit;
            open_with(&kit, g, lacks[i].psam);
            int code = ask(&kit, lacks[i].function);
            if (code != lacks[i].codes[g]) {
                printf("%s, %s, %s: %d\n", kit_profiles[g], lacks[i].psam, lacks[i].function, code);
            }
            CU_ASSERT_EQUAL(code, lacks[i].codes[g]);
            kit_close(&kit);
        }
    }
}

/* The 3DES card and its SM4 sister pay at one PSAM, whose serial numbers go on across both. */
static void one_psam_serves_both_generations(void)
{
    struct kit old;
    struct kit fresh;
    open_with(&fresh, 1, "algs='3DES SM4'");
    open_with(&old, 0, "algs='3DES SM4'");
    kit_terminal(&old, old.card_link, fresh.psam_link);
    CU_ASSERT_EQUAL(ask(&fresh, "iDoDebit"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&fresh.answer, "serial"), "00000001");
    CU_ASSERT_EQUAL(ask(&old, "iDoDebit"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&old.answer, "serial"), "00000002");
    CU_ASSERT_EQUAL(ask(&old, "iReadCardBas"), 0);
    CU_ASSERT_EQUAL(ask(&fresh, "iReadCardBas"), 0);
    kit_close(&old);
    kit_close(&fresh);
}

/* The last serial number is given out once. */
static void serials_come_to_an_end(void)
{
    struct kit kit;
    open_with(&kit, 1, "serial='FFFFFFFE'");
    CU_ASSERT_EQUAL(ask(&kit, "iDoDebit"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&kit.answer, "serial"), "FFFFFFFE");
    CU_ASSERT_EQUAL(ask(&kit, "iDoDebit"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&kit.answer, "serial"), "FFFFFFFF");
    CU_ASSERT_EQUAL(ask(&kit, "iDoDebit"), -37890);
    CU_ASSERT_EQUAL(ask(&kit, "iDoDebit"), -37890);
    kit_close(&kit);
}

/* Card and PSAM of one profile compute alike, whatever forms it chooses; those of two profiles do not. */
static void card_and_psam_take_the_same_forms(void)
{
    static const char *const forms[] = {
        "<setting name='purchase-session' value='card-sequence'/><structure",
        "<setting name='purchase-mac1' value='zero'/><structure",
        ("<setting name='purchase-session' value='card-sequence'/><setting name='purchase-mac1' "
         "value='zero'/><structure"),
    };
    for (unsigned g = 0; g < KIT_GENERATIONS; g++) {
        struct kit usual;
        kit_open(&usual, kit_profiles[g]);
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
            struct kit kit;
            const oc_variant_change changes[] = {{"<structure", forms[i]}, {"<psam ", "<psam serial='00000100' "}};
            kit_open_variant(&kit, kit_profiles[g], changes, 2);
            CU_ASSERT_EQUAL(kit_load(&kit, "00002710"), 0);
            CU_ASSERT_EQUAL(kit_debit(&kit, "1.00|2.00||"), 0);
            CU_ASSERT_EQUAL(kit_debit(&kit, "0|2.00||"), 0);
            kit_terminal(&kit, kit.card_link, usual.psam_link);
            CU_ASSERT_EQUAL(kit_debit(&kit, "1.00|2.00||"), -37634);
            kit_close(&kit);
        }
        kit_close(&usual);
    }
}

/* A card may enforce the driver's rule by itself. */
static void a_card_refuses_the_initial_pin(void)
{
    for (unsigned g = 0; g < KIT_GENERATIONS; g++) {
        struct kit kit;
        const oc_variant_change change = {"<structure", "<setting name='initial-pin-pays' value='off'/><structure"};
        kit_open_variant(&kit, kit_profiles[g], &change, 1);
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|2.00||"), 0); /* issued with the holder's */
        kit_issue(&kit, true, OC_ISSUE_RIGHT);
        kit_arg(&kit, "pin", "123456");
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|2.00||"), -35); /* the driver's rule comes first */
        kit_arg(&kit, "pin", "123456");
        kit_arg(&kit, "initial-pin", "888888");
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|2.00||"), -27013);
        kit_arg(&kit, "old", "123456");
        kit_arg(&kit, "new", "970213");
        CU_ASSERT_EQUAL(kit_call(&kit, "iChangePIN"), 0);
        kit_arg(&kit, "pin", "970213");
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|2.00||"), 0);
        kit_close(&kit);
    }
}

static void a_profile_names_only_keys_that_there_are(void)
{
    static const struct {
        const char *psam;
        const char *reason;
    } rows[] = {
        {"without='SSSE/XX'", "no key SSSE/XX"},
        {"without='DF04/DPK#3'", "no key DF04/DPK#3"},
        {"without='SSSE/STK DF04/DTK'", "no key DF04/DTK"},
        {"without='SSSE'", "without"},
        {"level='4'", "level"},
        {"level='0'", "level"},
        {"algs='SSF33'", "SSF33"},
        {"serial='1'", "serial"},
        {"mac2-tries='16'", "mac2-tries"},
        {"pin='12'", "pin"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        oc_profile *profile = NULL;
        oc_diag diag = {0};
        snprintf(text, sizeof text, "<psam %s ", rows[i].psam);
        const oc_variant_change change = {"<psam ", text};
        OC_ASSERT_CODE(oc_variant_load(&profile, kit_profiles[1], &change, 1, &diag), OC_E_FORMAT);
        CU_ASSERT_PTR_NULL(profile);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, rows[i].reason));
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"each lack has its code", each_lack_has_its_code},
        {"one PSAM serves both generations", one_psam_serves_both_generations},
        {"serials come to an end", serials_come_to_an_end},
        {"card and PSAM take the same forms", card_and_psam_take_the_same_forms},
        {"a card refuses the initial PIN", a_card_refuses_the_initial_pin},
        {"a profile names only keys that there are", a_profile_names_only_keys_that_there_are},
        {NULL, NULL},
    };
    return oc_test_main("terminal: PSAM", rows);
}
