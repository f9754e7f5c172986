/* SPDX-License-Identifier: Apache-2.0 */
/* Each function of the closed list against constants from elsewhere: published ones where they fit, else computed
 * with tests/foreign/ssc_crypto.py, which shares no code with the project. */
#include "conformance/dialect/functions.h"

#include <stdio.h>

#include "tests/unit/dialect_kit.h"

#define TDES_KEY "11223344556677888877665544332211"
#define SM4_KEY "0123456789ABCDEFFEDCBA9876543210"
#define FACTORS "3331303030307368 3331303030307378 8699990130000001"

static oc_crypto *crypto;

/* SSSE/T and SSSE/TS are 3DES keys, SSSE/S an SM4 key; what the first and the last are under FACTORS is known. */
static const struct {
    const char *name;
    uint8_t alg;
    const char *bytes;
    const char *derived;
} keys[] = {
    {"T", OC_ALG_3DES, TDES_KEY, "585B5D7E3ADA983C046404F23DB19FE5"},
    {"TS", OC_ALG_3DES, SM4_KEY, NULL},
    {"S", OC_ALG_SM4, SM4_KEY, "086AD3792C91E30288397C9D63E9F51B"},
};

static oc_result alg_of(void *self, const oc_key_name *key, enum oc_alg *alg)
{
    (void)self;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(key->dir, "SSSE") == 0 && strcmp(key->name, keys[i].name) == 0 && key->version == 1) {
            *alg = (enum oc_alg)keys[i].alg;
            return oc_ok();
        }
    }
    return oc_fail(OC_E_UNAVAILABLE);
}

static oc_result answer(void *self, const oc_key_question *question, oc_wr *out, oc_diag *diag)
{
    (void)self;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(question->key.name, keys[i].name) != 0) {
            continue;
        }
        uint8_t joined[24] = {0};
        for (size_t f = 0; f < question->factor_count; f++) {
            memcpy(joined + 8 * f, question->factors[f].at, 8);
        }
        CU_ASSERT(question->factor_count == 0 || question->factor_count == 3);
        CU_ASSERT(question->factor_count == 0 || oc_span_equal(oc_span_of(joined, 24), oc_test_hex(FACTORS)));
        oc_key key;
        const char *bytes = question->factor_count == 0 ? keys[i].bytes : keys[i].derived;
        OC_TRY(oc_key_load(&key, keys[i].alg, oc_test_hex(bytes)));
        oc_key_question plain = *question;
        plain.factor_count = 0;
        return oc_key_answer_with(crypto, &key, &plain, out);
    }
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no key %s", question->key.name);
}

static oc_result run(const char *let, oc_buf *out, oc_diag *diag)
{
    static const oc_key_provider_ops ops = {"test", alg_of, answer, NULL, NULL};
    char xml[4000];
    snprintf(xml, sizeof xml, OC_SUITE_HEAD OC_CASE_HEAD("CARD.X") "<steps><let id=\"r\" %s/></steps></case></suite>",
             let);
    oc_vectors *vectors = oc_kit_parse(xml);
    oc_run_context context = oc_run_context_of(7, "CARD.X");
    OC_ASSERT_OK(oc_clock_parse(&context.clock, "2026-03-02T09:15:00+08:00"));
    const oc_key_provider provider = {&ops, NULL};
    const oc_scope scope = oc_kit_scope();
    oc_function_world world = {&scope, &provider, crypto, &context};
    oc_result r = oc_function_run(&oc_vectors_case(vectors, 0)->steps[0], &world, out, diag);
    oc_vectors_free(&vectors);
    return r;
}

static void expect(const char *let, const char *hex)
{
    oc_buf out = {0};
    oc_diag diag = {0};
    oc_result r = run(let, &out, &diag);
    if (!oc_is_ok(r) || !oc_span_equal(oc_buf_span(&out), oc_test_hex(hex))) {
        printf("\n    %s: %s\n", let, diag.reason);
        CU_FAIL("function");
    }
    oc_buf_free(&out);
}

static void refuse(const char *let, enum oc_code code, const char *part)
{
    oc_buf out = {0};
    oc_diag diag = {0};
    oc_result r = run(let, &out, &diag);
    if (r.code != code || strstr(diag.reason, part) == NULL) {
        printf("\n    %s: %s, %s\n", let, oc_code_name(r.code), diag.reason);
        CU_FAIL("refusal");
    }
    oc_buf_free(&out);
}

static void bytes_and_numbers(void)
{
    expect("fn=\"bytes\" value=\"00 $eight[1:2] 'A' @pin\"", "00020341123456");
    expect("fn=\"xor\" a=\"FF00AA\" b=\"0F0F0F\"", "F00FA5");
    expect("fn=\"hex\" data=\"0AFF\"", "30414646");
    expect("fn=\"unhex\" data=\"'0aFF'\"", "0AFF");
    expect("fn=\"unhex\" data=\"''\"", "");
    expect("fn=\"fold8\" data=\"000102030405060708090A0B0C0D0E0F\"", "0808080808080808");
    expect("fn=\"fold4\" data=\"000102030405060718192A2B3C3D4E4F\"", "20206060");
    expect("fn=\"sum\" a=\"000000FF\" b=\"01\"", "00000100");
    expect("fn=\"sum\" a=\"FFFFFFFE\" b=\"00000001\"", "FFFFFFFF");
    expect("fn=\"difference\" a=\"00000100\" b=\"01\"", "000000FF");
    expect("fn=\"difference\" a=\"0064\" b=\"0064\"", "0000");
    expect("fn=\"fen\" yuan=\"10.00\"", "000003E8");
    expect("fn=\"fen\" yuan=\"0\"", "00000000");
    expect("fn=\"fen\" yuan=\"0.5\"", "00000032");
    expect("fn=\"fen\" yuan=\"0.05\"", "00000005");
    expect("fn=\"fen\" yuan=\"42949672.95\"", "FFFFFFFF");
    expect("fn=\"now-bcd7\"", "20260302091500");
    expect("fn=\"pin-block\" pin=\"@pin\" block=\"8\"", "0312345680000000");
}

static void digests_and_check_characters(void)
{
    expect("fn=\"sm3\" data=\"'abc'\"", "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0");
    expect("fn=\"id-number-check\" data=\"'11010519491231002'\"", "58"); /* the example of GB 11643 */
    expect("fn=\"card-number-check\" data=\"'D2143569'\"", "58");        /* the example of GB 11714 */
}

/* The kinds of the card's data: packed digits with F behind, text with 00 behind. */
static void kinds_are_told_apart(void)
{
    static const struct {
        const char *kind, *data, *holds;
    } rows[] = {
        {"cn", "20260302", "01"},    {"cn", "2026FF", "01"},  {"cn", "202F", "01"},     {"cn", "FFFF", "01"},
        {"cn", "20F6", "00"},        {"cn", "2A", "00"},      {"cn", "F1", "00"},       {"cn", "", "01"},
        {"an", "'ab' 0000", "01"},   {"an", "0000", "01"},    {"an", "41 00 41", "00"}, {"an", "410A", "00"},
        {"an", "'样本𠮷' 00", "01"}, {"an", "D1F9 B1", "00"}, {"an", "FFFF", "00"},     {"b", "FF000A", "01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "fn=\"is-kind\" kind=\"%s\" data=\"%s\"", rows[i].kind, rows[i].data);
        expect(text, rows[i].holds);
    }
}

/* SHA-256 over seed 7, "CARD.X/r" and a counter, by Python's hashlib. */
static void random_is_repeatable(void)
{
    expect("fn=\"random\" len=\"8\"", "9DB569843B7E015C");
    expect("fn=\"random\" len=\"40\"",
           "9DB569843B7E015C2085B5C2C80C2DC779AD58C13E6871F7A0EF44189DF22A5FC92FBBDDC2BC90C1");
    expect("fn=\"random\" len=\"0\"", "");
    refuse("fn=\"random\" len=\"4097\"", OC_E_LIMIT, "4096");
}

#define DATA16 "data=\"000102030405060708090A0B0C0D0E0F\""

static void keys_are_asked(void)
{
    expect("fn=\"encipher\" key=\"key:SSSE/T\" " DATA16, "0CD8083692723FBDDE9C21B0846CFD54");
    expect("fn=\"encipher\" key=\"key:SSSE/S\" " DATA16, "06989C613DA668AD2A8DF782E1A8F96A");
    expect("fn=\"decipher\" key=\"key:SSSE/T\" " DATA16, "FFE750FF6B3CACF0AAAF8D67A6D85D7E");
    expect("fn=\"decipher\" key=\"key:SSSE/S\" " DATA16, "10C91BF5F2A94D5F6D36B34180E2E6D8");
    expect("fn=\"encipher\" key=\"key:SSSE/T\" session=\"1122334455667788\" data=\"$eight\"", "4877FA57B0330687");
    expect("fn=\"encipher\" key=\"key:SSSE/S\" session=\"1122334455667788\" " DATA16,
           "D3EC9F986CCF7358FD70670C014957E3");
    expect("fn=\"encipher\" key=\"key:SSSE/T\" factors=\"" FACTORS "\" " DATA16, "9D015F6A9863FBEE109065BF3B710F1C");
    expect("fn=\"encipher\" key=\"key:SSSE/S\" factors=\"" FACTORS "\" " DATA16, "8845B9A194D853364C97952F2B3558FF");
    expect("fn=\"mac\" key=\"key:SSSE/T\" data=\"AABBCC\"", "7164D6C620603C4E");
    expect("fn=\"mac\" key=\"key:SSSE/T#$one\" data=\"AABBCC\"", "7164D6C620603C4E");
    expect("fn=\"mac\" key=\"key:SSSE/T#$none\" data=\"AABBCC\"", "7164D6C620603C4E");
    expect("fn=\"mac\" key=\"key:SSSE/T\" icv=\"1122334455667788\" data=\"AABBCC\"", "3318F6E0786DAE3D");
    expect("fn=\"mac\" key=\"key:SSSE/S\" data=\"AABBCC\"", "7D5972E32006933188A346A67199D17E");
    expect("fn=\"mac4\" key=\"key:SSSE/T\" data=\"AABBCC\"", "7164D6C6");
    expect("fn=\"mac4\" key=\"key:SSSE/S\" data=\"AABBCC\"", "A465760A"); /* the four words of the MAC above, XORed */
    expect("fn=\"retail-mac\" key=\"key:SSSE/TS\" data=\"8424000008\"", "0BFFF5DF3FAA24E1");
    expect("fn=\"retail-mac\" key=\"key:SSSE/TS\" icv=\"1122334455667788\" data=\"8424000008\"", "9A70B0B81307259D");
    expect("fn=\"tac\" key=\"key:SSSE/T\" data=\"AABBCC\"", "24188C760E1F5FEB");
    expect("fn=\"tac\" key=\"key:SSSE/S\" data=\"AABBCC\"", "7D5972E32006933188A346A67199D17E");
    expect("fn=\"card-id-check\" key=\"key:SSSE/T\" data=\"310000D15600000530000001\"", "6B34F348");
    expect("fn=\"card-id-check\" key=\"key:SSSE/S\" data=\"310000D15600000530000001\"", "99AC8AC9");
}

/* A load recorded elsewhere: key 1122..2211, random 11223344, sequence 0000, 4096 fen, type 01; session key
 * 9B1D924E05595603, MAC1 2988AE5A. */
static void published_load(void)
{
    expect("fn=\"encipher\" key=\"key:SSSE/T\" data=\"1122334400008000\"", "9B1D924E05595603");
    expect("fn=\"mac\" key=\"key:SSSE/T\" session=\"11223344 0000 8000\" data=\"00000000 00001000 01 001122334455\"",
           "2988AE5A165CF0C0");
    expect("fn=\"mac4\" key=\"key:SSSE/T\" session=\"11223344 0000 8000\" data=\"00000000 00001000 01 001122334455\"",
           "2988AE5A");
}

#define LOAD " amount=\"000003E8\" terminal=\"A1B2C3D4E5F6\" "
#define AMOUNTS " own=\"000003E8\" cash=\"00000000\" pooled=\"00000064\" "
#define TYPE " type=\"32\" terminal=\"A1B2C3D4E5F6\" "
#define SESSION " rnd=\"A1A2A3A4\" seq=\"0007\""
#define TIME " time=\"20260302091500\" "

static void wire_forms(void)
{
    static const struct {
        const char *head;
        const char *external, *mac1, *mac2, *load_tac, *debit1, *debit2, *debit_tac;
    } rows[] = {
        {"alg=\"00\" key=\"key:SSSE/T\"", "4877FA57B0330687", "A3F794CD", "4F3403AC", "38721B11", "A2BBB55C",
         "D843397D", "DECF0008"},
        {"alg=\"03\" key=\"key:SSSE/S\"", "7A1EF4F807610833", "4D5092CA", "1BD4CFC2", "27E57A80", "6A750EC5",
         "04CE678D", "F3238EAE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct {
            const char *function;
            const char *arguments;
            const char *answer;
            const char *more;
        } calls[] = {
            {"ssc-internal-auth", " challenge=\"1122334455667788\" text=\"$eight\"", rows[i].external, ""},
            {"ssc-external-auth", " challenge=\"1122334455667788\" text=\"$eight\"", rows[i].external,
             "0102030405060708"},
            {"ssc-load-mac1", " balance=\"00001000\"" LOAD SESSION, rows[i].mac1, ""},
            {"ssc-load-mac2", LOAD TIME SESSION, rows[i].mac2, ""},
            {"ssc-load-tac", " balance=\"00001000\" seq=\"0007\"" LOAD TIME, rows[i].load_tac, ""},
            {"ssc-purchase-mac1", AMOUNTS TYPE TIME " serial=\"00000102\" " SESSION, rows[i].debit1, ""},
            {"ssc-purchase-mac2", AMOUNTS " serial=\"00000102\" " SESSION, rows[i].debit2, ""},
            {"ssc-purchase-tac", AMOUNTS TYPE TIME " serial=\"00000102\"", rows[i].debit_tac, ""},
        };
        for (size_t k = 0; k < sizeof calls / sizeof calls[0]; k++) {
            char let[600];
            char hex[64];
            snprintf(let, sizeof let, "fn=\"%s\" %s %s", calls[k].function, rows[i].head, calls[k].arguments);
            snprintf(hex, sizeof hex, "%s%s", calls[k].answer, calls[k].more);
            expect(let, hex);
        }
    }
}

static void wrong_arguments_are_refused(void)
{
    refuse("fn=\"xor\" a=\"00\" b=\"0000\"", OC_E_FORMAT, "xor of 1 and 2");
    refuse("fn=\"fold8\" data=\"00\"", OC_E_FORMAT, "16");
    refuse("fn=\"unhex\" data=\"'0AF'\"", OC_E_FORMAT, "at 2");
    refuse("fn=\"unhex\" data=\"'0G'\"", OC_E_FORMAT, "at 0");
    refuse("fn=\"sum\" a=\"FF\" b=\"01\"", OC_E_FORMAT, "does not fit");
    refuse("fn=\"sum\" a=\"FF\" b=\"0001\"", OC_E_FORMAT, "wider");
    refuse("fn=\"difference\" a=\"00\" b=\"01\"", OC_E_FORMAT, "does not fit");
    refuse("fn=\"fen\" yuan=\"42949672.96\"", OC_E_FORMAT, "no amount");
    refuse("fn=\"fen\" yuan=\"1.234\"", OC_E_FORMAT, "no amount");
    refuse("fn=\"fen\" yuan=\".5\"", OC_E_FORMAT, "no amount");
    refuse("fn=\"fen\" yuan=\"-1\"", OC_E_FORMAT, "no amount");
    refuse("fn=\"fen\" yuan=\"\"", OC_E_FORMAT, "no amount");
    refuse("fn=\"pin-block\" pin=\"@pin\" block=\"2\"", OC_E_FORMAT, "block");
    refuse("fn=\"random\" len=\"x\"", OC_E_FORMAT, "decimal");
    refuse("fn=\"id-number-check\" data=\"'1101051949123100A'\"", OC_E_FORMAT, "no value");
    refuse("fn=\"id-number-check\" data=\"'1'\"", OC_E_FORMAT, "17");
    refuse("fn=\"card-number-check\" data=\"'d2143569'\"", OC_E_FORMAT, "no value");
    refuse("fn=\"bytes\" value=\"@unknown\"", OC_E_NOT_FOUND, "@unknown");
    refuse("fn=\"encipher\" key=\"key:SSSE/UK\" data=\"$eight\"", OC_E_UNAVAILABLE, "UK");
    refuse("fn=\"encipher\" key=\"0011\" data=\"$eight\"", OC_E_FORMAT, "key:DIR/NAME");
    refuse("fn=\"encipher\" key=\"key:SSSE\" data=\"$eight\"", OC_E_FORMAT, "key:DIR/NAME");
    refuse("fn=\"encipher\" key=\"key:SSSE/T\" factors=\"00\" data=\"$eight\"", OC_E_FORMAT, "factors");
    refuse("fn=\"ssc-internal-auth\" alg=\"03\" key=\"key:SSSE/T\" challenge=\"$eight\" text=\"$eight\"", OC_E_FORMAT,
           "algorithm 03");
    refuse("fn=\"ssc-internal-auth\" alg=\"00\" key=\"key:SSSE/T#2\" challenge=\"$eight\" text=\"$eight\"",
           OC_E_UNAVAILABLE, "version 2");
    refuse("fn=\"ssc-internal-auth\" alg=\"00\" key=\"key:SSSE/T#$two\" challenge=\"$eight\" text=\"$eight\"",
           OC_E_UNAVAILABLE, "version 2");
    refuse("fn=\"tac\" key=\"key:SSSE/T#$eight\" data=\"00\"", OC_E_FORMAT, "$eight is no version");
    refuse("fn=\"tac\" key=\"key:SSSE/T#$nothing\" data=\"00\"", OC_E_FORMAT, "$nothing has no value");
    refuse("fn=\"card-id-check\" key=\"key:DF04/T\" data=\"310000D15600000530000001\"", OC_E_UNAVAILABLE, "DF04/T");
}

static void list_is_closed_and_in_order(void)
{
    const char *before = "";
    size_t count = 0;
    for (const oc_function *f; (f = oc_function_at(count)) != NULL; count++) {
        CU_ASSERT(strcmp(before, oc_function_name(f)) < 0);
        CU_ASSERT_PTR_EQUAL(oc_function_find(oc_function_name(f)), f);
        before = oc_function_name(f);
    }
    CU_ASSERT_EQUAL(count, 37);
    CU_ASSERT_PTR_NULL(oc_function_find("system"));
}

/* The published example of GB/T 32918, and the certificates of vectors/cards/pki-3.0.xml; the ciphertext is that of
 * tests/foreign/sm2.py. */
#define POINT                                                                                                         \
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"                                                \
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
#define DIGEST "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
#define SIGNATURE                                                                                                     \
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"                                                \
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
#define SM2 "fn=\"sm2-verify\" public=\"" POINT "\" digest=\"" DIGEST "\" signature=\""
#define ROOT                                                                                                          \
    "308201A43082014AA003020102020101300A06082A811CCF550183753029310B300906035504061302434E311A301806"                \
    "035504030C116F6E6563617264207465737420726F6F74301E170D3230303130313030303030305A170D343931323331"                \
    "3233353935395A3029310B300906035504061302434E311A301806035504030C116F6E6563617264207465737420726F"                \
    "6F743059301306072A8648CE3D020106082A811CCF5501822D03420004248E21E4473EA41C85156E44A3AE69AC8AE0B6"                \
    "9E506F0954448FDE42F9E63EC1DE1DB86342F6625555D191A982D31421E33873AF7360BEB605CB2C774F8891DAA36330"                \
    "61301F0603551D230418301680144CB3275F36CDE9851EE8239C62A295D40C96F805301D0603551D0E041604144CB327"                \
    "5F36CDE9851EE8239C62A295D40C96F805300F0603551D130101FF040530030101FF300E0603551D0F0101FF04040302"                \
    "0106300A06082A811CCF550183750348003045022100A8B94DAFC8DBA6B6BD30A37FEEB7F232D37EEB21B5BA198B828B"                \
    "1F7DD254B4E802206E7B4B443AFCE005D477701024C4388FF2DD22F8538153A16B35A49EBAE6BFE2"
#define FOREIGN                                                                                                       \
    "3082018C30820131A003020102020102300A06082A811CCF550183753029310B300906035504061302434E311A301806"                \
    "035504030C116F6E6563617264207465737420726F6F74301E170D3234303330313030303030305A170D333430323238"                \
    "3233353935395A3021310B300906035504061302434E3112301006035504030C09E6A0B7E69CACE4B999305930130607"                \
    "2A8648CE3D020106082A811CCF5501822D0342000488D18123FC5240A60CBD31F99317C157678A950FA982488CBB5DF8"                \
    "DE1BA9E1DFD16D692C7F9E075EDAEA11E7FB96DEBB9C6C8EDC496C8C8D9B6D6736AD3E6342A3523050301F0603551D23"                \
    "041830168014EEB6CB697BD38BB7B6203E7EB6EE9486DE993114301D0603551D0E041604149D961C5513810CEE3BCCC9"                \
    "20AABD87AFB6082FAF300E0603551D0F0101FF0404030206C0300A06082A811CCF550183750349003046022100BA1805"                \
    "A6FD1D68C385696CE60A898F3A89D5496BDBF140F37AF168E932561EF8022100C4EBA2908C58B8483C084F7BADC9F007"                \
    "93D23DF60EAA73E201419E7109A1D38B"
#define CHECK(certificate, under, usage)                                                                              \
    "fn=\"certificate-check\" certificate=\"" certificate "\" root=\"" under "\" usage=\"" usage "\""

static void certificates_and_their_keys(void)
{
    expect("fn=\"sm4\" raw=\"" SM4_KEY "\" data=\"" SM4_KEY "\"", "681EDF34D206965E86B3E94F536E4246");
    expect("fn=\"sm4-mac4\" raw=\"" SM4_KEY "\" icv=\"000102030405060708090A0B0C0D0E0F\" data=\"'onecard'\"",
           "8285D7B1");
    expect(SM2 SIGNATURE "\"", "01");
    expect(SM2 "00"
               "\"",
           "00");
    expect("fn=\"sm2-encrypt\" public=\"" POINT "\" data=\"'onecard'\" rnd=\"000102030405060708090A0B0C0D0E0F\"",
           "8900F8B981F874BC63B540AEBF17A8C8FB0A81AFC714B97FFEF818053945DFC2"
           "6C0FB14DB0D1F3CE9184DF218DCE75F3887DD5523619B05586818B147A8F6D67"
           "3D0F923B13EAC4D239C77F7F294792892AE18B61AEF4F005F9BC2FCB6A176E6ADC0E9D6363B42E");
    expect("fn=\"certificate-key\" certificate=\"" FOREIGN "\"",
           "88D18123FC5240A60CBD31F99317C157678A950FA982488CBB5DF8DE1BA9E1DF"
           "D16D692C7F9E075EDAEA11E7FB96DEBB9C6C8EDC496C8C8D9B6D6736AD3E6342");
    expect(CHECK(FOREIGN, ROOT, "signing"), "7369676E6174757265");
    expect(CHECK(ROOT, ROOT, "enciphering"), "7573616765");
    expect(CHECK(ROOT, FOREIGN, "signing"), "726F6F74");
    expect(CHECK("00", ROOT, "signing"), "6D616C666F726D6564");
    refuse("fn=\"sm4\" raw=\"" SM4_KEY "\" data=\"00\"", OC_E_FORMAT, "whole blocks");
    refuse("fn=\"sm4\" raw=\"00\" data=\"" SM4_KEY "\"", OC_E_FORMAT, "instead of 16");
    refuse("fn=\"sm2-encrypt\" public=\"" POINT "\" data=\"''\" rnd=\"00\"", OC_E_FORMAT, "1 to 1024");
    refuse("fn=\"sm2-encrypt\" public=\"" DIGEST DIGEST "\" data=\"00\" rnd=\"00\"", OC_E_FORMAT, "curve");
    refuse("fn=\"certificate-key\" certificate=\"00\"", OC_E_FORMAT, "no certificate");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"bytes and numbers", bytes_and_numbers},
        {"kinds are told apart", kinds_are_told_apart},
        {"digests and check characters", digests_and_check_characters},
        {"certificates and their keys", certificates_and_their_keys},
        {"random is repeatable", random_is_repeatable},
        {"keys are asked", keys_are_asked},
        {"a published load", published_load},
        {"wire forms", wire_forms},
        {"wrong arguments are refused", wrong_arguments_are_refused},
        {"the list is closed and in order", list_is_closed_and_in_order},
        {NULL, NULL},
    };
    if (!oc_is_ok(oc_crypto_new(&crypto))) {
        return 2;
    }
    int code = oc_test_main("functions", rows);
    oc_crypto_free(&crypto);
    return code;
}
