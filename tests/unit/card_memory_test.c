/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "sim/card/nvm.h"
#include "tests/unit/card_kit.h"

static void test_pages(void)
{
    oc_nvm nvm;
    OC_ASSERT_CODE(oc_nvm_init(&nvm, 0), OC_E_LIMIT);
    OC_ASSERT_CODE(oc_nvm_init(&nvm, OC_NVM_CAPACITY_MAX + 1), OC_E_LIMIT);
    OC_ASSERT_OK(oc_nvm_init(&nvm, 8192));
    size_t empty = oc_nvm_own(&nvm);
    OC_ASSERT_OK(oc_nvm_fill_new(&nvm, 0, 0, 8192)); /* zeros are not stored */
    CU_ASSERT_EQUAL(oc_nvm_own(&nvm), empty);
    OC_ASSERT_OK(oc_nvm_write(&nvm, OC_NVM_PAGE - 2, oc_test_hex("01020304"))); /* over a page's end */
    uint8_t back[6];
    oc_nvm_read(&nvm, OC_NVM_PAGE - 3, back, sizeof back);
    OC_ASSERT_BYTES(oc_span_of(back, sizeof back), "000102030400");
    oc_nvm_read(&nvm, 8190, back, sizeof back); /* past the end */
    OC_ASSERT_BYTES(oc_span_of(back, sizeof back), "000000000000");
    OC_ASSERT_CODE(oc_nvm_write(&nvm, 8191, oc_test_hex("0102")), OC_E_LIMIT);
    OC_ASSERT_CODE(oc_nvm_write(&nvm, UINT32_MAX, oc_test_hex("01")), OC_E_LIMIT);
    OC_ASSERT_OK(oc_nvm_write(&nvm, 8191, oc_test_hex("01")));
    CU_ASSERT_EQUAL(*oc_nvm_view(&nvm, OC_NVM_PAGE, 1), 3);
    CU_ASSERT_EQUAL(*oc_nvm_view(&nvm, OC_NVM_PAGE * 2 - 1, 2), 0);
    oc_nvm_close(&nvm);
}

static void test_sharing(void)
{
    oc_nvm first;
    oc_nvm second = {0};
    OC_ASSERT_OK(oc_nvm_init(&first, 65536));
    OC_ASSERT_OK(oc_nvm_fill_new(&first, 0, 0xAA, 65536));
    size_t alone = oc_nvm_own(&first);
    CU_ASSERT(alone > 65536);
    OC_ASSERT_OK(oc_nvm_share(&second, &first));
    CU_ASSERT(oc_nvm_own(&first) < 512);
    CU_ASSERT(oc_nvm_own(&second) < 512);
    OC_ASSERT_OK(oc_nvm_write(&second, 1000, oc_test_hex("AAAAAA"))); /* the same: still shared */
    CU_ASSERT(oc_nvm_own(&second) < 512);
    OC_ASSERT_OK(oc_nvm_write(&second, 1000, oc_test_hex("BB")));
    CU_ASSERT(oc_nvm_own(&second) < 1024);
    CU_ASSERT_EQUAL(*oc_nvm_view(&first, 1000, 1), 0xAA);
    CU_ASSERT_EQUAL(*oc_nvm_view(&second, 1000, 1), 0xBB);
    CU_ASSERT_EQUAL(*oc_nvm_view(&second, 1001, 1), 0xAA);
    oc_nvm_close(&first);
    OC_ASSERT_OK(oc_nvm_commit(&second));
    OC_ASSERT_OK(oc_nvm_power_up(&second)); /* erases the log */
    CU_ASSERT_EQUAL(*oc_nvm_view(&second, 60000, 1), 0xAA);
    CU_ASSERT_EQUAL(oc_nvm_own(&second), alone);
    oc_nvm_close(&second);
}

static oc_card *clone_of(const oc_kit *kit, const oc_card_image *image, oc_crypto *crypto)
{
    oc_card_params params = {.atr = oc_test_hex("3B00"),
                             .transport_key = oc_test_hex(OC_KIT_TRANSPORT),
                             .transport_alg = OC_ALG_3DES,
                             .capacity = 4096,
                             .seed = 1};
    oc_card *card = NULL;
    OC_ASSERT_OK(oc_card_new(&card, kit->os, crypto, &params));
    OC_ASSERT_OK(oc_card_image_put(card, image));
    return card;
}

/* An image brings back what was, also the ATR, and takes the session. */
static void test_image(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_card_image *image = NULL;
    OC_ASSERT_OK(oc_card_image_take(&image, kit.card));
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003000000"), 0x63C2);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00DC012C060104AABBCCDE"), 0x9000);
    OC_ASSERT_OK(oc_card_image_put(kit.card, image));
    oc_kit_reset(&kit);
    OC_ASSERT_BYTES(oc_kit_data(&kit), OC_KIT_ATR);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000000"), 0x63C3);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C06"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0104AABBCCDD");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00DC012C060104AABBCCDE"), 0x6982);

    oc_kit other = kit;
    other.card = clone_of(&kit, image, kit.crypto);
    other.end = oc_card_endpoint(other.card);
    CU_ASSERT(oc_card_memory(other.card) < 2048);
    oc_kit_reset(&other);
    OC_ASSERT_BYTES(oc_kit_data(&other), OC_KIT_ATR);
    oc_kit_enter(&other);
    oc_kit_verify(&other);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2013405"), 0x6982); /* sessions are their own */
    CU_ASSERT_EQUAL(oc_kit_hex(&other, "0020000003000000"), 0x63C2);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000000"), 0x63C3);
    oc_card_image_free(&image);
    CU_ASSERT_EQUAL(oc_kit_hex(&other, "0020000003" OC_KIT_PIN), 0x9000);
    oc_card_free(&other.card);
    oc_kit_close(&kit);
}

typedef struct worker {
    const oc_kit *kit;
    const oc_card_image *image;
    unsigned wrong;
} worker;

/* Cards of one image in several threads: each writes to pages that all share. */
static void *work(void *context)
{
    worker *w = context;
    oc_crypto *crypto = NULL;
    if (!oc_is_ok(oc_crypto_new(&crypto))) {
        w->wrong++;
        return NULL;
    }
    const uint8_t select[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0xDD, 0xF1};
    const uint8_t verify[] = {0x00, 0x20, 0x00, 0x00, 0x03, 0x12, 0x34, 0x56};
    const uint8_t atr[] = {0x3B, 0x00};
    const uint8_t key[16] = {0};
    oc_card_params params = {.atr = {atr, sizeof atr}, .transport_key = {key, sizeof key}, .seed = 1};
    for (unsigned i = 0; i < 200; i++) {
        oc_card *card = NULL;
        uint8_t room[64];
        oc_wr wr = oc_wr_of(room, sizeof room);
        bool fine = oc_is_ok(oc_card_new(&card, w->kit->os, crypto, &params)) &&
                    oc_is_ok(oc_card_image_put(card, w->image));
        oc_endpoint end = fine ? oc_card_endpoint(card) : (oc_endpoint){0};
        fine = fine && oc_is_ok(end.reset(end.self, OC_RESET_COLD, &wr));
        wr.len = 0;
        fine = fine && oc_is_ok(end.exchange(end.self, oc_span_of(select, sizeof select), &wr)) &&
               oc_is_ok(end.exchange(end.self, oc_span_of(verify, sizeof verify), &wr));
        const uint8_t both_ok[] = {0x90, 0x00, 0x90, 0x00};
        fine = fine && oc_span_equal(oc_wr_span(&wr), oc_span_of(both_ok, sizeof both_ok));
        w->wrong += !fine;
        oc_card_free(&card);
    }
    oc_crypto_free(&crypto);
    return NULL;
}

static void test_threads(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_card_image *image = NULL;
    OC_ASSERT_OK(oc_card_image_take(&image, kit.card));
    worker workers[4];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        workers[i] = (worker){&kit, image, 0};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_EQUAL(workers[i].wrong, 0);
    }
    oc_card_image_free(&image);
    oc_kit_close(&kit);
}

static void test_parameters(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_card *card = NULL;
    oc_span key = oc_test_hex(OC_KIT_TRANSPORT);
    const oc_card_params wrong[] = {
        {.atr = oc_test_hex("3B"), .transport_key = key},
        {.atr = {kit.data, 34}, .transport_key = key},
        {.atr = oc_test_hex("3B00"), .transport_key = oc_span_slice(key, 0, 15)},
        {.atr = oc_test_hex("3B00"), .transport_key = key, .transport_alg = 1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        OC_ASSERT_CODE(oc_card_new(&card, kit.os, kit.crypto, &wrong[i]), OC_E_USAGE);
        CU_ASSERT_PTR_NULL(card);
    }
    oc_card_params big = {.atr = oc_test_hex("3B00"), .transport_key = key, .capacity = SIZE_MAX};
    OC_ASSERT_CODE(oc_card_new(&card, kit.os, kit.crypto, &big), OC_E_LIMIT);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"pages", test_pages},     {"shared pages", test_sharing},       {"images", test_image},
        {"threads", test_threads}, {"chip parameters", test_parameters}, {NULL, NULL},
    };
    return oc_test_main("card_memory", rows);
}
