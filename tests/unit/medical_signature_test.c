/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/signature.h"

#include <ctype.h>
#include <stdio.h>

#include "tests/support/oc_test.h"

#define NOW 1772414100

static oc_region *region;
static oc_med_signer *signer;

static void open_signer(const char *name)
{
    char path[128];
    oc_diag diag = {0};
    snprintf(path, sizeof path, "vectors/regions/%s.xml", name);
    OC_ASSERT_OK(oc_region_load(&region, path, "vectors/schema", &diag));
    OC_ASSERT_OK(oc_med_signer_new(&signer, region));
}

static void close_signer(void)
{
    oc_med_signer_free(&signer);
    oc_region_free(&region);
}

static const char message_text[] =
    "{\"infno\":\"9001\",\"input\":{\"signIn\":{\"opter_no\":\"1\", \"mac\":\"示例\"}},\"msgid\":\"1\"}";

static void sign(oc_buf *message, oc_fields *headers, const char *nonce)
{
    OC_ASSERT_OK(oc_buf_set(message, oc_span_text(message_text)));
    OC_ASSERT_OK(oc_med_sign(signer, NOW, nonce, message, headers));
}

/* What is found: "" for nothing. */
static const char *verdict(oc_buf *message, const oc_fields *headers, int64_t now)
{
    static oc_med_findings findings;
    findings = (oc_med_findings){0};
    OC_ASSERT_OK(oc_med_verify(signer, now, headers, message, &findings));
    return findings.count == 0 ? "" : findings.at[0].expected;
}

static void swap(oc_buf *message, const char *from, char to)
{
    for (size_t i = 0; i + strlen(from) <= message->len; i++) {
        if (memcmp(message->at + i, from, strlen(from)) == 0) {
            message->at[i] = (uint8_t)to;
            return;
        }
    }
    CU_FAIL("nothing to change");
}

/* SM3 of the input's bytes, computed by another program:
 * printf '%s' '{"signIn":{"opter_no":"1", "mac":"示例"}}' | openssl dgst -sm3 */
#define SM3_OF_INPUT "\"5372BFB683A7D0FD692D016AE69AD82AA6347B8CB68426F480DE711AD7C7DB9D\""

static void a_digest_covers_the_bytes(void)
{
    oc_buf message = {0};
    oc_fields headers = {0};
    open_signer("guangzhou");
    sign(&message, &headers, "n");
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "");
    oc_span cainfo = oc_med_member_text(oc_buf_span(&message), "cainfo");
    CU_ASSERT_TRUE(oc_span_equal(cainfo, oc_span_text(SM3_OF_INPUT)));
    swap(&message, "1\", ", '2');
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "the SM3 of the input");
    sign(&message, &headers, "n");
    for (size_t i = message.len - 66; i < message.len; i++) {
        message.at[i] = (uint8_t)tolower(message.at[i]);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, NULL, NOW), "small"));
    oc_buf_free(&message);
    oc_fields_free(&headers);
    close_signer();
}

static void what_was_written_anew_is_told(void)
{
    oc_buf message = {0};
    oc_fields headers = {0};
    static const char compact[] =
        "{\"infno\":\"9001\",\"input\":{\"signIn\":{\"opter_no\":\"1\",\"mac\":\"示例\"}},\"msgid\":\"1\"}";
    static const char *const regions[] = {"guangzhou", "yunnan"};
    for (size_t i = 0; i < 2; i++) {
        open_signer(regions[i]);
        OC_ASSERT_OK(oc_buf_set(&message, oc_span_text(compact)));
        OC_ASSERT_OK(oc_med_sign(signer, NOW, "n", &message, &headers));
        CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "");
        /* The same signature behind the message with one blank more. */
        oc_buf sent = {0};
        size_t cut = strlen(compact) - 1;
        OC_ASSERT_OK(oc_buf_set(&sent, oc_span_of(message_text, strlen(message_text) - 1)));
        OC_ASSERT_OK(oc_buf_append(&sent, oc_span_of(message.at + cut, message.len - cut)));
        CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&sent, NULL, NOW), "written anew"));
        oc_buf_free(&sent);
        close_signer();
    }
    oc_buf_free(&message);
    oc_fields_free(&headers);
}

static void a_signature_covers_the_bytes(void)
{
    oc_buf message = {0};
    oc_fields headers = {0};
    open_signer("yunnan");
    sign(&message, &headers, "n");
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "");
    swap(&message, "1\", ", '2');
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "an SM2 signature over the input");
    OC_ASSERT_OK(oc_buf_set(&message, oc_span_text(message_text)));
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "SM2");
    oc_buf_free(&message);
    oc_fields_free(&headers);
    close_signer();
}

static void a_gateway_takes_a_nonce_once(void)
{
    oc_buf message = {0};
    oc_fields headers = {0};
    open_signer("chongqing");
    sign(&message, &headers, "nonce-1");
    CU_ASSERT_STRING_EQUAL(verdict(&message, &headers, NOW + 60), "");
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, &headers, NOW + 61), "nonce"));
    sign(&message, &headers, "nonce-2");
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, &headers, NOW + 3600), "time"));
    OC_ASSERT_OK(oc_fields_set_text(&headers, "x-tif-nonce", "nonce-3"));
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, &headers, NOW), "SHA-256"));
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, NULL, NOW), "number"));
    oc_buf_free(&message);
    oc_fields_free(&headers);
    close_signer();
}

static void an_envelope_is_opened(void)
{
    oc_buf message = {0};
    oc_fields headers = {0};
    open_signer("mobile");
    sign(&message, &headers, "n");
    CU_ASSERT_PTR_NULL(memmem(message.at, message.len, "opter_no", 8));
    oc_buf kept = {0};
    OC_ASSERT_OK(oc_buf_set(&kept, oc_buf_span(&message)));
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW), "");
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&message), oc_span_text(message_text)));
    OC_ASSERT_OK(oc_buf_set(&message, oc_buf_span(&kept)));
    CU_ASSERT_STRING_EQUAL(verdict(&message, NULL, NOW + 3600), "a time near the host's");
    OC_ASSERT_OK(oc_buf_set(&message, oc_buf_span(&kept)));
    swap(&message, "onecard-test", 'X');
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, NULL, NOW), "sorted members"));
    OC_ASSERT_OK(oc_buf_set(&message, oc_span_text("{\"encType\":\"SM4\",\"signType\":\"SM2\",\"encData\":\"00\"}")));
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict(&message, NULL, NOW), "SM4"));
    oc_buf_free(&kept);
    oc_buf_free(&message);
    oc_fields_free(&headers);
    close_signer();
}

static bool member_is(const char *json, const char *name, const char *value)
{
    return oc_span_equal(oc_med_member_text(oc_span_text(json), name), oc_span_text(value));
}

static void members_are_found_as_they_stand(void)
{
    CU_ASSERT_TRUE(member_is("{\"a\":1,\"input\": { \"x\" : \"}\" } ,\"b\":2}", "input", "{ \"x\" : \"}\" }"));
    CU_ASSERT_TRUE(member_is("{\"a\":{\"input\":1},\"input\":[2,\"]\"]}", "input", "[2,\"]\"]"));
    CU_ASSERT_TRUE(member_is("{\"a\":\"\\\"input\\\":3\",\"input\":\"\\\"\"}", "input", "\"\\\"\""));
    CU_ASSERT_TRUE(member_is("{\"input\":12}", "input", "12"));
    CU_ASSERT_TRUE(member_is("{}", "input", ""));
    CU_ASSERT_TRUE(member_is("[1]", "input", ""));
    CU_ASSERT_TRUE(member_is("{\"inpu\":1", "input", ""));
}

int main(void)
{
    static const oc_test_row rows[] = {{"a digest covers the bytes", a_digest_covers_the_bytes},
                                       {"what was written anew is told", what_was_written_anew_is_told},
                                       {"a signature covers the bytes", a_signature_covers_the_bytes},
                                       {"a gateway takes a nonce once", a_gateway_takes_a_nonce_once},
                                       {"an envelope is opened", an_envelope_is_opened},
                                       {"members are found as they stand", members_are_found_as_they_stand},
                                       {NULL, NULL}};
    return oc_test_main("medical signatures", rows);
}
