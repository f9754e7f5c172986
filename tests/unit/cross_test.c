/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/cross/cross_http.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/text.h"
#include "tests/unit/host_keys.h"
#include "tests/unit/medical_kit.h"

#define ATR "8660112233445566"
#define CARD_ID "43010000112233445566778899001122"
#define R1 "1122334455667788"
#define R2 "8877665544332211"
#define R3 "0102030405060708"
#define R4 "1112131415161718"

static struct test_keys keys;
static struct med_kit kit;
static oc_cross_parts parts;
static oc_fields answer;

static void open_service(uint8_t alg, bool with_persons)
{
    test_keys_open(&keys, alg);
    const oc_host_parts host = {.store = ":memory:", .keys = test_keys_provider(&keys)};
    parts = (oc_cross_parts){0};
    OC_ASSERT_OK(oc_host_open(&parts.host, &host, NULL));
    if (with_persons) {
        med_kit_open(&kit, "national", "H31010000001");
        parts.medical = kit.medical;
    }
}

static void close_service(void)
{
    oc_fields_free(&answer);
    if (parts.medical != NULL) {
        med_kit_close(&kit);
    }
    oc_host_close(&parts.host);
    test_keys_close(&keys);
}

static bool says(const char *name, const char *value)
{
    bool same = test_says(&answer, name, value);
    if (!same) {
        oc_span is = oc_fields_span(&answer, name);
        printf("\n%s is '%.*s'\n", name, (int)is.len, is.len == 0 ? "" : (const char *)is.at);
    }
    return same;
}

/* Sends these bytes; the answer is well-formed and both its numbers are the same. */
static void send_bytes(const char *service, oc_span body)
{
    oc_buf out = {0};
    OC_ASSERT_OK(oc_cross_message(&parts, service, body, &out, NULL));
    CU_ASSERT_EQUAL(memcmp(out.at, "<?xml version=\"1.0\" encoding=\"GBK\"?><output>", 44), 0);
    OC_ASSERT_OK(oc_cross_read(&answer, oc_buf_span(&out), NULL));
    oc_buf_free(&out);
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "result"), oc_fields_span(&answer, "errorcode")));
    CU_ASSERT_EQUAL(test_says(&answer, "result", "0"), oc_fields_span(&answer, "errormsg").len == 0);
}

/* One pair of them may be changed: `name` gets `value`; NULL leaves it out. */
static void send_pairs(const char *service, const char *const *pairs, const char *name, const char *value)
{
    oc_fields in = {0};
    oc_buf body = {0};
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        const char *sent = strcmp(pairs[i], name) == 0 ? value : pairs[i + 1];
        if (sent != NULL) {
            OC_ASSERT_OK(oc_fields_set_text(&in, pairs[i], sent));
        }
    }
    OC_ASSERT_OK(oc_cross_write(&body, "input", &in));
    send_bytes(service, oc_buf_span(&body));
    oc_fields_free(&in);
    oc_buf_free(&body);
}

static void send_text(const char *service, const char *utf8)
{
    oc_buf body = {0};
    OC_ASSERT_OK(oc_text_to_card(&body, oc_span_text(utf8)));
    send_bytes(service, oc_buf_span(&body));
    oc_buf_free(&body);
}

static const char *const foshan[] = {"transid", "1903",   "aab301", "430100", "aaz507", ATR,      "aaa254",
                                     "03",      "aaz501", CARD_ID,  "aaa311", R1,       "aaa312", R2,
                                     "aaa313",  R3,       "aaa314", R4,       NULL};
static const char *const zhejiang[] = {"AAB301", "430100", "AAZ507", ATR, "AFLAG", "01", "AAZ501", CARD_ID, "SJS1", R1,
                                       "SJS2",   R2,       "SJS3",   "",  "SJS4",  "",   NULL};
static const char *const identity[] = {"aab301", "999901",     "aac002", "999901198001010011",
                                       "aaz500", MED_KIT_CARD, "aaz501", MED_KIT_CARD_ID,
                                       "aac003", "示例持卡人", NULL};

/* The answer holds what the HSM says to the same Step1, cut in two. */
static void same_as_hsm(const char *step1, const char *internal, const char *external)
{
    oc_fields in = {0};
    oc_fields hsm = {0};
    char joined[200];
    oc_span one = oc_fields_span(&answer, internal);
    oc_span two = oc_fields_span(&answer, external);
    CU_ASSERT_EQUAL(one.len, 32);
    snprintf(joined, sizeof joined, "%.*s|%.*s|", (int)one.len, (const char *)one.at, (int)two.len,
             two.len == 0 ? "" : (const char *)two.at);
    OC_ASSERT_OK(oc_fields_set_text(&in, "step1", step1));
    OC_ASSERT_OK(oc_host_message(parts.host, "hsm-basic", &in, &hsm, NULL));
    CU_ASSERT_TRUE(test_says(&hsm, "pkey", joined));
    oc_fields_free(&in);
    oc_fields_free(&hsm);
}

static void authentication_data_come_from_the_hsm(void)
{
    open_service(OC_ALG_SM4, false);
    send_pairs("1903", foshan, "", NULL);
    CU_ASSERT_TRUE(says("result", "0"));
    CU_ASSERT_EQUAL(oc_fields_span(&answer, "aaa316").len, 32);
    same_as_hsm("430100|" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "aaa315", "aaa316");
    send_pairs("1903", foshan, "aaa314", NULL); /* a card of the third generation needs it */
    CU_ASSERT_TRUE(says("result", "-5"));
    send_pairs("1903", foshan, "aaa254", "01"); /* not the key's algorithm */
    CU_ASSERT_TRUE(says("result", "-5"));
    close_service();
    open_service(OC_ALG_3DES, false);
    send_pairs("9013", zhejiang, "", NULL);
    CU_ASSERT_TRUE(says("result", "0"));
    same_as_hsm("430100|" ATR "|01|" CARD_ID "|" R1 "|" R2 "|||", "RESULT1", "RESULT2");
    close_service();
}

static void fields_obey_their_tables(void)
{
    static const struct {
        const char *name;
        const char *value; /* NULL: left out */
        const char *result;
        const char *message;
    } rows[] = {
        {"aab301", NULL, "-2", "缺少字段：aab301"},
        {"aaz507", NULL, "-2", "缺少字段：aaz507"},
        {"aaa254", NULL, "-2", "缺少字段：aaa254"},
        {"aaz501", NULL, "-2", "缺少字段：aaz501"},
        {"aaa311", NULL, "-2", "缺少字段：aaa311"},
        {"aaa312", NULL, "-2", "缺少字段：aaa312"},
        {"aaa311", "112233445566778", "-2", "字段长度不符：aaa311"},
        {"aaa312", "11223344556677889", "-2", "字段长度不符：aaa312"},
        {"aaa313", "01", "-2", "字段长度不符：aaa313"},
        {"aaa314", "111213141516171G", "-2", "字段格式不符：aaa314"},
        {"aab301", "43010A", "-2", "字段格式不符：aab301"},
        {"aab301", "430101", "-4", "卡识别码与参保地不符：aaz501"},
        {"aaz501", "4301000011223344556677889900112", "-2", "字段长度不符：aaz501"},
        {"aaz501", "43020000112233445566778899001122", "-4", "卡识别码与参保地不符：aaz501"},
        {"aaa254", "0|", "-2", "字段格式不符：aaa254"},
        {"transid", "1904", "-2", "交易编号不符：transid"},
    };
    open_service(OC_ALG_SM4, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        send_pairs("1903", foshan, rows[i].name, rows[i].value);
        CU_ASSERT_TRUE(says("result", rows[i].result));
        CU_ASSERT_TRUE(says("errormsg", rows[i].message));
        CU_ASSERT_EQUAL(answer.count, 3);
    }
    close_service();
}

static void a_card_is_its_holder_s(void)
{
    open_service(OC_ALG_3DES, true);
    send_pairs("1904", identity, "", NULL);
    CU_ASSERT_TRUE(says("result", "0"));
    CU_ASSERT_TRUE(says("aab301", "999901"));
    send_pairs("1904", identity, "aac003", "示例某人");
    CU_ASSERT_TRUE(says("errormsg", "与持卡人信息不符：aac003"));
    send_pairs("1904", identity, "aac002", "999901198001010012");
    CU_ASSERT_TRUE(says("errormsg", "与持卡人信息不符：aac002"));
    send_pairs("1904", identity, "aaz500", "D99990009");
    CU_ASSERT_TRUE(says("errormsg", "与持卡人信息不符：aaz500"));
    send_pairs("1904", identity, "aaz501", "99990112345678901234567890123457");
    CU_ASSERT_TRUE(says("result", "-4"));
    CU_ASSERT_TRUE(says("errormsg", "查无此卡：aaz501"));
    send_pairs("1904", identity, "aac003", NULL);
    CU_ASSERT_TRUE(says("errormsg", "缺少字段：aac003"));
    OC_ASSERT_OK(oc_medical_list_card(kit.medical, MED_KIT_CARD_ID, "lost", NULL));
    send_pairs("1904", identity, "", NULL);
    CU_ASSERT_TRUE(says("errormsg", "该卡已挂失或已被更换：aaz501"));
    close_service();
}

static void hostile_bodies_are_answered(void)
{
    static const char *const bodies[] = {
        "",
        " ",
        "<",
        "<input>",
        "<?xml",
        "<?xml version='1.0' encoding='GBK'",
        "<?xml version='1.0' encoding='UTF-8'?><input/>",
        "<?xml version='1.0' encoding='UTF-16'?><input/>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><input><aab301>&a;</aab301></input>",
        "<input><aab301>&a;</aab301></input>",
        "<input><aab301>430100</aab301><aab301>430100</aab301></input>",
        "<input><aab301><b>430100</b></aab301></input>",
        "<input><a><b><c><d><e/></d></c></b></a></input>",
        "<input>\x01</input>",
        "{\"aab301\":\"430100\"}",
    };
    open_service(OC_ALG_3DES, false);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        send_text("1904", bodies[i]);
        CU_ASSERT_TRUE(says("result", "-1"));
    }
    /* a lead byte without its second */
    send_bytes("1904", oc_span_text("<input><aac003>\xCA</aac003></input>"));
    CU_ASSERT_TRUE(says("result", "-1"));
    /* UTF-8, whatever it declares */
    send_bytes("1904", oc_span_text("<?xml version='1.0' encoding='GBK'?><input><aac003>社保卡</aac003></input>"));
    CU_ASSERT_FALSE(test_says(&answer, "result", "0"));
    char *big = malloc(OC_CROSS_BODY_MAX + 2);
    memset(big, ' ', OC_CROSS_BODY_MAX + 1);
    memcpy(big, "<input/>", 8);
    send_bytes("1904", oc_span_of(big, OC_CROSS_BODY_MAX + 1));
    CU_ASSERT_TRUE(says("result", "-1"));
    send_bytes("1904", oc_span_of(big, OC_CROSS_BODY_MAX));
    CU_ASSERT_TRUE(says("result", "-2"));
    free(big);
    send_text("1904", "<?xml version='1.0' encoding='gb18030'?><whatever/>");
    CU_ASSERT_TRUE(says("result", "-2"));
    static const char *const services[] = {"", "190", "1905", "19031", "../1903"};
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        send_pairs(services[i], foshan, "", NULL);
        CU_ASSERT_TRUE(says("result", "-3"));
    }
    close_service();
}

static void many_fields_are_refused(void)
{
    char body[4096] = "<input>";
    open_service(OC_ALG_3DES, false);
    for (int i = 0; i <= OC_FIELDS_MAX; i++) {
        size_t len = strlen(body);
        snprintf(body + len, sizeof body - len, "<f%d/>", i);
    }
    strcat(body, "</input>");
    send_text("9013", body);
    CU_ASSERT_TRUE(says("result", "-1"));
    send_text("9013", "<input><f0123456789012345678901234567890123456789012345678/></input>");
    CU_ASSERT_TRUE(says("result", "-1"));
    close_service();
}

static void marks_survive_in_values(void)
{
    oc_fields in = {0};
    oc_buf body = {0};
    OC_ASSERT_OK(oc_fields_set_text(&in, "a", "1<2>&\"'社保𠮷"));
    OC_ASSERT_OK(oc_cross_write(&body, "input", &in));
    OC_ASSERT_OK(oc_cross_read(&answer, oc_buf_span(&body), NULL));
    CU_ASSERT_TRUE(says("a", "1<2>&\"'社保𠮷"));
    oc_fields_free(&in);
    oc_fields_free(&answer);
    oc_buf_free(&body);
}

static void the_route_asks_for_xml(void)
{
    static const struct {
        const char *media_type;
        unsigned status;
    } rows[] = {{"text/xml", 200},         {"application/xml; charset=GBK", 200},
                {"text/xmlx", 415},        {"text/plain", 415},
                {"application/json", 415}, {"", 415}};
    open_service(OC_ALG_3DES, false);
    const oc_http_route route = oc_cross_http_route(&parts);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const oc_http_request request = {.method = "POST",
                                         .path = "/cross/1904",
                                         .media_type = rows[i].media_type,
                                         .body = oc_span_text("<input/>")};
        oc_http_response response = {.status = 200};
        OC_ASSERT_OK(route.handle(route.context, &request, &response, NULL));
        CU_ASSERT_EQUAL(response.status, rows[i].status);
        if (response.status == 200) {
            CU_ASSERT_STRING_EQUAL(response.media_type, "text/xml; charset=GBK");
            OC_ASSERT_OK(oc_cross_read(&answer, oc_buf_span(&response.body), NULL));
            CU_ASSERT_TRUE(says("errormsg", "缺少字段：aab301"));
        }
        oc_buf_free(&response.body);
    }
    close_service();
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"authentication data come from the HSM", authentication_data_come_from_the_hsm},
        {"fields obey their tables", fields_obey_their_tables},
        {"a card is its holder's", a_card_is_its_holder_s},
        {"hostile bodies are answered", hostile_bodies_are_answered},
        {"many fields are refused", many_fields_are_refused},
        {"marks survive in values", marks_survive_in_values},
        {"the route asks for XML", the_route_asks_for_xml},
        {NULL, NULL},
    };
    return oc_test_main("cross", rows);
}
