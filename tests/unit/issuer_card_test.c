/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/crypto/ssc.h"
#include "sim/issuer/issuer.h"
#include "sim/link/apdu.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

static const char *const profiles[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml",
                                       "vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.01.xml",
                                       "vectors/cards/ssc-2.0-rk.xml"};
#define PROFILES (sizeof profiles / sizeof profiles[0])

struct world {
    oc_profile *profile;
    oc_crypto *crypto;
    oc_card_os *os;
    oc_card *card;
    oc_link *link;
    oc_key_provider keys;
    oc_buf data;
    oc_sw sw;
    oc_diag diag;
};

static void world_begin(struct world *w, const char *path)
{
    *w = (struct world){0};
    OC_ASSERT_OK(oc_profile_load(&w->profile, path, &w->diag));
    OC_ASSERT_OK(oc_crypto_new(&w->crypto));
    OC_ASSERT_OK(oc_issuer_card_os(&w->os));
    OC_ASSERT_OK(oc_profile_key_provider(&w->keys, w->profile, w->crypto));
}

/* A card issued with a fault, reset and ready for commands. */
static void world_issue(struct world *w, const char *path, oc_issue_order order)
{
    world_begin(w, path);
    order.profile = w->profile;
    OC_ASSERT_OK(oc_issuer_make_blank(&w->card, w->os, w->crypto, w->profile, &w->diag));
    OC_ASSERT_OK(oc_link_inproc(&w->link, oc_card_endpoint(w->card)));
    oc_result r = oc_issuer_issue(w->link, w->crypto, &order, &w->diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s\n", w->diag.reason);
    }
    OC_ASSERT_OK(r);
    OC_ASSERT_OK(oc_link_reset(w->link, OC_RESET_COLD, &w->data, NULL));
}

static void world_end(struct world *w)
{
    oc_link_free(&w->link);
    oc_card_free(&w->card);
    oc_card_os_free(&w->os);
    oc_key_provider_close(&w->keys);
    oc_crypto_free(&w->crypto);
    oc_profile_free(&w->profile);
    oc_buf_free(&w->data);
}

static unsigned apdu(struct world *w, unsigned head, oc_span data, int le)
{
    oc_apdu command = {.cla = (uint8_t)(head >> 24), .ins = (uint8_t)(head >> 16)};
    command.p1 = (uint8_t)(head >> 8);
    command.p2 = (uint8_t)head;
    command.data = data;
    command.has_le = le >= 0;
    command.le = (uint8_t)(le < 0 ? 0 : le);
    OC_ASSERT_OK(oc_apdu_transmit(w->link, &command, &w->data, &w->sw, NULL));
    return w->sw.value;
}

/* A SELECT's FCI is of no interest here. */
static void select_by(struct world *w, unsigned p1, oc_span what)
{
    CU_ASSERT_EQUAL(apdu(w, 0x00A40000u | p1 << 8, what, 0), OC_SW_OK);
}

static void select_ssse(struct world *w)
{
    select_by(w, 4, oc_profile_dir_named(w->profile, "SSSE")->df_name);
}

static void select_dir(struct world *w, const oc_profile_dir *dir)
{
    select_by(w, 4, dir->df_name);
}

static bool pin(struct world *w, const char *reference)
{
    oc_buf value = {0};
    OC_ASSERT_OK(oc_profile_value(w->profile, reference, &value));
    unsigned sw = apdu(w, 0x00200000, oc_buf_span(&value), -1);
    oc_buf_free(&value);
    return sw == OC_SW_OK;
}

/* External authentication under a key of the provider, derived by `factors`, or the card's own without any. */
static unsigned authenticate(struct world *w, const char *name, uint8_t id, const oc_span *factors, size_t count)
{
    CU_ASSERT_EQUAL_FATAL(apdu(w, 0x00840000, oc_span_empty(), 8), OC_SW_OK);
    uint8_t body[17];
    uint8_t answer[16] = {0};
    static const uint8_t text[16] = "textTEXT";
    oc_wr wr = oc_wr_of(answer, sizeof answer);
    bool sm4 = oc_profile_alg(w->profile) == OC_ALG_SM4;
    oc_key_question question = {.use = OC_KEY_ENCIPHER, .factor_count = count};
    uint8_t challenge[8];
    memcpy(challenge, w->data.at, sizeof challenge);
    uint8_t text_block[16] = {0};
    memcpy(text_block, text, 8);
    OC_ASSERT_OK(oc_key_name_parse(&question.key, name));
    for (size_t i = 0; i < count; i++) {
        question.factors[i] = factors[i];
    }
    question.session = oc_span_of(challenge, 8);
    question.data = oc_span_of(text_block, sm4 ? 16 : 8);
    OC_ASSERT_OK(oc_key_provider_answer(&w->keys, &question, &wr, NULL));
    if (sm4) {
        oc_ssc_fold8(answer, body);
    } else {
        memcpy(body, answer, 8);
    }
    memcpy(body + 8, text, 8);
    body[16] = question.key.version;
    return apdu(w, 0x00820000u | id, oc_span_of(body, sizeof body), -1);
}

static void check_records(struct world *w, const oc_profile_file *file)
{
    for (size_t i = 0; i < file->records_count; i++) {
        const oc_profile_record *record = &file->records[i];
        unsigned p2 = (unsigned)file->sfi << 3 | 4u;
        CU_ASSERT_EQUAL(apdu(w, 0x00B20000u | (unsigned)(i + 1) << 8 | p2, oc_span_empty(), 0), OC_SW_OK);
        CU_ASSERT_EQUAL_FATAL(w->data.len, 2u + record->len);
        CU_ASSERT_EQUAL(w->data.at[0], record->tag);
        CU_ASSERT_EQUAL(w->data.at[1], record->len);
        CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(oc_buf_span(&w->data), 2, record->len), record->value));
    }
}

static void check_content(struct world *w, const oc_profile_file *file)
{
    unsigned le = file->size < 0xF0 ? file->size : 0xF0;
    CU_ASSERT_EQUAL(apdu(w, 0x00B00000u | (0x80u | file->sfi) << 8, oc_span_empty(), (int)le), OC_SW_OK);
    CU_ASSERT_EQUAL_FATAL(w->data.len, le);
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(oc_buf_span(&w->data), 0, file->content.len), file->content));
    for (size_t i = file->content.len; i < le; i++) {
        CU_ASSERT_EQUAL(w->data.at[i], file->fill);
    }
}

static void check_file(struct world *w, const oc_profile_file *file)
{
    if (file->kind == OC_PERSO_TRANSPARENT) {
        check_content(w, file);
    } else {
        check_records(w, file);
    }
}

/* Opens what the rule of a file asks for, having seen that it was closed. */
static void open_and_check(struct world *w, const oc_profile_dir *dir, const oc_profile_file *file)
{
    bool needs_pin = file->read.rule == OC_RULE_PIN || file->read.rule == OC_RULE_PIN_AND_KEY ||
                     file->read.rule == OC_RULE_PIN_OR_KEY;
    bool needs_key = file->read.rule == OC_RULE_KEY || file->read.rule == OC_RULE_PIN_AND_KEY;
    OC_ASSERT_OK(oc_link_reset(w->link, OC_RESET_COLD, &w->data, NULL));
    select_ssse(w);
    select_dir(w, dir);
    if (needs_pin || needs_key) {
        unsigned head = file->kind == OC_PERSO_TRANSPARENT ? 0x00B00000u | (0x80u | file->sfi) << 8
                                                           : 0x00B20104u | (unsigned)file->sfi << 3;
        CU_ASSERT_EQUAL(apdu(w, head, oc_span_empty(), 0), OC_SW_SECURITY_STATUS);
    }
    if (needs_pin) {
        CU_ASSERT_TRUE(pin(w, "pin"));
    }
    if (needs_key) {
        char name[32];
        snprintf(name, sizeof name, "%s/%s", dir->name, file->read.key_name);
        CU_ASSERT_EQUAL(authenticate(w, name, file->read.key_id, NULL, 0), OC_SW_OK);
    }
    check_file(w, file);
}

static void issued_card_answers_as_ordered(void)
{
    static const size_t counted[PROFILES] = {41, 42, 21, 42, 41};
    for (size_t p = 0; p < PROFILES; p++) {
        struct world w;
        world_issue(&w, profiles[p], (oc_issue_order){0});
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&w.data), oc_profile_atr(w.profile)));
        size_t count = 0;
        size_t files = 0;
        const oc_profile_dir *dirs = oc_profile_dirs(w.profile, &count);
        for (size_t d = 0; d < count; d++) {
            /* The certificate application has a test of its own. */
            bool social = d == 0 || dirs[d].parent_fid == dirs[0].fid;
            for (size_t f = 0; social && f < dirs[d].files_count; f++, files++) {
                open_and_check(&w, &dirs[d], &dirs[d].files[f]);
            }
        }
        CU_ASSERT_EQUAL(files, counted[p]);
        world_end(&w);
    }
}

static void third_generation_answers_to_both_names(void)
{
    struct world w;
    world_issue(&w, profiles[1], (oc_issue_order){0});
    const oc_profile_dir *ssse = oc_profile_dir_named(w.profile, "SSSE");
    select_by(&w, 4, ssse->df_name);
    /* ssc-card 3: 6F .. 84 0F name A5 03 88 01 1E */
    OC_ASSERT_BYTES(oc_buf_span(&w.data), "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E");
    select_by(&w, 4, ssse->alias);
    CU_ASSERT_EQUAL(apdu(&w, 0x00A40000, oc_test_hex("EF05"), -1), OC_SW_OK);
    world_end(&w);
}

static void every_key_is_the_chip_s_own(void)
{
    static const size_t counted[PROFILES] = {65, 66, 40, 66, 63};
    for (size_t p = 0; p < PROFILES; p++) {
        struct world w;
        world_issue(&w, profiles[p], (oc_issue_order){0});
        size_t count = 0;
        size_t keys = 0;
        const oc_profile_dir *dirs = oc_profile_dirs(w.profile, &count);
        for (size_t d = 0; d < count; d++) {
            select_ssse(&w);
            select_dir(&w, &dirs[d]);
            for (size_t k = 0; k < dirs[d].keys_count; k++) {
                const oc_profile_key *key = &dirs[d].keys[k];
                if (key->kind != OC_KEY_KIND_EXTERNAL) {
                    continue;
                }
                char name[32];
                snprintf(name, sizeof name, "%s/%s#%u", dirs[d].name, key->name.name, key->name.version);
                CU_ASSERT_EQUAL(authenticate(&w, name, key->id, NULL, 0), OC_SW_OK);
                keys++;
            }
        }
        CU_ASSERT_EQUAL(keys, counted[p]);
        world_end(&w);
    }
}

static void purse_is_there_and_empty(void)
{
    for (size_t p = 0; p < 2; p++) {
        struct world w;
        world_issue(&w, profiles[p], (oc_issue_order){0});
        select_ssse(&w);
        CU_ASSERT_TRUE(pin(&w, "pin"));
        select_dir(&w, oc_profile_dir_named(w.profile, "DF04"));
        CU_ASSERT_EQUAL(apdu(&w, 0xB0260001, oc_span_empty(), 4), OC_SW_OK);
        OC_ASSERT_BYTES(oc_buf_span(&w.data), "00000000");
        /* INITIALIZE FOR LOAD and FOR PURCHASE with key index 2: the key version follows the index. */
        CU_ASSERT_EQUAL(apdu(&w, 0xB0280001, oc_test_hex("0200000064990100000030"), 0x10), OC_SW_OK);
        CU_ASSERT_EQUAL_FATAL(w.data.len, 16);
        CU_ASSERT_EQUAL(w.data.at[6], 2);
        CU_ASSERT_EQUAL(w.data.at[7], oc_profile_alg(w.profile));
        CU_ASSERT_EQUAL(apdu(&w, 0xB0280001, oc_test_hex("0300000064990100000030"), 0x10), OC_SW_KEY_INDEX);
        world_end(&w);
    }
}

static void pin_is_the_one_ordered(void)
{
    struct world w;
    world_issue(&w, profiles[1], (oc_issue_order){0});
    select_ssse(&w);
    CU_ASSERT_FALSE(pin(&w, "wrong-pin"));
    CU_ASSERT_EQUAL(w.sw.value, 0x63C5);
    CU_ASSERT_FALSE(pin(&w, "initial-pin"));
    CU_ASSERT_TRUE(pin(&w, "pin"));
    world_end(&w);
    world_issue(&w, profiles[1], (oc_issue_order){.initial_pin = true});
    select_ssse(&w);
    CU_ASSERT_FALSE(pin(&w, "pin"));
    CU_ASSERT_TRUE(pin(&w, "initial-pin"));
    world_end(&w);
}

static void undiversified_key_shows(void)
{
    for (size_t p = 0; p < 2; p++) {
        struct world w;
        world_issue(&w, profiles[p], (oc_issue_order){.fault = OC_ISSUE_KEY_NOT_DIVERSIFIED});
        oc_buf province = {0};
        oc_buf city = {0};
        OC_ASSERT_OK(oc_profile_value(w.profile, "factor/province", &province));
        OC_ASSERT_OK(oc_profile_value(w.profile, "factor/city", &city));
        const oc_span factors[] = {oc_buf_span(&province), oc_buf_span(&city)};
        select_ssse(&w);
        CU_ASSERT_EQUAL(authenticate(&w, "SSSE/UK", 0x04, NULL, 0), 0x63C2);
        CU_ASSERT_EQUAL(authenticate(&w, "SSSE/UK", 0x04, factors, 2), OC_SW_OK);
        CU_ASSERT_EQUAL(authenticate(&w, "SSSE/RK", 0x0A, NULL, 0), OC_SW_OK);
        oc_buf_free(&province);
        oc_buf_free(&city);
        world_end(&w);
    }
}

static void read_value(struct world *w, unsigned tag, unsigned sfi)
{
    select_ssse(w);
    CU_ASSERT_EQUAL(apdu(w, 0x00B20000u | tag << 8 | sfi << 3, oc_span_empty(), 0), OC_SW_OK);
}

static void other_holder_shows(void)
{
    struct world w;
    world_issue(&w, profiles[1], (oc_issue_order){.fault = OC_ISSUE_HOLDER_DIFFERS});
    oc_buf ordered = {0};
    OC_ASSERT_OK(oc_profile_value(w.profile, "SSSE/EF06/08.tlv", &ordered));
    read_value(&w, 0x08, 6);
    CU_ASSERT_EQUAL(w.data.len, ordered.len);
    CU_ASSERT_FALSE(oc_span_equal(oc_buf_span(&w.data), oc_buf_span(&ordered)));
    char check = oc_ssc_id_number_check(oc_span_slice(oc_buf_span(&w.data), 2, 17));
    CU_ASSERT_EQUAL(w.data.at[19], check); /* a plausible person, not a damaged number */
    read_value(&w, 0x09, 6);
    oc_buf_clear(&ordered);
    OC_ASSERT_OK(oc_profile_value(w.profile, "SSSE/EF06/09.tlv", &ordered));
    CU_ASSERT_EQUAL(w.data.len, ordered.len);
    CU_ASSERT_FALSE(oc_span_equal(oc_buf_span(&w.data), oc_buf_span(&ordered)));
    oc_buf_free(&ordered);
    world_end(&w);
}

/* The holder's next card: the same person, another number with its check digit, another card id. */
static void renewed_card_is_the_holder_s(void)
{
    for (size_t old = 0; old < 2; old++) {
        struct world w;
        oc_profile *profile = NULL;
        oc_buf ordered = {0};
        world_begin(&w, profiles[1]);
        OC_ASSERT_OK(oc_profile_load(&profile, profiles[old], &w.diag));
        OC_ASSERT_OK(oc_issuer_make_renewed_card(&w.card, w.os, w.crypto, w.profile, profile, &w.diag));
        OC_ASSERT_OK(oc_link_inproc(&w.link, oc_card_endpoint(w.card)));
        OC_ASSERT_OK(oc_link_reset(w.link, OC_RESET_COLD, &w.data, NULL));
        OC_ASSERT_OK(oc_profile_value(profile, "SSSE/EF06/08.tlv", &ordered));
        read_value(&w, 0x08, 6);
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&w.data), oc_buf_span(&ordered)));
        oc_buf_clear(&ordered);
        OC_ASSERT_OK(oc_profile_value(w.profile, "SSSE/EF05/07.tlv", &ordered));
        read_value(&w, 0x07, 5);
        CU_ASSERT_EQUAL_FATAL(w.data.len, ordered.len);
        CU_ASSERT_EQUAL(memcmp(w.data.at, ordered.at, 9), 0);
        CU_ASSERT_NOT_EQUAL(w.data.at[9], ordered.at[9]);
        CU_ASSERT_EQUAL(w.data.at[10], oc_ssc_card_number_check(oc_span_slice(oc_buf_span(&w.data), 2, 8)));
        oc_buf_clear(&ordered);
        OC_ASSERT_OK(oc_profile_value(w.profile, "SSSE/EF05/01.tlv", &ordered));
        read_value(&w, 0x01, 5);
        CU_ASSERT_FALSE(oc_span_equal(oc_buf_span(&w.data), oc_buf_span(&ordered)));
        oc_buf_free(&ordered);
        oc_profile_free(&profile);
        world_end(&w);
    }
}

static void other_city_shows(void)
{
    for (size_t p = 0; p < 2; p++) {
        struct world w;
        world_issue(&w, profiles[p], (oc_issue_order){.fault = OC_ISSUE_WRONG_CITY});
        oc_buf ordered = {0};
        OC_ASSERT_OK(oc_profile_value(w.profile, "SSSE/EF05/01.tlv", &ordered));
        read_value(&w, 0x01, 5);
        CU_ASSERT_EQUAL_FATAL(w.data.len, 18);
        OC_ASSERT_BYTES(oc_span_slice(oc_buf_span(&w.data), 2, 3), "990300");
        CU_ASSERT_EQUAL(memcmp(w.data.at + 5, ordered.at + 5, 9), 0);
        CU_ASSERT_NOT_EQUAL(memcmp(w.data.at + 14, ordered.at + 14, 4), 0); /* the check was made anew */
        oc_buf_free(&ordered);
        world_end(&w);
    }
}

static void missing_file_shows(void)
{
    static const char *const last[] = {"EF08", "EF0D"};
    for (size_t p = 0; p < 2; p++) {
        struct world w;
        world_issue(&w, profiles[p], (oc_issue_order){.fault = OC_ISSUE_FILE_MISSING});
        select_ssse(&w);
        CU_ASSERT_EQUAL(apdu(&w, 0x00A40000, oc_test_hex(last[p]), -1), OC_SW_FILE_NOT_FOUND);
        CU_ASSERT_EQUAL(apdu(&w, 0x00A40000, oc_test_hex("EF07"), -1), OC_SW_OK);
        world_end(&w);
    }
}

static void unended_card_shows(void)
{
    static const uint8_t proof[8] = {0};
    struct world w;
    world_issue(&w, profiles[0], (oc_issue_order){.fault = OC_ISSUE_NOT_ENDED});
    CU_ASSERT_EQUAL(apdu(&w, 0x80E00300, oc_span_of(proof, 8), -1), 0x63C3);
    world_end(&w);
    world_issue(&w, profiles[0], (oc_issue_order){0});
    CU_ASSERT_EQUAL(apdu(&w, 0x80E00300, oc_span_of(proof, 8), -1), OC_SW_INS);
    world_end(&w);
}

static void refusals_are_told(void)
{
    struct world w;
    world_issue(&w, profiles[0], (oc_issue_order){0});
    /* The same card again: it is issued, its personalisation commands are gone. */
    oc_issue_order again = {.profile = w.profile};
    OC_ASSERT_CODE(oc_issuer_issue(w.link, w.crypto, &again, &w.diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(w.diag.reason, "CHECK TRANSPORT KEY"));
    CU_ASSERT_PTR_NOT_NULL(strstr(w.diag.reason, "6D00"));
    /* A chip of another serial. */
    oc_profile *other = NULL;
    OC_ASSERT_OK(oc_profile_load(&other, profiles[1], NULL));
    oc_diag_clear(&w.diag);
    OC_ASSERT_CODE(oc_issuer_issue(w.link, w.crypto, &(oc_issue_order){.profile = other}, &w.diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(w.diag.reason, "ATR"));
    oc_profile_free(&other);
    /* A description cannot issue. */
    OC_ASSERT_OK(oc_profile_load(&other, "vectors/cards/describe-only.xml", NULL));
    oc_diag_clear(&w.diag);
    OC_ASSERT_CODE(oc_issuer_issue(w.link, w.crypto, &(oc_issue_order){.profile = other}, &w.diag), OC_E_UNAVAILABLE);
    oc_card *none = NULL;
    OC_ASSERT_CODE(oc_issuer_make_card(&none, w.os, w.crypto, other, NULL), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(none);
    oc_profile_free(&other);
    world_end(&w);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"issued card answers as ordered", issued_card_answers_as_ordered},
        {"third generation answers to both names", third_generation_answers_to_both_names},
        {"every key is the chip's own", every_key_is_the_chip_s_own},
        {"purse is there and empty", purse_is_there_and_empty},
        {"PIN is the one ordered", pin_is_the_one_ordered},
        {"undiversified key shows", undiversified_key_shows},
        {"other holder shows", other_holder_shows},
        {"a renewed card is the holder's", renewed_card_is_the_holder_s},
        {"other city shows", other_city_shows},
        {"missing file shows", missing_file_shows},
        {"unended card shows", unended_card_shows},
        {"refusals are told", refusals_are_told},
        {NULL, NULL},
    };
    return oc_test_main("issuer: card", rows);
}
