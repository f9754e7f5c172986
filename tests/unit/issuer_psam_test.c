/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/crypto/ssc.h"
#include "sim/issuer/issuer.h"
#include "sim/link/apdu.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* Card and PSAM of one profile, made apart, meet over their commands only. */

static const char *const profiles[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml",
                                       "vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.01.xml",
                                       "vectors/cards/ssc-2.0-rk.xml"};
#define PROFILES (sizeof profiles / sizeof profiles[0])

struct side {
    oc_card_os *os;
    oc_card *chip;
    oc_link *link;
    oc_buf data;
};

struct world {
    oc_profile *profile;
    oc_crypto *crypto;
    bool sm4;
    struct side card;
    struct side psam;
};

static void world_begin(struct world *w, const char *path)
{
    oc_diag diag = {0};
    *w = (struct world){0};
    OC_ASSERT_OK(oc_profile_load(&w->profile, path, &diag));
    OC_ASSERT_OK(oc_crypto_new(&w->crypto));
    OC_ASSERT_OK(oc_issuer_card_os(&w->card.os));
    OC_ASSERT_OK(oc_issuer_psam_os(&w->psam.os));
    OC_ASSERT_OK(oc_issuer_make_card(&w->card.chip, w->card.os, w->crypto, w->profile, &diag));
    oc_result r = oc_issuer_make_psam(&w->psam.chip, w->psam.os, w->crypto, w->profile, &diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    w->sm4 = oc_profile_alg(w->profile) == OC_ALG_SM4;
    struct side *sides[] = {&w->card, &w->psam};
    for (size_t i = 0; i < 2; i++) {
        OC_ASSERT_OK(oc_link_inproc(&sides[i]->link, oc_card_endpoint(sides[i]->chip)));
        OC_ASSERT_OK(oc_link_reset(sides[i]->link, OC_RESET_COLD, &sides[i]->data, NULL));
    }
}

static void world_end(struct world *w)
{
    struct side *sides[] = {&w->card, &w->psam};
    for (size_t i = 0; i < 2; i++) {
        oc_link_free(&sides[i]->link);
        oc_card_free(&sides[i]->chip);
        oc_card_os_free(&sides[i]->os);
        oc_buf_free(&sides[i]->data);
    }
    oc_crypto_free(&w->crypto);
    oc_profile_free(&w->profile);
}

static unsigned apdu(struct side *side, unsigned head, oc_span data, int le)
{
    oc_apdu command = {.cla = (uint8_t)(head >> 24), .ins = (uint8_t)(head >> 16)};
    oc_sw sw;
    command.p1 = (uint8_t)(head >> 8);
    command.p2 = (uint8_t)head;
    command.data = data;
    command.has_le = le >= 0;
    command.le = (uint8_t)(le < 0 ? 0 : le);
    OC_ASSERT_OK(oc_apdu_transmit(side->link, &command, &side->data, &sw, NULL));
    return sw.value;
}

/* The PSAM's environment by its name, then its application. */
static void open_psam(struct world *w)
{
    const char *name = w->sm4 ? "7378332E73682EC9E7BBE1B1A3D5CF" : "7378312E73682EC9E7BBE1B1A3D5CF";
    CU_ASSERT_EQUAL(apdu(&w->psam, 0x00A40400, oc_test_hex(name), 0), OC_SW_OK);
    CU_ASSERT_EQUAL(apdu(&w->psam, 0x00A40000, oc_test_hex("DF01"), 0), OC_SW_OK);
}

static void append_value(struct world *w, const char *reference, oc_buf *out)
{
    OC_ASSERT_OK(oc_profile_value(w->profile, reference, out));
}

static void append_factors(struct world *w, unsigned levels, oc_buf *out)
{
    static const char *const factors[] = {"factor/card", "factor/city", "factor/province"};
    for (unsigned i = 0; i < levels; i++) {
        append_value(w, factors[i], out); /* on the wire the nearest level comes first */
    }
}

/* External authentication whose cryptogram the PSAM makes. */
static unsigned authenticate(struct world *w, const oc_profile_key *key)
{
    static const uint8_t zeros[8] = {0};
    oc_span filling = oc_span_of(zeros, w->sm4 ? 8 : 0);
    oc_buf body = {0};
    CU_ASSERT_EQUAL_FATAL(apdu(&w->card, 0x00840000, oc_span_empty(), 8), OC_SW_OK);
    append_factors(w, key->usage >> 5, &body);
    OC_ASSERT_OK(oc_buf_append(&body, oc_buf_span(&w->card.data)));
    OC_ASSERT_OK(oc_buf_append(&body, filling));
    unsigned head = 0xBFDE0000u | (unsigned)key->usage << 8 | key->psam_id;
    CU_ASSERT_EQUAL(apdu(&w->psam, head, oc_buf_span(&body), -1), OC_SW_OK);
    oc_buf_clear(&body);
    OC_ASSERT_OK(oc_buf_append(&body, oc_span_text("any text")));
    OC_ASSERT_OK(oc_buf_append(&body, filling));
    CU_ASSERT_EQUAL(apdu(&w->psam, 0x80FA0000, oc_buf_span(&body), w->sm4 ? 16 : 8), OC_SW_OK);
    CU_ASSERT_EQUAL_FATAL(w->psam.data.len, w->sm4 ? 16 : 8);
    uint8_t proof[16];
    memcpy(proof, w->psam.data.at, 8);
    if (w->sm4) {
        oc_ssc_fold8(w->psam.data.at, proof);
    }
    memcpy(proof + 8, "any text", 8);
    oc_buf_free(&body);
    return apdu(&w->card, 0x00820000u | key->id, oc_span_of(proof, sizeof proof), -1);
}

static void psam_opens_every_key_that_has_a_partner(void)
{
    static const size_t counted[PROFILES] = {49, 50, 30, 50, 47};
    for (size_t p = 0; p < PROFILES; p++) {
        struct world w;
        world_begin(&w, profiles[p]);
        open_psam(&w);
        size_t count = 0;
        size_t opened = 0;
        const oc_profile_dir *dirs = oc_profile_dirs(w.profile, &count);
        for (size_t d = 0; d < count; d++) {
            CU_ASSERT_EQUAL(apdu(&w.card, 0x00A40400, dirs[d].df_name, 0), OC_SW_OK);
            for (size_t k = 0; k < dirs[d].keys_count; k++) {
                const oc_profile_key *key = &dirs[d].keys[k];
                /* BF DE and a 16-byte authentication take the first version. */
                if (key->kind == OC_KEY_KIND_EXTERNAL && key->name.version == 1) {
                    CU_ASSERT_EQUAL(authenticate(&w, key), OC_SW_OK);
                    opened++;
                }
            }
        }
        CU_ASSERT_EQUAL(opened, counted[p]);
        world_end(&w);
    }
}

static void a_card_of_another_serial_stays_closed(void)
{
    struct world w;
    struct world other;
    world_begin(&w, profiles[0]);
    world_begin(&other, profiles[1]);
    open_psam(&w);
    const oc_profile_dir *ssse = oc_profile_dir_named(w.profile, "SSSE");
    CU_ASSERT_EQUAL(apdu(&w.card, 0x00A40400, ssse->df_name, 0), OC_SW_OK);
    oc_profile_key key = {0};
    for (size_t i = 0; i < ssse->keys_count; i++) {
        key = strcmp(ssse->keys[i].name.name, "RK") == 0 ? ssse->keys[i] : key;
    }
    oc_profile *own = w.profile;
    w.profile = other.profile; /* the other card's factors */
    CU_ASSERT_EQUAL(authenticate(&w, &key), 0x63C2);
    w.profile = own;
    CU_ASSERT_EQUAL(authenticate(&w, &key), OC_SW_OK);
    world_end(&w);
    world_end(&other);
}

static void psam_files_are_there(void)
{
    for (size_t p = 0; p < 2; p++) {
        struct world w;
        world_begin(&w, profiles[p]);
        oc_buf terminal = {0};
        append_value(&w, "terminal", &terminal);
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00A40000, oc_test_hex("3F00"), 0), OC_SW_OK);
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00B09600, oc_span_empty(), 6), OC_SW_OK);
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&w.psam.data), oc_buf_span(&terminal)));
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00B09500, oc_span_empty(), 14), OC_SW_OK);
        CU_ASSERT_EQUAL(memcmp(w.psam.data.at + 4, terminal.at, terminal.len), 0);
        open_psam(&w);
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00B09C00, oc_span_empty(), 1), OC_SW_OK);
        OC_ASSERT_BYTES(oc_buf_span(&w.psam.data), "01");
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00A40000, oc_test_hex("0019"), -1), OC_SW_OK);
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00B00000, oc_span_empty(), 4), OC_SW_OK);
        OC_ASSERT_BYTES(oc_buf_span(&w.psam.data), "00000001");
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x00A40400, oc_test_hex("D15600000590"), 0), OC_SW_OK);
        oc_buf_free(&terminal);
        world_end(&w);
    }
}

/* One purchase of nothing: both sides have the same purchase key, for either index. */
static void card_and_psam_agree_on_a_purchase(void)
{
    for (size_t p = 0; p < 4; p++) {
        struct world w;
        uint8_t index = (uint8_t)(1 + p % 2);
        world_begin(&w, profiles[p / 2]);
        oc_buf body = {0};
        open_psam(&w);
        CU_ASSERT_EQUAL(apdu(&w.card, 0x00A40400, oc_profile_dir_named(w.profile, "SSSE")->df_name, 0), OC_SW_OK);
        append_value(&w, "pin", &body);
        CU_ASSERT_EQUAL(apdu(&w.card, 0x00200000, oc_buf_span(&body), -1), OC_SW_OK);
        CU_ASSERT_EQUAL(apdu(&w.card, 0x00A40000, oc_test_hex("DF04"), 0), OC_SW_OK);
        oc_buf_clear(&body);
        OC_ASSERT_OK(oc_buf_append_byte(&body, index));
        OC_ASSERT_OK(oc_buf_append(&body, oc_test_hex("000000000000000000000000")));
        append_value(&w, "terminal", &body);
        CU_ASSERT_EQUAL(apdu(&w.card, 0xB0280101, oc_buf_span(&body), 0x16), OC_SW_OK);
        CU_ASSERT_EQUAL_FATAL(w.card.data.len, 22);
        CU_ASSERT_EQUAL(w.card.data.at[16], index); /* version and index go together */
        oc_span init = oc_buf_span(&w.card.data);
        oc_buf_clear(&body);
        OC_ASSERT_OK(oc_buf_append(&body, oc_span_slice(init, 18, 4)));
        OC_ASSERT_OK(oc_buf_append(&body, oc_span_slice(init, 14, 2)));
        OC_ASSERT_OK(oc_buf_append(&body, oc_test_hex("000000000000000000000000 32 20260302091500")));
        OC_ASSERT_OK(oc_buf_append(&body, oc_span_slice(init, 16, 2)));
        append_factors(&w, 2, &body);
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x80700100, oc_buf_span(&body), 8), OC_SW_OK);
        CU_ASSERT_EQUAL_FATAL(w.psam.data.len, 8);
        oc_buf_clear(&body);
        OC_ASSERT_OK(oc_buf_append(&body, oc_span_slice(oc_buf_span(&w.psam.data), 0, 4)));
        OC_ASSERT_OK(oc_buf_append(&body, oc_test_hex("20260302091500")));
        OC_ASSERT_OK(oc_buf_append(&body, oc_span_slice(oc_buf_span(&w.psam.data), 4, 4)));
        CU_ASSERT_EQUAL(apdu(&w.card, 0xB02C0100, oc_buf_span(&body), 8), OC_SW_OK);
        CU_ASSERT_EQUAL_FATAL(w.card.data.len, 8);
        CU_ASSERT_EQUAL(apdu(&w.psam, 0x80720000, oc_span_slice(oc_buf_span(&w.card.data), 4, 4), -1), OC_SW_OK);
        oc_buf_free(&body);
        world_end(&w);
    }
}

static void a_profile_without_terminal_makes_no_psam(void)
{
    oc_profile *profile = NULL;
    oc_crypto *crypto = NULL;
    oc_card_os *os = NULL;
    oc_card *psam = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_profile_load(&profile, "vectors/cards/describe-only.xml", NULL));
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    OC_ASSERT_OK(oc_issuer_psam_os(&os));
    OC_ASSERT_CODE(oc_issuer_make_psam(&psam, os, crypto, profile, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(psam);
    CU_ASSERT(diag.reason[0] != '\0');
    OC_ASSERT_CODE(oc_issuer_make_lesser_psam(&psam, os, crypto, profile, "city", &diag), OC_E_UNAVAILABLE);
    OC_ASSERT_CODE(oc_issuer_make_lesser_psam(&psam, os, crypto, profile, "nothing", &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NULL(psam);
    oc_card_os_free(&os);
    oc_crypto_free(&crypto);
    oc_profile_free(&profile);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"PSAM opens every key that has a partner", psam_opens_every_key_that_has_a_partner},
        {"a card of another serial stays closed", a_card_of_another_serial_stays_closed},
        {"PSAM files are there", psam_files_are_there},
        {"card and PSAM agree on a purchase", card_and_psam_agree_on_a_purchase},
        {"a profile without terminal makes no PSAM", a_profile_without_terminal_makes_no_psam},
        {NULL, NULL},
    };
    return oc_test_main("issuer: PSAM", rows);
}
