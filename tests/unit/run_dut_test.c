/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a negative judges: `dut` names the actor that must notice, and the simulator's own are under test only where
 * nobody else's is (vectors/README.md, "Negatives"). */
#include <stdio.h>

#include "conformance/run/execute.h"
#include "tests/unit/dialect_kit.h"

static oc_profile *profile;
static oc_catalogue *catalogue;
static oc_card_os *card_os;
static oc_card_os *psam_os;
static oc_mask *mask;

/* The card that stands for somebody else's: lent, so that it needs no process. */
struct guest {
    oc_crypto *crypto;
    oc_card *card;
    oc_link *link;
};

static void guest_begin(struct guest *guest)
{
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_crypto_new(&guest->crypto));
    OC_ASSERT_OK(oc_issuer_make_card(&guest->card, card_os, guest->crypto, profile, &diag));
    OC_ASSERT_OK(oc_link_inproc(&guest->link, oc_card_endpoint(guest->card)));
}

static void guest_end(struct guest *guest)
{
    oc_link_free(&guest->link);
    oc_card_free(&guest->card);
    oc_crypto_free(&guest->crypto);
}

static oc_world *new_world(struct guest *guest)
{
    static oc_spec own, foreign; /* a world borrows its own */
    static oc_spec psam;
    static const oc_keys_spec keys = {.kind = OC_KEYS_PROFILE};
    oc_diag diag = {0};
    oc_spec *card = guest == NULL ? &own : &foreign;
    OC_ASSERT_OK(oc_spec_parse(card, guest == NULL ? "virtual" : "exec:true", &diag));
    OC_ASSERT_OK(oc_spec_parse(&psam, "virtual", &diag));
    const oc_world_plan plan = {.profile = profile,
                                .card_os = card_os,
                                .psam_os = psam_os,
                                .card = card,
                                .psam = &psam,
                                .lent = guest == NULL ? NULL : guest->link,
                                .keys = &keys,
                                .expendable = true,
                                .timeout_ms = 10000};
    oc_world *world = NULL;
    OC_ASSERT_OK(oc_world_new(&world, &plan, &diag));
    return world;
}

#define ASK "<apdu id=\"ask\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"/>"

/* A negative whose edit the actor does not notice: GET CHALLENGE works as well a second time. */
static void unnoticed(struct guest *guest, const char *dut, enum oc_verdict wanted, const char *part)
{
    char xml[2000];
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" ASK
                                                  "</steps><negative id=\"CARD.A.N\" because=\"freshness\"%s>"
                                                  "<edit repeat=\"ask\"/><expect step=\"ask.2\"><sw>6985</sw></expect>"
                                                  "</negative></case></suite>",
             dut);
    oc_vectors *vectors = oc_kit_parse(xml);
    oc_world *world = new_world(guest);
    oc_executor executor = {.world = world, .catalogue = catalogue, .mask = mask, .pass = "test", .seed = 1};
    oc_outcome outcome;
    oc_execute(&executor, &oc_vectors_case(vectors, 0)->negatives[0], OC_VERDICT_PASS, &outcome);
    if (outcome.verdict != wanted || outcome.reason == NULL || strstr(outcome.reason, part) == NULL) {
        printf("\n    %s%s: %s: %s\n", guest == NULL ? "all our own" : "a foreign card", dut,
               oc_verdict_name(outcome.verdict), outcome.reason == NULL ? "" : outcome.reason);
        CU_FAIL("verdict");
    }
    oc_outcome_free(&outcome);
    oc_world_free(&world);
    oc_vectors_free(&vectors);
}

static const char *const actors[] = {"card", "psam", "terminal", "host"};

static void all_our_own_are_all_tested(void)
{
    unnoticed(NULL, "", OC_VERDICT_FAIL, "step ask.2: sw");
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        char dut[32];
        snprintf(dut, sizeof dut, " dut=\"%s\"", actors[i]);
        unnoticed(NULL, dut, OC_VERDICT_FAIL, "step ask.2: sw");
    }
}

static void beside_a_foreign_card_only_it_is(void)
{
    struct guest guest;
    guest_begin(&guest);
    unnoticed(&guest, "", OC_VERDICT_FAIL, "step ask.2: sw");
    unnoticed(&guest, " dut=\"card\"", OC_VERDICT_FAIL, "step ask.2: sw");
    unnoticed(&guest, " dut=\"terminal\"", OC_VERDICT_INCONCLUSIVE,
              "the terminal, which is not under test, did not notice: step ask.2");
    unnoticed(&guest, " dut=\"psam\"", OC_VERDICT_INCONCLUSIVE, "the psam, which is not under test");
    unnoticed(&guest, " dut=\"host\"", OC_VERDICT_INCONCLUSIVE, "the host, which is not under test");
    guest_end(&guest);
}

static void who_is_tested(void)
{
    struct guest guest;
    guest_begin(&guest);
    oc_world *own = new_world(NULL);
    oc_world *foreign = new_world(&guest);
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        CU_ASSERT_TRUE(oc_world_is_under_test(own, actors[i]));
        CU_ASSERT_EQUAL(oc_world_is_under_test(foreign, actors[i]), strcmp(actors[i], "card") == 0);
    }
    oc_world_free(&own);
    oc_world_free(&foreign);
    guest_end(&guest);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"all our own are all tested", all_our_own_are_all_tested},
        {"beside a foreign card only it is", beside_a_foreign_card_only_it_is},
        {"who is tested", who_is_tested},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_profile_load(&profile, "vectors/cards/ssc-3.0.xml", &diag)) ||
        !oc_is_ok(oc_catalogue_load(&catalogue, "vectors", &diag)) || !oc_is_ok(oc_issuer_card_os(&card_os)) ||
        !oc_is_ok(oc_issuer_psam_os(&psam_os)) || !oc_is_ok(oc_mask_new(&mask, profile, false))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 2;
    }
    int code = oc_test_main("whom a negative judges", rows);
    oc_mask_free(&mask);
    oc_card_os_free(&card_os);
    oc_card_os_free(&psam_os);
    oc_catalogue_free(&catalogue);
    oc_profile_free(&profile);
    return code;
}
