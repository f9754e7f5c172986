/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ecard/ecard.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/host/ecard/qr.h"
#include "sim/host/ecard/token.h"
#include "tests/unit/medical_kit.h"

static struct med_kit kit;
static oc_ecard *ecard;
static oc_random dice;
static oc_fields answer;

#define HOLDER_ID "999901198001010011"
#define NEW_CARD "99990100000000000000000000000005"

static void open_ecard(void)
{
    med_kit_open(&kit, "national", "H31010000001");
    oc_random_init(&dice, 7, "ecard");
    const oc_ecard_parts parts = {.medical = kit.medical, .clock = &kit.clock, .random = &dice};
    OC_ASSERT_OK(oc_ecard_new(&ecard, &parts));
}

static void close_ecard(void)
{
    oc_fields_free(&answer);
    oc_ecard_free(&ecard);
    med_kit_close(&kit);
}

static const char *get(const char *name)
{
    static char text[4][200];
    static unsigned at;
    oc_span value = oc_fields_span(&answer, name);
    char *out = text[at++ % 4];
    snprintf(out, sizeof text[0], "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.at);
    return out;
}

/* The reason of a refusal; "" when it is accepted. */
static const char *tell(const char *name, ...) __attribute__((sentinel));
static const char *tell(const char *name, ...)
{
    oc_fields in = {0};
    oc_diag diag = {0};
    va_list args;
    va_start(args, name);
    for (const char *field = va_arg(args, const char *); field != NULL; field = va_arg(args, const char *)) {
        OC_ASSERT_OK(oc_fields_set_text(&in, field, va_arg(args, const char *)));
    }
    va_end(args);
    oc_result r = oc_ecard_message(ecard, name, &in, &answer, &diag);
    if (!oc_is_ok(r)) {
        printf("\n%s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    oc_fields_free(&in);
    CU_ASSERT_STRING_EQUAL(get("result"), get("reason")[0] == '\0' ? "accepted" : "refused");
    return get("reason");
}

static void sign_card(char serial[64])
{
    char number[64];
    CU_ASSERT_STRING_EQUAL(tell("ecard-check", "id-number", HOLDER_ID, "name", "示例持卡人", NULL), "");
    snprintf(number, sizeof number, "%s", get("check-no"));
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", number, "id-number", HOLDER_ID, "card-id", MED_KIT_CARD_ID, NULL), "");
    snprintf(serial, 64, "%s", get("serial"));
}

static void show_code(const char *serial, const char *scope, char token[200])
{
    CU_ASSERT_STRING_EQUAL(tell("ecard-show", "serial", serial, "scope", scope, NULL), "");
    snprintf(token, 200, "%s", get("token"));
}

static void a_code_is_taken_once(void)
{
    char serial[64];
    char token[200];
    open_ecard();
    sign_card(serial);
    show_code(serial, "platform", token);
    CU_ASSERT_EQUAL(strlen(token), OC_ECARD_TEXT);
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "medical", NULL), "scope");
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "platform", NULL), "");
    CU_ASSERT_STRING_EQUAL(get("serial"), serial);
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "platform", NULL), "replayed");
    close_ecard();
}

static void altered_and_late_codes_are_refused(void)
{
    char serial[64];
    char token[200];
    char longer[210];
    open_ecard();
    sign_card(serial);
    show_code(serial, "platform", token);
    snprintf(longer, sizeof longer, "%sA", token);
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", longer, "scope", "platform", NULL), "too-long");
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", "", "scope", "platform", NULL), "form");
    for (size_t i = 0; i < OC_ECARD_TEXT; i++) {
        char bad[200];
        snprintf(bad, sizeof bad, "%s", token);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        const char *reason = tell("ecard-verify", "token", bad, "scope", "platform", NULL);
        CU_ASSERT_TRUE(strcmp(reason, "form") == 0 || strcmp(reason, "signature") == 0);
    }
    kit.clock.seconds += OC_ECARD_LIFETIME + 1;
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "platform", NULL), "expired");
    kit.clock.seconds -= 2 * OC_ECARD_LIFETIME;
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "platform", NULL), "not-yet");
    close_ecard();
}

static void a_check_is_the_person_s_fresh_and_used_once(void)
{
    char serial[64];
    char number[64];
    oc_med_person other;
    open_ecard();
    CU_ASSERT_STRING_EQUAL(tell("ecard-check", "id-number", "1", "name", "x", NULL), "person");
    CU_ASSERT_STRING_EQUAL(tell("ecard-check", "id-number", HOLDER_ID, "name", "x", NULL), "name");
    CU_ASSERT_TRUE(oc_med_person_at(oc_region_persons(kit.region), 5, &other));
    CU_ASSERT_STRING_EQUAL(tell("ecard-check", "id-number", other.id_number, "name", other.name, NULL), "");
    snprintf(number, sizeof number, "%s", get("check-no"));
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", number, "id-number", HOLDER_ID, "card-id", MED_KIT_CARD_ID, NULL),
        "check-foreign");
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", number, "id-number", other.id_number, "card-id", MED_KIT_CARD_ID, NULL),
        "card-foreign");
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", "00", "id-number", HOLDER_ID, "card-id", MED_KIT_CARD_ID, NULL),
        "check-unknown");
    sign_card(serial);
    kit.clock.seconds += OC_ECARD_CHECK_AGE + 1;
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", number, "id-number", other.id_number, "card-id", other.card_id, NULL),
        "check-expired");
    close_ecard();
}

static void one_card_has_one_electronic_card(void)
{
    char serial[64];
    char token[200];
    char number[64];
    open_ecard();
    sign_card(serial);
    CU_ASSERT_STRING_EQUAL(tell("ecard-check", "id-number", HOLDER_ID, "name", "示例持卡人", NULL), "");
    snprintf(number, sizeof number, "%s", get("check-no"));
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", number, "id-number", HOLDER_ID, "card-id", MED_KIT_CARD_ID, NULL), "bound");
    show_code(serial, "medical", token);
    OC_ASSERT_OK(oc_medical_list_card(kit.medical, MED_KIT_CARD_ID, "replaced", NULL));
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "medical", NULL), "card-listed");
    CU_ASSERT_STRING_EQUAL(tell("ecard-show", "serial", serial, "scope", "medical", NULL), "card-listed");
    CU_ASSERT_STRING_EQUAL(tell("ecard-rebind", "serial", serial, "card-id", NEW_CARD, NULL), "card-foreign");
    OC_ASSERT_OK(oc_medical_list_card(kit.medical, MED_KIT_CARD_ID, NULL, NULL));
    CU_ASSERT_STRING_EQUAL(tell("ecard-rebind", "serial", serial, "card-id", NEW_CARD, NULL), "card-in-use");
    CU_ASSERT_STRING_EQUAL(tell("ecard-revoke", "serial", serial, NULL), "");
    CU_ASSERT_STRING_EQUAL(tell("ecard-revoke", "serial", serial, NULL), "revoked");
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", token, "scope", "medical", NULL), "revoked");
    CU_ASSERT_STRING_EQUAL(
        tell("ecard-sign", "check-no", number, "id-number", HOLDER_ID, "card-id", MED_KIT_CARD_ID, NULL), "");
    close_ecard();
}

static void a_code_settles_as_a_voucher(void)
{
    char serial[64];
    char token[200];
    char voucher[64];
    open_ecard();
    sign_card(serial);
    show_code(serial, "medical", token);
    CU_ASSERT_STRING_EQUAL(tell("ecard-query", "token", token, NULL), "");
    snprintf(voucher, sizeof voucher, "%s", get("ec-token"));
    CU_ASSERT_TRUE(med_kit_send(&kit, "9001", NULL));
    CU_ASSERT_TRUE(med_kit_send(&kit, "1101", "data.mdtrt_cert_type", "01", "data.mdtrt_cert_no", voucher, NULL));
    CU_ASSERT_STRING_EQUAL(med_kit_get(&kit, "output.baseinfo.certno"), HOLDER_ID);
    kit.clock.seconds += OC_ECARD_VOUCHER_AGE + 1;
    CU_ASSERT_FALSE(med_kit_send(&kit, "1101", "data.mdtrt_cert_type", "01", "data.mdtrt_cert_no", voucher, NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[VOUCHER"));
    close_ecard();
}

static void a_code_is_drawn(void)
{
    oc_buf picture = {0};
    char longest[4000];
    OC_ASSERT_OK(oc_qr_draw(&picture, OC_QR_PBM, "OCEC1.test", 3, NULL));
    CU_ASSERT_EQUAL(memcmp(picture.at, "P1\n87 87\n", 9), 0); /* version 1: 21 modules and 8 of quiet zone */
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    OC_ASSERT_CODE(oc_qr_draw(&picture, OC_QR_PBM, longest, 3, NULL), OC_E_LIMIT);
    OC_ASSERT_CODE(oc_qr_draw(&picture, OC_QR_PBM, "x", 0, NULL), OC_E_USAGE);
    oc_buf_free(&picture);
}

/* What another program reads from the picture. */
static void a_scanner_reads_it(void)
{
    char serial[64];
    char token[200];
    char path[] = "/tmp/onecard-qr-XXXXXX.png";
    char command[128];
    char read[256] = "";
    oc_buf picture = {0};
    if (system("command -v zbarimg >/dev/null 2>&1") != 0) {
        printf("\nzbarimg is not there: not tried\n");
        return;
    }
    open_ecard();
    sign_card(serial);
    show_code(serial, "library", token);
    OC_ASSERT_OK(oc_qr_draw(&picture, OC_QR_PNG, token, 4, NULL));
    FILE *file = fdopen(mkstemps(path, 4), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(picture.at, 1, picture.len, file), picture.len);
    fclose(file);
    snprintf(command, sizeof command, "zbarimg -q --raw %s 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(pipe);
    CU_ASSERT_PTR_NOT_NULL(fgets(read, sizeof read, pipe));
    pclose(pipe);
    remove(path);
    read[strcspn(read, "\n")] = '\0';
    CU_ASSERT_STRING_EQUAL(read, token);
    CU_ASSERT_STRING_EQUAL(tell("ecard-verify", "token", read, "scope", "library", NULL), "");
    oc_buf_free(&picture);
    close_ecard();
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a code is taken once", a_code_is_taken_once},
        {"altered and late codes are refused", altered_and_late_codes_are_refused},
        {"a check is the person's, fresh, used once", a_check_is_the_person_s_fresh_and_used_once},
        {"one card has one electronic card", one_card_has_one_electronic_card},
        {"a code settles as a voucher", a_code_settles_as_a_voucher},
        {"a code is drawn", a_code_is_drawn},
        {"a scanner reads it", a_scanner_reads_it},
        {NULL, NULL}};
    return oc_test_main("electronic card", rows);
}
