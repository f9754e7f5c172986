/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/unit/card_kit.h"

/* A card's memory as a file. */

struct place {
    char folder[32];
    char file[48];
};

static void open_place(struct place *place)
{
    snprintf(place->folder, sizeof place->folder, "/tmp/oc-image-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/card.image", place->folder);
}

static void close_place(const struct place *place)
{
    (void)remove(place->file);
    CU_ASSERT_EQUAL(rmdir(place->folder), 0);
}

static void test_round(void)
{
    struct place place;
    open_place(&place);
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_SM4);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003000000"), 0x63C2);
    oc_card_image *image = NULL;
    oc_card_image *back = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_card_image_take(&image, kit.card));
    OC_ASSERT_OK(oc_card_image_save(image, place.file, &diag));
    OC_ASSERT_OK(oc_card_image_load(&back, place.file, &diag));
    CU_ASSERT(oc_card_image_equal(image, back));
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003" OC_KIT_PIN), 0x9000);
    OC_ASSERT_OK(oc_card_image_put(kit.card, back));
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000000"), 0x63C2);
    oc_card_image_free(&back);
    oc_card_image_free(&image);
    oc_kit_close(&kit);
    close_place(&place);
}

static void expect_refused(const struct place *place, oc_span content)
{
    oc_diag diag = {0};
    oc_card_image *image = NULL;
    OC_ASSERT_OK(oc_file_replace(place->file, content, &diag));
    CU_ASSERT_EQUAL(oc_card_image_load(&image, place->file, &diag).code, OC_E_FORMAT);
    CU_ASSERT_PTR_NULL(image);
    CU_ASSERT(strstr(diag.reason, place->file) != NULL);
}

/* Every bit counts, and every length but the right one is refused. */
static void test_damage(void)
{
    struct place place;
    open_place(&place);
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_card_image *image = NULL;
    oc_diag diag = {0};
    oc_buf file = {0};
    OC_ASSERT_OK(oc_card_image_take(&image, kit.card));
    OC_ASSERT_OK(oc_card_image_save(image, place.file, &diag));
    OC_ASSERT_OK(oc_file_read(&file, place.file, (size_t)1024 * 1024, &diag));
    for (size_t i = 0; i < file.len; i += i < 64 || i + 64 > file.len ? 1 : 131) {
        file.at[i] ^= 0x04;
        expect_refused(&place, oc_buf_span(&file));
        file.at[i] ^= 0x04;
        expect_refused(&place, oc_span_of(file.at, i));
    }
    OC_ASSERT_OK(oc_buf_append_byte(&file, 0));
    expect_refused(&place, oc_buf_span(&file));
    oc_card_image_free(&image);
    CU_ASSERT(!oc_is_ok(oc_card_image_load(&image, "/nonexistent/card.image", &diag)));
    CU_ASSERT_PTR_NULL(image);
    oc_buf_free(&file);
    oc_kit_close(&kit);
    close_place(&place);
}

/* A tear in the middle of a command, seen from outside. */
static void test_tear(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    oc_card_tear_after(kit.card, 12);
    uint8_t room[16];
    oc_wr response = oc_wr_of(room, sizeof room);
    oc_span update = oc_test_hex("00DC012C060104DEADBEEF");
    OC_ASSERT_CODE(kit.end.exchange(kit.end.self, update, &response), OC_E_GONE);
    CU_ASSERT_EQUAL(response.len, 0);
    OC_ASSERT_CODE(kit.end.exchange(kit.end.self, update, &response), OC_E_GONE); /* no power, no answer */
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C06"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0104AABBCCDD");
    uint64_t before = oc_card_written(kit.card);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    CU_ASSERT(oc_card_written(kit.card) > before);
    oc_card_tear_after(kit.card, 0);
    oc_card_hold(kit.card);
    CU_ASSERT_EQUAL(oc_kit_raw(&kit, update), 0x9000);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"saved and loaded", test_round}, {"damaged", test_damage}, {"torn", test_tear}, {NULL, NULL}};
    return oc_test_main("card_image", rows);
}
