/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/profile/profile.h"
#include "tests/support/oc_test.h"

static oc_profile *load(const char *path)
{
    oc_diag diag = {0};
    oc_profile *profile = NULL;
    if (!oc_is_ok(oc_profile_load(&profile, path, &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        abort();
    }
    CU_ASSERT_STRING_EQUAL(diag.reason, "");
    CU_ASSERT_STRING_EQUAL(diag.file, "");
    return profile;
}

struct expected {
    const char *reference;
    const char *hex; /* NULL: not known */
};

static void expect(const oc_profile *profile, const struct expected *rows)
{
    for (; rows->reference != NULL; rows++) {
        oc_buf value = {0};
        OC_ASSERT_OK(oc_buf_append_byte(&value, 0xAA));
        oc_result r = oc_profile_value(profile, rows->reference, &value);
        CU_ASSERT_EQUAL(r.code, rows->hex == NULL ? OC_E_NOT_FOUND : OC_E_OK);
        oc_span appended = oc_span_slice(oc_buf_span(&value), 1, value.len);
        oc_span wanted = rows->hex == NULL ? oc_span_empty() : oc_test_hex(rows->hex);
        if (!oc_span_equal(appended, wanted)) {
            char hex[256];
            oc_hex_encode(hex, sizeof hex, appended);
            fprintf(stderr, "%s: %s\n", rows->reference, hex);
        }
        CU_ASSERT_TRUE(oc_span_equal(appended, wanted));
        oc_buf_free(&value);
    }
}

static void third_generation_gives_every_reference(void)
{
    static const struct expected rows[] = {
        {"pin", "286719"},
        {"initial-pin", "123456"},
        {"wrong-pin", "286710"},
        {"alg", "03"},
        {"area", "393930313030"},
        {"terminal", "990100000030"},
        {"atr", "3B6D000000994F43338699990130000001"},
        {"atr/historical", "00994F43338699990130000001"},
        {"factor/card", "8699990130000001"},
        {"factor/city", "3939303130307378"},
        {"factor/province", "3939303030307368"},
        {"SSSE/name", "7378312E73682EC9E7BBE1B1A3D5CF"},
        {"SSSE/alias", "7378332E73682EC9E7BBE1B1A3D5CF"},
        {"SSSE/fid", "DDF1"},
        {"DF01/name", "D15600000500"},
        {"DF04/fid", "DF04"},
        {"DF04/alias", NULL},
        {"SSSE/EF05/01", "990100D156000005300000016EC319E5"},
        {"SSSE/EF05/03", "332E3030"},
        {"SSSE/EF06/0D.hex", "3139393030313031"},
        {"DF01/EF0A/39.digits", ""},
        {"DF01/EF0A/39.hex", "4646464646464646"},
        {"pin.digits", "323836373139"},
        {"area.hex", "333933393330333133303330"},
        {"SSSE/EF05/07", "393930303030333038"},
        {"SSSE/EF05/07.tlv", "0709393930303030333038"},
        /* U+20BB7 takes four bytes in GB18030. */
        {"SSSE/EF06/09.text", "D1F9B1BE9534B235"},
        {"SSSE/EF06/09.utf8", "E6A0B7E69CACF0A0AEB7"},
        {"SSSE/EF06/4E", "0000000000000000000000000000000000000000"},
        {"SSSE/EF0D/EB", "990100"},
        {"SSSE/EF07/size", "0400"},
        {"SSSE/EF08/size", "1000"},
        {"SSSE/EF07/content", "6F6E65636172643A206E6F2066696E6765727072696E7400010203"},
        {"SSSE/EF1E/70", "61154F06D15600000500500B53535345205055424C4943"},
        {"SSSE/UK/id", "04"},
        {"SSSE/UK/usage", "48"},
        {"SSSE/UK/psam-id", "12"},
        {"SSSE/UK/version", "01"},
        {"SSSE/UK#3/version", "03"},
        {"SSSE/UK#4/version", NULL},
        {"SSSE/UKEF0D/id", "0D"},
        {"DF01/UKA/id", "8D"},
        {"DF01/EF0A/39", "FFFFFFFF"},
        {"DF01/EF15/40/58", "200906"},
        {"DF01/EF15/40/57.tlv", "5703303230"},
        {"DF01/EF17/content", "7265736572766564203137"},
        {"DF01/EF05/content", NULL},
        {"DF01/EF08/records", "2B0131"},
        {"DF01/EF08/count", "01"},
        {"DF01/EF16/count", NULL},
        {"DF07/EF07/records", "F80420200926F90137"},
        {"DF02/EF15/99-4.tlv", "991010033033361104202006221203990100"},
        {"DF02/EF15/99-5", NULL},
        {"DF02/EF15/99-0", NULL},
        {"DF02/EF15/0F-2", NULL},
        {"DF02/EF15/count", "06"},
        {"DF01/EF17/size", "0128"},
        {"DF04/DPK#2/index", "02"},
        {"DF04/EF08/size", "0348"},
        {"DF04/EF06/92", "00000000"},
        {"DF04/EF05/7D", "000000000000000000"},
        {"DF04/EF15/size", "0018"},
        {"", NULL},
        {"/", NULL},
        {"SSSE", NULL},
        {"SSSE/", NULL},
        {"SSSE/EF05", NULL},
        {"SSSE/EF05/", NULL},
        {"SSSE/EF05/FF", NULL},
        {"SSSE/EF05/0", NULL},
        {"SSSE/EF05/01.", NULL},
        {"SSSE/EF05/01.xml", NULL},
        {"SSSE/EF05/01.utf8", NULL},
        {"SSSE/EF05/01/02/03", NULL},
        {"SSSE/EF05/01.tlv.tlv", NULL},
        {"DF09/EF05/01", NULL},
        {"pin.text", NULL},
        {"pin.hex.hex", NULL},
        {"factor", NULL},
        {"factor/country", NULL},
        {"a-name-that-is-far-too-long-for-anything/EF05/01", NULL},
        {NULL, NULL},
    };
    oc_profile *profile = load("vectors/cards/ssc-3.0.xml");
    expect(profile, rows);
    CU_ASSERT_STRING_EQUAL(oc_profile_id(profile), "ssc-3.0");
    CU_ASSERT_STRING_EQUAL(oc_profile_path(profile), "vectors/cards/ssc-3.0.xml");
    CU_ASSERT_EQUAL(oc_profile_generation(profile), 30);
    CU_ASSERT_EQUAL(oc_profile_alg(profile), OC_ALG_SM4);
    CU_ASSERT_TRUE(oc_profile_can_issue(profile));
    CU_ASSERT_STRING_NOT_EQUAL(oc_profile_title(profile, "zh"), oc_profile_title(profile, "en"));
    oc_profile_free(&profile);
    CU_ASSERT_PTR_NULL(profile);
    oc_profile_free(&profile);
}

static void second_generation_differs_where_it_should(void)
{
    static const struct expected rows[] = {
        {"alg", "00"},
        {"SSSE/alias", NULL},
        {"SSSE/EF05/01", "990100D156000005200000018322B9CC"},
        {"SSSE/EF05/03", "322E3030"},
        {"SSSE/EF0D/EA", NULL},
        {"factor/card", "8699990120000001"},
        {NULL, NULL},
    };
    oc_profile *profile = load("vectors/cards/ssc-2.0.xml");
    expect(profile, rows);
    CU_ASSERT_EQUAL(oc_profile_generation(profile), 20);
    CU_ASSERT_TRUE(oc_profile_can_issue(profile));
    oc_profile_free(&profile);
}

static void description_knows_its_part(void)
{
    static const struct expected rows[] = {
        {"pin", "286719"},          {"initial-pin", NULL},  {"terminal", NULL},          {"SSSE/EF05/01", NULL},
        {"SSSE/EF05/02", "33"},     {"SSSE/EF06/08", NULL}, {"SSSE/EF07/content", NULL}, {"SSSE/UK/id", "04"},
        {"DF04/EF08/size", "0118"}, {NULL, NULL},
    };
    oc_profile *profile = load("vectors/cards/describe-only.xml");
    expect(profile, rows);
    CU_ASSERT_FALSE(oc_profile_can_issue(profile));
    CU_ASSERT_EQUAL(oc_profile_transport_bytes(profile).len, 0);
    oc_key key;
    OC_ASSERT_CODE(oc_profile_transport_key(profile, &key), OC_E_UNAVAILABLE);
    oc_profile_free(&profile);
}

static void structure_is_that_of_the_tables(void)
{
    oc_profile *profile = load("vectors/cards/ssc-3.0.xml");
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(profile, &count);
    CU_ASSERT_EQUAL_FATAL(count, 10);
    CU_ASSERT_EQUAL(dirs[0].parent_fid, 0x3F00);
    CU_ASSERT_EQUAL(dirs[0].dir_sfi, 0x1E);
    CU_ASSERT_TRUE(dirs[0].is_ddf);
    CU_ASSERT_EQUAL(dirs[1].parent_fid, 0xDDF1);
    CU_ASSERT_EQUAL(dirs[1].files_count, 12);
    CU_ASSERT_EQUAL(dirs[4].files_count, 4);
    const oc_profile_file *dir_file = &dirs[0].files[0];
    CU_ASSERT_EQUAL(dir_file->kind, OC_PERSO_DIR);
    CU_ASSERT_EQUAL(dir_file->records_count, 7);
    CU_ASSERT_EQUAL(dir_file->update.rule, OC_RULE_KEY);
    CU_ASSERT_EQUAL(dir_file->update.key_id, 0x00);
    const oc_profile_file *reserved = &dirs[1].files[7];
    CU_ASSERT_STRING_EQUAL(reserved->name, "EF16");
    CU_ASSERT_EQUAL(reserved->sfi, 0x16);
    CU_ASSERT_EQUAL(reserved->read.rule, OC_RULE_FREE);
    CU_ASSERT_EQUAL(reserved->update.key_id, 0x8A);
    const oc_profile_file *offline = &dirs[4].files[1];
    CU_ASSERT_EQUAL(offline->read.rule, OC_RULE_PIN_AND_KEY);
    CU_ASSERT_STRING_EQUAL(offline->read.key_name, "RK1");
    CU_ASSERT_EQUAL(offline->read.key_id, 0x84);
    const oc_profile_file *log = &dirs[4].files[2];
    CU_ASSERT_EQUAL(log->record_length, 0x1C);
    CU_ASSERT_EQUAL(log->record_count, 30);
    CU_ASSERT_EQUAL(log->update.rule, OC_RULE_NEVER);
    CU_ASSERT_STRING_EQUAL(oc_profile_setting(profile, "provincial-read"), "pin");
    CU_ASSERT_STRING_EQUAL(oc_profile_setting(profile, "ssse-name"), "sx1 sx3");
    CU_ASSERT_PTR_NULL(oc_profile_setting(profile, "no-such-setting"));
    CU_ASSERT_PTR_NULL(oc_profile_dir_named(profile, "DF08"));
    oc_profile_free(&profile);
}

static void count_secret(void *context, const char *reference, oc_span value)
{
    unsigned *seen = context;
    CU_ASSERT(value.len > 0);
    *seen += strcmp(reference, "pin") == 0 ? 1 : 0;
    *seen += strcmp(reference, "SSSE/EF06/09.utf8") == 0 ? 10 : 0;
    *seen += strcmp(reference, "SSSE/EF06/08") == 0 ? 100 : 0;
    *seen += strcmp(reference, "SSSE/EF05/01") == 0 ? 1000 : 0;
    *seen += strncmp(reference, "SSSE/EF06/4E", 12) == 0 ? 50000 : 0; /* blank: it would match everywhere */
}

static void secrets_are_known(void)
{
    oc_profile *profile = load("vectors/cards/ssc-3.0.xml");
    static const char *const secret[] = {"pin",          "initial-pin",       "wrong-pin",    "SSSE/EF06/09",
                                         "SSSE/EF06/08", "SSSE/EF06/4E.tlv",  "SSSE/EF05/07", "SSSE/EF05/01",
                                         "SSSE/EF0D/EA", "SSSE/EF06/09.utf8", "pin.digits",   "SSSE/EF05/01.hex"};
    static const char *const open[] = {"alg", "SSSE/EF05/02", "SSSE/EF06/0A", "SSSE/EF06/090", "pins", "SSSE/EF06",
                                       ""};
    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++) {
        CU_ASSERT_TRUE(oc_profile_is_secret(profile, secret[i]));
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        CU_ASSERT_FALSE(oc_profile_is_secret(profile, open[i]));
    }
    unsigned seen = 0;
    oc_profile_secrets(profile, count_secret, &seen);
    CU_ASSERT_EQUAL(seen, 1111);
    oc_profile_free(&profile);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"third generation gives every reference", third_generation_gives_every_reference},
        {"second generation differs where it should", second_generation_differs_where_it_should},
        {"description knows its part", description_knows_its_part},
        {"structure is that of the tables", structure_is_that_of_the_tables},
        {"secrets are known", secrets_are_known},
        {NULL, NULL},
    };
    return oc_test_main("profile", rows);
}
