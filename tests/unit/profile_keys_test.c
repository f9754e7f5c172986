/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/crypto/ssc.h"
#include "sim/profile/profile.h"
#include "tests/support/oc_test.h"

static const char *const cards[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml"};

struct world {
    oc_profile *profile;
    oc_crypto *crypto;
    oc_key_provider keys;
};

static struct world world_of(const char *path)
{
    struct world world = {0};
    OC_ASSERT_OK(oc_profile_load(&world.profile, path, NULL));
    OC_ASSERT_OK(oc_crypto_new(&world.crypto));
    OC_ASSERT_OK(oc_profile_key_provider(&world.keys, world.profile, world.crypto));
    return world;
}

static void world_end(struct world *world)
{
    oc_key_provider_close(&world->keys);
    oc_crypto_free(&world->crypto);
    oc_profile_free(&world->profile);
}

static oc_key_name named(const char *text)
{
    oc_key_name name;
    OC_ASSERT_OK(oc_key_name_parse(&name, text));
    return name;
}

/* One question: encipher one block under the key and the factors. */
static oc_result ask(struct world *world, const char *key, const oc_span *factors, size_t count, uint8_t out[16],
                     oc_diag *diag)
{
    oc_key_question question = {.use = OC_KEY_ENCIPHER, .key = named(key), .factor_count = count};
    for (size_t i = 0; i < count; i++) {
        question.factors[i] = factors[i];
    }
    static const uint8_t block[16] = "0123456789ABCDEF";
    question.data = oc_span_of(block, sizeof block);
    oc_wr answer = oc_wr_of(out, 16);
    return oc_key_provider_answer(&world->keys, &question, &answer, diag);
}

static void card_key_is_the_root_by_three_factors(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct world world = world_of(cards[i]);
        oc_buf province = {0};
        oc_buf city = {0};
        oc_buf card = {0};
        OC_ASSERT_OK(oc_profile_value(world.profile, "factor/province", &province));
        OC_ASSERT_OK(oc_profile_value(world.profile, "factor/city", &city));
        OC_ASSERT_OK(oc_profile_value(world.profile, "factor/card", &card));
        const oc_span factors[] = {oc_buf_span(&province), oc_buf_span(&city), oc_buf_span(&card)};
        uint8_t own[16];
        uint8_t again[16];
        uint8_t derived[16];
        uint8_t of_city[16];
        uint8_t third[16];
        OC_ASSERT_OK(ask(&world, "SSSE/UK", NULL, 0, own, NULL));
        OC_ASSERT_OK(ask(&world, "SSSE/UK", NULL, 0, again, NULL));
        OC_ASSERT_OK(ask(&world, "SSSE/UK", factors, 3, derived, NULL));
        OC_ASSERT_OK(ask(&world, "SSSE/UK", factors, 2, of_city, NULL));
        OC_ASSERT_OK(ask(&world, "SSSE/UK#3", NULL, 0, third, NULL));
        CU_ASSERT_EQUAL(memcmp(own, again, 16), 0);
        CU_ASSERT_EQUAL(memcmp(own, derived, 16), 0);
        CU_ASSERT_NOT_EQUAL(memcmp(own, of_city, 16), 0);
        CU_ASSERT_NOT_EQUAL(memcmp(own, third, 16), 0);
        oc_buf_free(&province);
        oc_buf_free(&city);
        oc_buf_free(&card);
        world_end(&world);
    }
}

static void card_id_codes_carry_their_check(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct world world = world_of(cards[i]);
        oc_buf id = {0};
        OC_ASSERT_OK(oc_profile_value(world.profile, "SSSE/EF05/01", &id));
        uint8_t answer[16];
        oc_wr wr = oc_wr_of(answer, sizeof answer);
        bool sm4 = oc_profile_alg(world.profile) == OC_ALG_SM4;
        oc_key_question question = {.use = sm4 ? OC_KEY_MAC : OC_KEY_RETAIL_MAC, .key = named("SSSE/IRK")};
        question.data = oc_span_slice(oc_buf_span(&id), 0, 12);
        OC_ASSERT_OK(oc_key_provider_answer(&world.keys, &question, &wr, NULL));
        uint8_t check[4];
        memcpy(check, answer, sizeof check);
        if (sm4) {
            oc_ssc_fold4(answer, check);
        }
        CU_ASSERT_EQUAL(memcmp(id.at + 12, check, sizeof check), 0);
        oc_buf_free(&id);
        world_end(&world);
    }
}

static void unknown_keys_are_unavailable(void)
{
    static const char *const unknown[] = {"SSSE/UK#4", "SSSE/NONE", "DF02/UK7", "PSAM/MK", "SSSE/PIN"};
    struct world world = world_of(cards[1]);
    uint8_t out[16];
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        oc_key_name name = named(unknown[i]);
        CU_ASSERT_FALSE(oc_key_provider_has(&world.keys, &name));
        oc_diag diag = {0};
        OC_ASSERT_CODE(ask(&world, unknown[i], NULL, 0, out, &diag), OC_E_UNAVAILABLE);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, name.name));
    }
    oc_diag diag = {0};
    OC_ASSERT_CODE(ask(&world, "SSSE/UK#4", NULL, 0, out, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_STRING_EQUAL(diag.reason, "key SSSE/UK version 4 is not known in profile ssc-3.0");
    oc_key_name uk = named("SSSE/UK");
    enum oc_alg alg = OC_ALG_3DES;
    OC_ASSERT_OK(oc_key_provider_alg(&world.keys, &uk, &alg));
    CU_ASSERT_EQUAL(alg, OC_ALG_SM4);
    world_end(&world);

    world = world_of("vectors/cards/describe-only.xml");
    CU_ASSERT_FALSE(oc_key_provider_has(&world.keys, &uk));
    OC_ASSERT_CODE(ask(&world, "SSSE/UK", NULL, 0, out, NULL), OC_E_UNAVAILABLE);
    world_end(&world);
}

static void derive_gives_roots_to_the_issuer(void)
{
    struct world world = world_of(cards[0]);
    oc_key root;
    oc_key same;
    oc_key_name name = named("PSAM/MK");
    OC_ASSERT_OK(oc_profile_derive(world.profile, world.crypto, &name, NULL, 0, &root, NULL));
    OC_ASSERT_OK(oc_key_load(&same, OC_ALG_3DES, oc_test_hex("C23D4A86B6942AA21CA4542373CECECB")));
    CU_ASSERT_TRUE(oc_key_equal(&root, &same));
    oc_diag diag = {0};
    name = named("SSSE/NONE");
    OC_ASSERT_CODE(oc_profile_derive(world.profile, world.crypto, &name, NULL, 0, &root, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "SSSE/NONE"));
    OC_ASSERT_OK(oc_profile_transport_key(world.profile, &root));
    OC_ASSERT_OK(oc_key_load(&same, OC_ALG_3DES, oc_profile_transport_bytes(world.profile)));
    CU_ASSERT_TRUE(oc_key_equal(&root, &same));
    world_end(&world);
}

struct search {
    oc_span text;
    char found[400];
};

static void look(void *context, const char *name, const oc_key *key)
{
    struct search *search = context;
    size_t used = strlen(search->found);
    if (oc_key_occurs(key, search->text)) {
        snprintf(search->found + used, sizeof search->found - used, "%s ", name);
    }
}

static void expect_found(struct world *world, oc_span text, const char *names)
{
    struct search search = {.text = text};
    oc_profile_keys_visit(world->profile, world->crypto, look, &search);
    CU_ASSERT_STRING_EQUAL(search.found, names);
}

/* The numbers of vectors/README.md: the root of SSSE/UK and the card's key. */
static void keys_are_found_where_they_may_not_be(void)
{
    struct world world = world_of(cards[0]);
    expect_found(&world, oc_test_hex("AADC0B9DEF73754C2F20F47ABA830D4AE5"), "key:SSSE/UK ");
    expect_found(&world, oc_span_text("key=cb1E9B1DAEF5C5387253660AC88F1EB6."), "key:SSSE/UK ");
    expect_found(&world, oc_span_text("CB 1E 9B 1D AE F5 C5 38 72 53 66 0A C8 8F 1E B6"), "key:SSSE/UK ");
    expect_found(&world, oc_span_text("CB:1E:9B:1D:AE:F5:C5:38\n72:53:66:0A:C8:8F:1E:B6"), "key:SSSE/UK ");
    expect_found(&world, oc_span_text("B1E9B1DAEF5C5387253660AC88F1EB6"), "");
    expect_found(&world, oc_span_text("CB1E9B1DAEF5C5387253660AC88F1EB"), "");
    expect_found(&world, oc_span_text("CB1E9B1D AEF5-C5387253660AC88F1EB6"), "");
    expect_found(&world, oc_span_empty(), "");
    world_end(&world);
    world = world_of("vectors/cards/describe-only.xml");
    expect_found(&world, oc_span_text("CB1E9B1DAEF5C5387253660AC88F1EB6"), "");
    world_end(&world);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"card key is the root by three factors", card_key_is_the_root_by_three_factors},
        {"card id codes carry their check", card_id_codes_carry_their_check},
        {"unknown keys are unavailable", unknown_keys_are_unavailable},
        {"derive gives roots to the issuer", derive_gives_roots_to_the_issuer},
        {"keys are found where they may not be", keys_are_found_where_they_may_not_be},
        {NULL, NULL},
    };
    return oc_test_main("profile keys", rows);
}
