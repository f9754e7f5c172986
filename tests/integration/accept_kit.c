/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/integration/accept_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/crypto/ssc.h"

#define BASE "vectors/cards/ssc-2.0.xml"
#define BASE_ATR "3B6D000000994F43328699990120000001"
#define BASE_CARD_ID "990100 D156000005 20000001 8322B9CC"
#define BASE_NUMBER "990000201"
#define BASE_ID_NUMBER "990100198510200020"
#define BASE_NAME "样本甲"
#define TEXT_MAX ((size_t)256 * 1024)

const char oc_kit_map[] = "<map xmlns='urn:onecard:order-map:1' batch='test-1'>\n"
                          "<identify column='card' as='card-number'/><city value='990100'/><pin column='pin'/>\n"
                          "<item column='card' to='SSSE/EF05/07' as='text'/>\n"
                          "<item column='version' to='SSSE/EF05/03' as='text'/>\n"
                          "<item column='expiry' to='SSSE/EF05/06' as='date' format='YYYY-MM-DD'/>\n"
                          "<item column='id' to='SSSE/EF06/08' as='text'/>\n"
                          "<item column='name' to='SSSE/EF06/09' as='name' extension='SSSE/EF06/4E'/>\n"
                          "<item column='sex' to='SSSE/EF06/0A' as='sex'/>\n"
                          "<item column='birth' to='SSSE/EF06/0D' as='date' format='YYYY-MM-DD'/>\n"
                          "<item value='测试省样例市一号街1号' to='DF01/EF05/21' as='text'/>\n"
                          "<key name='SSSE/IRK' versions='1 2 3'/><key name='SSSE/UK' versions='1 2 3'/></map>\n";
const char oc_kit_headings[] = "card,id,name,sex,birth,expiry,version,pin\n";

/* Replaces every `from`; the text grows inside its room. */
static void replace(char *text, const char *from, const char *to)
{
    size_t cut = strlen(from);
    size_t put = strlen(to);
    char *at = strstr(text, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    for (; at != NULL; at = strstr(at + put, from)) {
        CU_ASSERT_FATAL(strlen(text) + put < TEXT_MAX);
        memmove(at + put, at + cut, strlen(at + cut) + 1);
        memcpy(at, to, put);
    }
}

static char *read_text(const char *path)
{
    oc_buf content = {0};
    char *text = calloc(1, TEXT_MAX);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    OC_ASSERT_OK(oc_file_read(&content, path, TEXT_MAX / 2, NULL));
    memcpy(text, content.at, content.len);
    oc_buf_free(&content);
    return text;
}

/* City, provider, serial and the check under the card's own IRK. */
static void make_card_id(oc_made_card *card, unsigned serial)
{
    oc_profile *base = NULL;
    oc_crypto *crypto = NULL;
    oc_key irk;
    uint8_t province[8];
    uint8_t city[8];
    uint8_t check[4];
    uint8_t factor[8] = {0x86, 0x99, 0x99, 0x01, 0x20, 0x00, (uint8_t)(serial >> 8), (uint8_t)serial};
    uint8_t first[12] = {0x99, 0x01, 0x00, 0xD1, 0x56, 0x00, 0x00, 0x05, 0x20, 0x00, factor[6], factor[7]};
    OC_ASSERT_OK(oc_profile_load(&base, BASE, NULL));
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    OC_ASSERT_OK(oc_ssc_province_factor(oc_span_text("990100"), province));
    OC_ASSERT_OK(oc_ssc_city_factor(oc_span_text("990100"), city));
    const oc_span factors[] = {oc_span_of(province, 8), oc_span_of(city, 8), oc_span_of(factor, 8)};
    const oc_key_name name = {"SSSE", "IRK", 1};
    OC_ASSERT_OK(oc_profile_derive(base, crypto, &name, factors, 3, &irk, NULL));
    OC_ASSERT_OK(oc_ssc_card_id_check(crypto, &irk, oc_span_of(first, sizeof first), check));
    oc_hex_encode(card->card_id, 25, oc_span_of(first, sizeof first));
    oc_hex_encode(card->card_id + 24, 9, oc_span_of(check, sizeof check));
    oc_key_wipe(&irk);
    oc_crypto_free(&crypto);
    oc_profile_free(&base);
}

static void write_structure(const oc_cli_kit *kit, bool extra)
{
    char *text = read_text("vectors/cards/structure-2.0.xml");
    const char *last = "<record tag=\"07\" len=\"9\" kind=\"an\" secret=\"true\"/>";
    if (extra) {
        char with[200];
        snprintf(with, sizeof with, "%s<record tag=\"FE\" len=\"1\" kind=\"b\"/>", last);
        replace(text, last, with);
    }
    oc_temp_write(kit->folder, extra ? "structure-extra.xml" : "structure.xml", text);
    free(text);
}

void oc_kit_make_card(oc_made_card *out, const oc_cli_kit *kit, unsigned serial,
                      const oc_alteration alterations[OC_ALTERATIONS_MAX], bool extra)
{
    char text[64];
    char keys[PATH_MAX + 16];
    char folder[PATH_MAX];
    *out = (oc_made_card){.number = ""};
    snprintf(out->number, sizeof out->number, "9900%04u", serial);
    out->number[8] = oc_ssc_card_number_check(oc_span_of(out->number, 8));
    snprintf(out->id_number, sizeof out->id_number, "99010019851020%03u", serial * 2 % 1000); /* even: a woman */
    out->id_number[17] = oc_ssc_id_number_check(oc_span_of(out->id_number, 17));
    make_card_id(out, serial);
    write_structure(kit, extra);
    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(folder, sizeof folder));
    snprintf(keys, sizeof keys, "%.4000s/vectors/cards/test-keys.xml", folder);
    char *profile = read_text(BASE);
    snprintf(text, sizeof text, "3B6D000000994F4332869999012000%04X", serial);
    replace(profile, BASE_ATR, text);
    replace(profile, BASE_CARD_ID, out->card_id);
    replace(profile, BASE_NUMBER, out->number);
    replace(profile, BASE_ID_NUMBER, out->id_number);
    replace(profile, "structure-2.0.xml", extra ? "structure-extra.xml" : "structure.xml");
    replace(profile, "test-keys.xml", keys);
    if (extra) {
        snprintf(text, sizeof text, "value=\"'%s'\"/><record tag=\"FE\" value=\"00\"/>", out->number);
        char own[64];
        snprintf(own, sizeof own, "value=\"'%s'\"/>", out->number);
        replace(profile, own, text);
    }
    for (size_t i = 0; i < OC_ALTERATIONS_MAX && alterations != NULL && alterations[i].from != NULL; i++) {
        replace(profile, alterations[i].from, alterations[i].to);
    }
    snprintf(text, sizeof text, "card-%u.xml", serial);
    oc_temp_write(kit->folder, text, profile);
    oc_temp_path(out->profile, kit->folder, text);
    free(profile);
}

static const char *or_else(const char *told, const char *otherwise)
{
    return told == NULL ? otherwise : told;
}

void oc_kit_order(char *csv, size_t room, const oc_made_card *card, const oc_ordered *told)
{
    static const oc_ordered nothing = {.number = NULL};
    const oc_ordered *line = told == NULL ? &nothing : told;
    size_t len = strlen(csv);
    int wrote = snprintf(csv + len, room - len, "%s,%s,%s,%s,%s,%s,%s,%s\n", or_else(line->number, card->number),
                         or_else(line->id_number, card->id_number), or_else(line->name, BASE_NAME),
                         or_else(line->sex, "女"), or_else(line->birth, "1985-10-20"),
                         or_else(line->expiry, "2026-03-01"), or_else(line->version, "2.00"), or_else(line->pin, ""));
    CU_ASSERT_FATAL(wrote > 0 && (size_t)wrote < room - len);
}

#define CARDS_MAX 32

void oc_kit_write_order(const oc_cli_kit *kit, const char *csv)
{
    oc_temp_write(kit->folder, "map.xml", oc_kit_map);
    oc_temp_write(kit->folder, "order.csv", csv);
}

void oc_kit_accept(oc_program *program, const oc_cli_kit *kit, oc_kit_spec_text *specs, size_t count,
                   const char *const *more)
{
    char map_path[PATH_MAX];
    char order_path[PATH_MAX];
    oc_temp_path(map_path, kit->folder, "map.xml");
    oc_temp_path(order_path, kit->folder, "order.csv");
    const char *argv[2 * CARDS_MAX + 32] = {oc_kit_onecard(), "accept",    "-q",      "--order", order_path, "--map",
                                            map_path,         "--profile", OC_CARD_2, "-o",      kit->out};
    size_t at = 11;
    for (size_t i = 0; i < count; i++) {
        argv[at++] = "--card";
        argv[at++] = specs[i];
    }
    for (size_t i = 0; more != NULL && more[i] != NULL; i++) {
        argv[at++] = more[i];
    }
    oc_program_run(program, argv);
    if (oc_program_err(program)[0] != '\0') {
        printf("\n    %s", oc_program_err(program));
    }
}

void oc_kit_spec(oc_kit_spec_text spec, const oc_made_card *card)
{
    snprintf(spec, sizeof(oc_kit_spec_text), "virtual:%s", card->profile);
}

const oc_result_case *oc_kit_found(const oc_results *results, size_t number, const char *id)
{
    char head[16];
    snprintf(head, sizeof head, "%03zu ", number);
    for (size_t i = 0; i < results->count; i++) {
        if (strncmp(results->at[i].pass, head, strlen(head)) == 0 && strcmp(results->at[i].id, id) == 0) {
            return &results->at[i];
        }
    }
    return NULL;
}

void oc_kit_expect_sheet(const oc_cli_kit *kit)
{
    char path[PATH_MAX];
    oc_xml_doc *doc = NULL;
    oc_xml_schema *schema = NULL;
    oc_diag diag = {0};
    oc_temp_path(path, kit->out, "batch.xml");
    OC_ASSERT_OK(oc_xml_schema_new(&schema, "reports/batch.xsd", &diag));
    OC_ASSERT_OK(oc_xml_load(&doc, path, NULL, &diag));
    oc_result r = oc_xml_validate(doc, schema, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %ld: %s\n", diag.line, diag.reason);
    }
    CU_ASSERT_TRUE(oc_is_ok(r));
    oc_xml_free(&doc);
    oc_xml_schema_free(&schema);
    oc_temp_path(path, kit->out, "batch.html");
    CU_ASSERT_EQUAL(access(path, R_OK), 0);
}
