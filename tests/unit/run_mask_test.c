/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/mask.h"

#include "sim/base/hex.h"
#include "tests/support/oc_test.h"

static oc_profile *profile;
static oc_mask *mask;
static oc_arena arena;

static oc_span value_of(const char *reference, oc_buf *room)
{
    oc_buf_clear(room);
    OC_ASSERT_OK(oc_profile_value(profile, reference, room));
    return oc_buf_span(room);
}

static void pin_in_hex(void)
{
    oc_buf command = {0};
    oc_buf pin = {0};
    OC_ASSERT_OK(oc_buf_append(&command, oc_test_hex("0020000003")));
    OC_ASSERT_OK(oc_buf_append(&command, value_of("pin", &pin)));
    OC_ASSERT_OK(oc_buf_append(&command, oc_test_hex("9000")));
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(mask, &arena, oc_buf_span(&command)), "0020000003{@pin}9000");
    oc_buf_free(&command);
    oc_buf_free(&pin);
}

static void pin_in_digits(void)
{
    oc_buf pin = {0};
    char digits[16];
    oc_hex_encode(digits, sizeof digits, value_of("pin", &pin));
    CU_ASSERT_STRING_EQUAL(oc_mask_text(mask, &arena, oc_span_text(digits)), "'{@pin}'");
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(mask, &arena, oc_span_text(digits)), "{@pin}");
    oc_buf_free(&pin);
}

/* Every secret, alone and between other bytes; what a mask leaves does not contain it. */
static void check_hidden(void *context, const char *reference, oc_span value)
{
    unsigned *count = context;
    if (value.len < 3) {
        return;
    }
    (*count)++;
    oc_buf around = {0};
    OC_ASSERT_OK(oc_buf_append(&around, oc_test_hex("00B2")));
    OC_ASSERT_OK(oc_buf_append(&around, value));
    OC_ASSERT_OK(oc_buf_append(&around, oc_test_hex("00000000")));
    static char plain[8192];
    oc_hex_encode(plain, sizeof plain, value);
    const char *bytes = oc_mask_bytes(mask, &arena, oc_buf_span(&around));
    if (strstr(bytes, plain) != NULL) {
        printf("\n    %s is not masked", reference);
        CU_FAIL("not masked");
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(bytes, "{@"));
    size_t bare = value.len;
    while (bare > 0 && value.at[bare - 1] == 0x00) {
        bare--;
    }
    if (bare >= 3) { /* as a terminal hands it on */
        const char *text = oc_mask_text(mask, &arena, oc_span_slice(value, 0, bare));
        CU_ASSERT_PTR_NOT_NULL(strstr(text, "{@"));
    }
    oc_buf_free(&around);
}

static void every_secret_is_hidden(void)
{
    unsigned count = 0;
    oc_profile_secrets(profile, check_hidden, &count);
    CU_ASSERT(count >= 5);
}

static void name_with_and_without_padding(void)
{
    oc_buf name = {0};
    oc_span padded = value_of("SSSE/EF06/09", &name); /* the holder's name, filled with zeros */
    CU_ASSERT_FATAL(padded.len > 3 && padded.at[padded.len - 1] == 0x00);
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(mask, &arena, padded), "{@SSSE/EF06/09}");
    size_t bare = padded.len;
    while (padded.at[bare - 1] == 0x00) {
        bare--;
    }
    const char *cut = oc_mask_bytes(mask, &arena, oc_span_slice(padded, 0, bare));
    CU_ASSERT_PTR_NOT_NULL(strstr(cut, "{@SSSE/EF06/09"));
    CU_ASSERT_EQUAL(cut[strlen(cut) - 1], '}');
    oc_buf_free(&name);
}

static void other_bytes_stay(void)
{
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(mask, &arena, oc_test_hex("00A40400073B00FF")), "00A40400073B00FF");
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(mask, &arena, oc_span_empty()), "");
    CU_ASSERT_STRING_EQUAL(oc_mask_text(mask, &arena, oc_span_text("accepted 已受理")), "'accepted 已受理'");
    CU_ASSERT_STRING_EQUAL(oc_mask_text(mask, &arena, oc_test_hex("41C3")), "41C3"); /* no UTF-8 */
    CU_ASSERT_STRING_EQUAL(oc_mask_text(mask, &arena, oc_test_hex("410A42")), "410A42");
    CU_ASSERT_STRING_EQUAL(oc_mask_text(mask, &arena, oc_span_empty()), "");
}

static void command_is(const char *command, const char *shown)
{
    CU_ASSERT_STRING_EQUAL(oc_mask_command(mask, &arena, oc_test_hex(command)), shown);
}

/* Values that the profile does not know, where secrets stand. */
static void places_hide_what_is_not_known(void)
{
    command_is("0020000003286719", "0020000003{@pin}");
    command_is("0020000003777777", "0020000003{3 bytes}");
    command_is("00200000021234", "0020000002{2 bytes}");
    command_is("805E010007777777FF286719", "805E010007{3 bytes}FF{@pin}");
    command_is("00DC0930060904414243440A0131", "00DC0930060904{4 bytes}0A0131");
    command_is("00DC0930030910414243", "00DC093003{5 bytes}"); /* cut short */
    command_is("00A40000023F00", "00A40000023F00");
    oc_span read = oc_test_hex("00B2093000");
    CU_ASSERT_STRING_EQUAL(oc_mask_response(mask, &arena, read, oc_test_hex("0904414243449000")), "0904{4 bytes}9000");
    CU_ASSERT_STRING_EQUAL(oc_mask_response(mask, &arena, read, oc_test_hex("0A01319000")), "0A01319000");
    CU_ASSERT_STRING_EQUAL(oc_mask_response(mask, &arena, read, oc_test_hex("6A83")), "6A83");
    CU_ASSERT_TRUE(oc_mask_is_secret(mask, read, oc_test_hex("090441424344")));
    CU_ASSERT_FALSE(oc_mask_is_secret(mask, read, oc_test_hex("0A0131")));
    CU_ASSERT_STRING_EQUAL(oc_mask_field(mask, &arena, "old", oc_span_text("777777")), "{6 bytes}");
    CU_ASSERT_STRING_EQUAL(oc_mask_field(mask, &arena, "5", oc_span_text("someone")), "{7 bytes}");
    CU_ASSERT_STRING_EQUAL(oc_mask_field(mask, &arena, "pin", oc_span_text("286719")), "'{@pin}'");
    CU_ASSERT_STRING_EQUAL(oc_mask_field(mask, &arena, "code", oc_span_text("-51")), "'-51'");
}

static void revealed_on_request(void)
{
    oc_mask *open = NULL;
    oc_buf pin = {0};
    char digits[16];
    OC_ASSERT_OK(oc_mask_new(&open, profile, true));
    oc_hex_encode(digits, sizeof digits, value_of("pin", &pin));
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(open, &arena, oc_buf_span(&pin)), digits);
    oc_mask_free(&open);
    CU_ASSERT_PTR_NULL(open);
    oc_buf_free(&pin);
}

static void nothing_to_hide_without_profile(void)
{
    oc_mask *bare = NULL;
    OC_ASSERT_OK(oc_mask_new(&bare, NULL, false));
    CU_ASSERT_STRING_EQUAL(oc_mask_bytes(bare, &arena, oc_test_hex("286719")), "286719");
    oc_mask_free(&bare);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a PIN in hex", pin_in_hex},
        {"a PIN in digits", pin_in_digits},
        {"every secret is hidden", every_secret_is_hidden},
        {"a name with and without padding", name_with_and_without_padding},
        {"other bytes stay", other_bytes_stay},
        {"places hide what is not known", places_hide_what_is_not_known},
        {"revealed on request", revealed_on_request},
        {"nothing to hide without profile", nothing_to_hide_without_profile},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_profile_load(&profile, "vectors/cards/ssc-3.0.xml", &diag)) ||
        !oc_is_ok(oc_mask_new(&mask, profile, false))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 2;
    }
    int code = oc_test_main("mask", rows);
    oc_mask_free(&mask);
    oc_profile_free(&profile);
    oc_arena_free(&arena);
    return code;
}
