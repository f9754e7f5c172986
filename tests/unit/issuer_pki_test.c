/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate application of an issued third-generation card: what the issuer put there, who may use it, and what
 * a loss of power leaves. */
#include "sim/apps/pki_app.h"
#include "sim/crypto/certificate.h"
#include "sim/crypto/pin_block.h"
#include "sim/crypto/ssc.h"
#include "sim/host/host.h"
#include "tests/support/oc_test.h"
#include "tests/support/oc_world.h"

#define PROFILE "vectors/cards/ssc-3.0.xml"
#define NOW 1772442900 /* 2026-03-02T09:15:00Z */

static oc_world world;
static oc_card_image *issued;
static uint8_t data[OC_CARD_DATA_MAX];
static size_t data_len;

static void set_up(void)
{
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_world_new(&world, PROFILE, &diag));
    OC_ASSERT_OK(oc_card_image_take(&issued, world.card));
}

/* Sends `head` and a body, and asserts the status word; the data stay in `data`. */
static void send(unsigned head, oc_span body, unsigned sw)
{
    uint8_t command[5 + UINT8_MAX];
    oc_wr wr = oc_wr_of(command, sizeof command);
    oc_wr answer = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, head);
    oc_wr_u8(&wr, (uint8_t)body.len);
    oc_wr_bytes(&wr, body);
    CU_ASSERT_TRUE(oc_world_exchange(oc_card_endpoint(world.card), oc_wr_span(&wr), sw, &answer));
    data_len = answer.len;
}

static void ask(unsigned head, uint8_t le, unsigned sw)
{
    uint8_t command[5];
    oc_wr wr = oc_wr_of(command, sizeof command);
    oc_wr answer = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, head);
    oc_wr_u8(&wr, le);
    CU_ASSERT_TRUE(oc_world_exchange(oc_card_endpoint(world.card), oc_wr_span(&wr), sw, &answer));
    data_len = answer.len;
}

static void reset(void)
{
    uint8_t room[64];
    oc_wr atr = oc_wr_of(room, sizeof room);
    oc_endpoint end = oc_card_endpoint(world.card);
    OC_ASSERT_OK(end.reset(end.self, OC_RESET_COLD, &atr));
    send(0x00A40400, oc_test_hex("504B492EC9E7BBE1B1A3D5CF"), OC_SW_OK);
    send(0x00A40400, oc_test_hex("53532E434552542E41444631"), OC_SW_OK);
}

static void fresh_card(void)
{
    OC_ASSERT_OK(oc_card_image_put(world.card, issued));
    reset();
}

static void verify(uint8_t reference, const char *pin, unsigned sw)
{
    oc_key key;
    uint8_t proof[16];
    ask(0x00840000, 0x10, OC_SW_OK);
    OC_ASSERT_OK(oc_pin_key(world.crypto, oc_test_hex(pin), &key));
    OC_ASSERT_OK(oc_encipher(world.crypto, &key, oc_span_of(data, 16), proof));
    send(0x00200100u | reference, oc_span_of(proof, sizeof proof), sw);
}

static oc_span answer_to(const char *fid, uint8_t le)
{
    send(0x00A40000, oc_test_hex(fid), OC_SW_OK);
    ask(0x00B00000, le, OC_SW_OK);
    return oc_span_of(data, data_len);
}

static oc_sm2_key public_key(const char *fid)
{
    oc_sm2_key key;
    oc_span file = answer_to(fid, OC_PKI_PUBLIC_SIZE);
    CU_ASSERT_TRUE(file.len == OC_PKI_PUBLIC_SIZE && file.at[0] == 0xCA && file.at[1] == 0x40);
    OC_ASSERT_OK(oc_sm2_public(world.crypto, &key, oc_span_slice(file, 2, OC_SM2_POINT)));
    return key;
}

static void read_certificate(const char *fid, oc_buf *out)
{
    oc_buf_clear(out);
    OC_ASSERT_OK(oc_buf_append(out, answer_to(fid, 0)));
    for (unsigned page = 1; page < 4; page++) {
        ask(0x00B00000u | page << 8, 0, OC_SW_OK);
        OC_ASSERT_OK(oc_buf_append(out, oc_span_of(data, data_len)));
    }
}

static void carries_its_certificates(void)
{
    static const struct {
        const char *certificate, *key;
        enum oc_certificate_use use;
    } rows[] = {{"0018", "0012", OC_CERTIFICATE_SIGNING}, {"0019", "0014", OC_CERTIFICATE_ENCIPHERING}};
    oc_buf file = {0};
    const oc_profile_pki *pki = oc_profile_pki_of(world.profile);
    fresh_card();
    for (size_t i = 0; i < 2; i++) {
        enum oc_certificate_flaw flaw;
        oc_sm2_key in_certificate = {.is_pair = true};
        read_certificate(rows[i].certificate, &file);
        OC_ASSERT_OK(oc_certificate_check(world.crypto, oc_buf_span(&file), pki->root, rows[i].use, NOW,
                                          &in_certificate, &flaw));
        CU_ASSERT_STRING_EQUAL(oc_certificate_flaw_name(flaw), "ok");
        oc_sm2_key on_card = public_key(rows[i].key);
        CU_ASSERT_EQUAL(memcmp(on_card.point, in_certificate.point, OC_SM2_POINT), 0);
    }
    oc_buf_free(&file);
}

static void issuing_is_repeatable(void)
{
    oc_card *again = NULL;
    oc_card_image *image = NULL;
    OC_ASSERT_OK(oc_issuer_make_card(&again, world.card_os, world.crypto, world.profile, NULL));
    OC_ASSERT_OK(oc_card_image_take(&image, again));
    CU_ASSERT_TRUE(oc_card_image_equal(image, issued));
    oc_card_image_free(&image);
    oc_card_free(&again);
}

static void root_is_made_of_its_key(void)
{
    const oc_profile_pki *pki = oc_profile_pki_of(world.profile);
    oc_sm2_key authority;
    oc_buf root = {0};
    OC_ASSERT_OK(oc_sm2_pair(world.crypto, &authority, pki->root_key));
    const oc_certificate_order order = {.use = OC_CERTIFICATE_ROOT,
                                        .serial = oc_test_hex("01"),
                                        .issuer = pki->root_name,
                                        .subject = pki->root_name,
                                        .not_before = 1577836800,
                                        .not_after = 2524607999,
                                        .signer = &authority,
                                        .receiver = &authority};
    OC_ASSERT_OK(oc_certificate_make(world.crypto, &order, &root));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&root), pki->root));
    oc_buf_free(&root);
}

static void nobody_reads_a_private_key(void)
{
    static const char *const fids[] = {"0013", "0015"};
    fresh_card();
    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < 2; i++) {
            send(0x00A40000, oc_test_hex(fids[i]), OC_SW_OK);
            ask(0x00B00000, OC_PKI_PRIVATE_SIZE, OC_SW_SECURITY_STATUS);
            send(0x00D60000, oc_test_hex("CB"), OC_SW_SECURITY_STATUS);
        }
        verify(round == 0 ? 0x81 : 0x00, round == 0 ? "654321" : "12345678", OC_SW_OK);
    }
}

static bool signature_fits(const oc_sm2_key *key)
{
    bool valid = false;
    oc_span digest = oc_test_hex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    send(0x002A9E9A, digest, OC_SW_OK);
    OC_ASSERT_OK(oc_sm2_verify(key, digest, oc_span_of(data, data_len), &valid));
    return valid;
}

static void signs_for_the_pin_alone(void)
{
    oc_span digest = oc_test_hex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    fresh_card();
    oc_sm2_key key = public_key("0012");
    send(0x002A9E9A, digest, OC_SW_SECURITY_STATUS);
    verify(0x00, "12345678", OC_SW_OK);
    send(0x002A9E9A, digest, OC_SW_SECURITY_STATUS);
    verify(0x81, "654321", OC_SW_OK);
    CU_ASSERT_TRUE(signature_fits(&key));
    verify(0x81, "654320", 0x63C5);
    send(0x002A9E9A, digest, OC_SW_SECURITY_STATUS);
    for (unsigned left = 4; left < 5; left--) {
        verify(0x81, "654320", 0x63C0 + left);
    }
    verify(0x81, "654321", OC_SW_BLOCKED);
    reset();
    verify(0x81, "654321", OC_SW_BLOCKED);
    verify(0x00, "12345678", OC_SW_OK);
}

/* Power fails after every number of written bytes: the old pair or the new one, whole, and a PIN try at most. */
static void a_pair_is_never_torn(void)
{
    fresh_card();
    oc_sm2_key old = public_key("0012");
    bool made = false;
    unsigned points = 0;
    for (size_t bytes = 0; !made; bytes += 5, points++) {
        fresh_card();
        verify(0x81, "654321", OC_SW_OK);
        send(0x80400000, oc_test_hex("C0020012C2020013"), OC_SW_OK);
        uint8_t room[OC_RESPONSE_MAX];
        oc_wr answer = oc_wr_of(room, sizeof room);
        oc_endpoint end = oc_card_endpoint(world.card);
        oc_card_tear_after(world.card, bytes);
        made = oc_is_ok(end.exchange(end.self, oc_test_hex("80C9820008C0020012C2020013"), &answer));
        oc_card_hold(world.card);
        reset();
        verify(0x81, "654321", OC_SW_OK);
        oc_sm2_key now = public_key("0012");
        CU_ASSERT_TRUE(signature_fits(&now));
        CU_ASSERT_TRUE(!made || memcmp(now.point, old.point, OC_SM2_POINT) != 0);
    }
    CU_ASSERT_TRUE(points > 20);
}

static void hostile_bodies_are_refused(void)
{
    static const struct {
        unsigned head;
        const char *body;
        unsigned sw;
    } rows[] = {
        {0x80400000, "C0020012C2020015", OC_SW_WRONG_DATA},
        {0x80400000, "C0040012C2020013", OC_SW_WRONG_DATA},
        {0x80400000, "C0020018C2020019", OC_SW_WRONG_DATA},
        {0x80C98200, "C0020012C2020013", OC_SW_CONDITIONS},
        {0x804E0001, "C2020013C100", OC_SW_WRONG_DATA},
        {0x804E0001, "C2020018C10100", OC_SW_WRONG_DATA},
        {0x804E0001, "C2020013C183FFFFFF", OC_SW_WRONG_DATA},
        {0x80C40103, "C105616263", OC_SW_WRONG_DATA},
        {0x804A0210, "C111000102030405060708090A0B0C0D0E0F", OC_SW_WRONG_DATA},
        {0x80C2C001, "C2020015CB20000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", OC_SW_CONDITIONS},
    };
    fresh_card();
    verify(0x81, "654321", OC_SW_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        send(rows[i].head, oc_test_hex(rows[i].body), rows[i].sw);
    }
    ask(0x80C98280, OC_PKI_PUBLIC_SIZE, OC_SW_CONDITIONS);
}

static bool host_says(oc_host *host, const oc_fields *message, const char *field, const char *word)
{
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_host_message(host, "signed-application", message, &answer, NULL));
    const oc_buf *said = oc_fields_get(&answer, field);
    bool same = said != NULL && oc_span_equal(oc_buf_span(said), oc_span_text(word));
    oc_fields_free(&answer);
    return same;
}

static void the_back_end_checks_an_application(void)
{
    static const oc_clock clock = {NOW, 0};
    oc_host_parts parts = {.store = ":memory:", .clock = &clock, .keys = world.keys};
    oc_host *host = NULL;
    oc_buf certificate = {0};
    oc_fields message = {0};
    uint8_t digest[OC_SM2_DIGEST];
    fresh_card();
    oc_sm2_key key = public_key("0012");
    read_certificate("0018", &certificate);
    verify(0x81, "654321", OC_SW_OK);
    OC_ASSERT_OK(
        oc_sm2_digest(world.crypto, &key, oc_span_text(OC_SM2_DEFAULT_ID), oc_span_text("application"), digest));
    send(0x002A9E9A, oc_span_of(digest, sizeof digest), OC_SW_OK);
    OC_ASSERT_OK(oc_fields_set(&message, "certificate", oc_buf_span(&certificate)));
    OC_ASSERT_OK(oc_fields_set(&message, "signature", oc_span_of(data, data_len)));
    OC_ASSERT_OK(oc_fields_set_text(&message, "text", "application"));
    OC_ASSERT_OK(oc_host_open(&host, &parts, NULL));
    CU_ASSERT_TRUE(host_says(host, &message, "reason", "no-root"));
    oc_host_close(&host);
    parts.root = oc_profile_pki_of(world.profile)->root;
    OC_ASSERT_OK(oc_host_open(&host, &parts, NULL));
    CU_ASSERT_TRUE(host_says(host, &message, "result", "accepted"));
    OC_ASSERT_OK(oc_fields_set_text(&message, "text", ""));
    CU_ASSERT_TRUE(host_says(host, &message, "reason", "field"));
    OC_ASSERT_OK(oc_fields_set_text(&message, "text", "applicatiom"));
    CU_ASSERT_TRUE(host_says(host, &message, "reason", "signature"));
    OC_ASSERT_OK(oc_fields_set(&message, "certificate", oc_profile_pki_of(world.profile)->foreign));
    CU_ASSERT_TRUE(host_says(host, &message, "detail", "signature"));
    oc_host_close(&host);
    oc_fields_free(&message);
    oc_buf_free(&certificate);
}

static void tear_down(void)
{
    oc_card_image_free(&issued);
    oc_world_free(&world);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"set up", set_up},
        {"carries its certificates", carries_its_certificates},
        {"issuing is repeatable", issuing_is_repeatable},
        {"root is made of its key", root_is_made_of_its_key},
        {"nobody reads a private key", nobody_reads_a_private_key},
        {"signs for the PIN alone", signs_for_the_pin_alone},
        {"a pair is never torn", a_pair_is_never_torn},
        {"hostile bodies are refused", hostile_bodies_are_refused},
        {"the back-end checks an application", the_back_end_checks_an_application},
        {"tear down", tear_down},
        {NULL, NULL},
    };
    return oc_test_main("issuer: certificate application", rows);
}
