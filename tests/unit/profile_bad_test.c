/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/profile/profile.h"
#include "tests/support/oc_test.h"

/* Small profiles, each with one mistake: each gets one clear sentence and the line of the mistake. */

#define NS "xmlns='urn:onecard:profile:1'"
#define HEAD "<profile " NS " id='x' use='describe' generation='3.0' alg='SM4'>\n"
#define ISSUE "<profile " NS " id='x' use='issue' generation='3.0' alg='SM4'>\n"
#define DIR_BEGIN "<structure><directory name='SSSE' fid='DDF1' kind='ddf' df-name='setting.ssse-name'>\n"
#define UK "<key name='UK' kind='external' id='04' usage='48' psam-id='12'/>\n"
#define EF05                                                                                                          \
    "<file name='EF05' kind='variable' read='free' update='key' update-key='UK'>"                                     \
    "<record tag='01' len='2' kind='cn'/><record tag='02' len='4' kind='an'/></file>\n"
#define DIR_END "</directory></structure>\n"
#define STRUCTURE DIR_BEGIN UK EF05 DIR_END
#define END "</profile>"

struct bad {
    const char *text;
    enum oc_code code;
    long line;
    const char *reason; /* a part of it */
};

static const struct bad table[] = {
    /* What the schema sees */
    {"<profile " NS "/>", OC_E_FORMAT, 1, "attribute 'id' is required"},
    {"<keys " NS "/>", OC_E_FORMAT, 1, "this file holds a keys, a profile is wanted"},
    {"<other/>", OC_E_FORMAT, 1, "other"},
    {HEAD END, OC_E_FORMAT, 1, "Missing child element"},
    {HEAD "<structure/>\n<colour/>" END, OC_E_FORMAT, 3, "colour"},
    {HEAD "<structure/>\n<pin value='12a4'/>" END, OC_E_FORMAT, 3, "12a4"},
    {HEAD "<structure/>\n<city area='9901'/>" END, OC_E_FORMAT, 3, "9901"},
    {"<profile " NS " id='x' use='issue' generation='4.0' alg='SM4'><structure/></profile>", OC_E_FORMAT, 1, "4.0"},
    {"<profile " NS " id='x' use='issue' generation='3.0' alg='SSF33'><structure/></profile>", OC_E_FORMAT, 1,
     "SSF33"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01' len='254' "
                    "kind='b'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "254"},
    /* XML itself */
    {"<!DOCTYPE profile [<!ENTITY a 'b'>]>\n" HEAD "<structure/>" END, OC_E_FORMAT, 1, "DOCTYPE"},
    {HEAD "<structure>\n</profile>", OC_E_FORMAT, 3, "mismatch"},
    /* Settings */
    {HEAD "<setting name='pin-try' value='3'/><structure/>" END, OC_E_FORMAT, 2, "there is no setting 'pin-try'"},
    {HEAD "<setting name='pin-tries' value='0'/><structure/>" END, OC_E_FORMAT, 2, "allowed: 1 to 15"},
    {HEAD "<setting name='pin-tries' value='99999999999999999999'/><structure/>" END, OC_E_FORMAT, 2, "1 to 15"},
    {HEAD "<setting name='provincial-read' value='|'/><structure/>" END, OC_E_FORMAT, 2, "allowed: pin|key"},
    {HEAD "<setting name='provincial-read' value=''/><structure/>" END, OC_E_FORMAT, 2, "allowed: pin|key"},
    {HEAD "<setting name='ssse-name' value='sx1'/>\n<setting name='ssse-name' value='sx3'/><structure/>" END,
     OC_E_FORMAT, 3, "stands twice"},
    /* Structure */
    {HEAD "<structure generation='2.0'/>" END, OC_E_FORMAT, 2, "structure of generation 2.0"},
    {HEAD "<structure href='missing.xml'/>" END, OC_E_NOT_FOUND, 0, "cannot open"},
    {HEAD "<structure href='bad.xml'/>" END, OC_E_FORMAT, 1, "a structure is wanted"},
    {HEAD "<structure href='x.xml'>\n<directory name='DF01' kind='adf' df-name='D15600000500'/></structure>" END,
     OC_E_FORMAT, 2, "only one of them"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='key' update-key='UK'/>" DIR_END END,
     OC_E_FORMAT, 3, "EF05 would have 0 bytes"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='transparent' read='free' update='key' update-key='UK' size='4'/>" DIR_END END,
     OC_E_FORMAT, 3, "there is no key UK in SSSE"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='transparent' read='key' update='never' size='4'/>" DIR_END END,
     OC_E_FORMAT, 3, "read='key' needs a read-key"},
    {HEAD DIR_BEGIN UK
     "<file name='EF05' kind='transparent' read='free' read-key='UK' update='never' size='4'/>" DIR_END END,
     OC_E_FORMAT, 4, "read='free' does not use a read-key"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='transparent' read='free' update='never'/>" DIR_END END, OC_E_FORMAT, 3,
     "EF05 would have 0 bytes"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='transparent' read='free' update='never' size='65536'/>" DIR_END END,
     OC_E_FORMAT, 3, "65536"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='transparent' read='free' update='never' size='setting.sizes'/>" DIR_END END,
     OC_E_FORMAT, 3, "there is no setting 'sizes'"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='transparent' read='free' update='never' size='setting.ssse-name'/>" DIR_END END,
     OC_E_FORMAT, 3, "is not a number"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='transparent' read='setting.pin-tries' update='never' size='4'/>" DIR_END END,
     OC_E_FORMAT, 3, "'6' cannot be the read of a file"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='cyclic' read='free' update='never' record-len='300' records='2'/>" DIR_END END,
     OC_E_FORMAT, 3, "needs record-len"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='transparent' read='free' update='never' size='4' records='2'/>" DIR_END END,
     OC_E_FORMAT, 3, "not cyclic"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='transparent' read='free' update='never' size='9'><record tag='01' len='1' "
     "kind='b'/></file>" DIR_END END,
     OC_E_FORMAT, 3, "only a variable file lists records"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never' size='6'>\n<record tag='01' len='5' "
                    "kind='b'/></file>" DIR_END END,
     OC_E_FORMAT, 3, "take 7 bytes, the file has only 6"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='variable' read='free' update='never'><record tag='0a' len='5' kind='b'/>\n"
     "<record tag='0A' len='5' kind='b'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "two records with tag 0A"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01' len='5'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "either len and kind or items"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01'><item tag='02' "
                    "len='200' kind='b'/><item tag='03' len='200' kind='b'/></record></file>" DIR_END END,
     OC_E_FORMAT, 4, "has 404 bytes"},
    {HEAD DIR_BEGIN UK EF05 EF05 DIR_END END, OC_E_FORMAT, 5, "two files EF05"},
    {HEAD DIR_BEGIN UK UK DIR_END END, OC_E_FORMAT, 4, "two keys UK"},
    {HEAD DIR_BEGIN UK "<key name='UK9' kind='external' id='04'/>" DIR_END END, OC_E_FORMAT, 4, "one kind and id"},
    {HEAD DIR_BEGIN UK "<key name='UK9' kind='external' id='05' usage='48' psam-id='12'/>" DIR_END END, OC_E_FORMAT, 4,
     "the same partner key"},
    {HEAD DIR_BEGIN "<key name='UK' kind='external' id='04' usage='88'/>" DIR_END END, OC_E_FORMAT, 3,
     "1 to 3 levels"},
    {HEAD DIR_BEGIN "<key name='UK' kind='external' id='04' tries='16'/>" DIR_END END, OC_E_FORMAT, 3, "15 tries"},
    {HEAD "<structure><directory name='SSSE' kind='ddf' df-name='01'/></structure>" END, OC_E_FORMAT, 2,
     "needs a fid"},
    {HEAD "<structure><directory name='DF01' kind='adf' df-name='01020304'/></structure>" END, OC_E_FORMAT, 2,
     "has 4 bytes; it has 5 to 16"},
    {HEAD "<structure><directory name='DF01' kind='adf' df-name='D1560000050Z'/></structure>" END, OC_E_FORMAT, 2,
     "neither whole bytes in hex nor 'text'"},
    {HEAD "<structure><directory name='PSAM' fid='DF01' kind='adf' df-name='D15600000500'/></structure>" END,
     OC_E_FORMAT, 2, "PSAM is no directory"},
    {HEAD "<structure><directory name='DF01' kind='adf' parent='SSSE' df-name='D15600000500'/></structure>" END,
     OC_E_FORMAT, 2, "the parent SSSE of DF01"},
    {HEAD "<structure><directory name='DF01' kind='adf' df-name='D15600000500'/>\n"
          "<directory name='DF02' kind='adf' df-name='D15600000500'/></structure>" END,
     OC_E_FORMAT, 3, "share a name, fid or df-name"},
    /* Structures that no card can have */
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01' len='1' kind='b' "
                    "count='200'/>\n<record tag='02' len='1' kind='b' count='55'/></file>" DIR_END END,
     OC_E_FORMAT, 5, "EF05 has more than 254 records"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01' len='1' kind='b' "
                    "count='99999'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "EF05 has more than 254 records"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01' len='1' kind='b' "
                    "count='setting.provincial-read'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "count='pin' is not a number"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'>\n<record tag='01' len='1' kind='b' "
                    "if='setting.df05' unless='setting.nothing'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "there is no setting 'nothing'"},
    {HEAD DIR_BEGIN "<key name='UK' kind='external' id='04' if='df05'/>" DIR_END END, OC_E_FORMAT, 3, "df05"},
    {HEAD DIR_BEGIN UK "<file name='EF05' kind='variable' read='key' read-key='UK' update='key' update-key='UK' "
                       "size='4'><record tag='01' len='200' kind='an' count='2'/></file>" DIR_END END,
     OC_E_FORMAT, 4, "take 404 bytes, the file has only 4"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='cyclic' read='free' update='never' record-len='28' records='255'/>" DIR_END END,
     OC_E_FORMAT, 3, "records (1 to 254)"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='maybe' update='never'>\n<record tag='01' len='1' "
                    "kind='b'/></file>" DIR_END END,
     OC_E_FORMAT, 3, "maybe"},
    {HEAD DIR_BEGIN UK "<file name='EF05' kind='transparent' read='free' update='pin-and-key' size='4'/>" DIR_END END,
     OC_E_FORMAT, 4, "update='pin-and-key' needs a update-key"},
    {HEAD DIR_BEGIN UK "<file name='EF05' kind='transparent' read='setting.provincial-read' read-key='RK' "
                       "update='key' update-key='UK2' size='4'/>" DIR_END END,
     OC_E_FORMAT, 4, "there is no key UK2 in SSSE"},
    {HEAD "<structure><directory name='DF01' kind='adf' df-name='D15600000500'/>\n"
          "<directory name='DF02' fid='DF01' kind='adf' df-name='D15600000501'/></structure>" END,
     OC_E_FORMAT, 3, "share a name, fid or df-name"},
    {HEAD "<structure><directory name='SSSE' fid='DDF1' kind='ddf' df-name='D15600000500' if='setting.df07' "
          "unless='setting.df07'/>\n<directory name='DF01' kind='adf' parent='SSSE' "
          "df-name='D15600000501'/></structure>" END,
     OC_E_FORMAT, 3, "the parent SSSE of DF01"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'><record tag='43' len='1' kind='b' "
                    "count='2'/></file>" DIR_END "<data file='SSSE/EF05'><record tag='43' value='01'/>"
                    "<record tag='43' value='02'/>\n<record tag='43' value='03'/></data>" END,
     OC_E_FORMAT, 5, "given too often"},
    {HEAD DIR_BEGIN "<file name='EF05' kind='variable' read='free' update='never'><record tag='43' len='1' kind='b' "
                    "if='setting.ssse-ef0c'/><record tag='44' len='1' kind='b'/></file>" DIR_END
                    "\n<data file='SSSE/EF05'>\n<record tag='43' value='01'/></data>" END,
     OC_E_FORMAT, 6, "SSSE/EF05 has no record with tag 43"},
    /* Keys */
    {HEAD STRUCTURE "<card-key dir='SSSE' name='RK' value='00000000000000000000000000000000'/>" END, OC_E_FORMAT, 6,
     "the structure has no key SSSE/RK version 1"},
    {HEAD STRUCTURE "<card-key dir='SSSE' name='UK' value='00000000000000000000000000000000'/>\n"
                    "<card-key dir='SSSE' name='UK' value='00000000000000000000000000000001'/>" END,
     OC_E_FORMAT, 7, "stands twice"},
    {HEAD STRUCTURE
     "<keys><key dir='SSSE' name='UK' alg='SM4' value='00000000000000000000000000000000'/>\n"
     "<key dir='SSSE' name='UK' version='1' alg='SM4' value='00000000000000000000000000000000'/></keys>" END,
     OC_E_FORMAT, 7, "the SM4 key SSSE/UK version 1 stands twice"},
    {HEAD STRUCTURE "<keys><key dir='SSSE' name='UK' alg='SM4' value='0000'/></keys>" END, OC_E_FORMAT, 6, "0000"},
    /* Chip */
    {HEAD STRUCTURE "<chip atr='3B6D000000994F433386999901300000'/>" END, OC_E_FORMAT, 6, "longer or shorter"},
    {HEAD STRUCTURE "<chip atr='3BFFFFFFFFFFFFFFFFFFFFFF'/>" END, OC_E_FORMAT, 6, "longer or shorter"},
    /* Data */
    {HEAD STRUCTURE "<data file='DF01/EF05'><record tag='01' value=''/></data>" END, OC_E_FORMAT, 6,
     "the structure has no file DF01/EF05"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='07' value=''/></data>" END, OC_E_FORMAT, 7,
     "SSSE/EF05 has no record with tag 07"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='01' value='010203'/></data>" END, OC_E_FORMAT, 7,
     "the value has 3 bytes, its place only 2"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='01' value='0g'/></data>" END, OC_E_FORMAT, 7,
     "is not packed digits"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='02' value='\"abc\"'/></data>" END, OC_E_FORMAT, 7,
     "neither whole bytes in hex nor 'text'"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='02' value=\"'abc\"/></data>" END, OC_E_FORMAT, 7,
     "no closing quote"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='02' value='@pin'/></data>" END, OC_E_FORMAT, 7,
     "hex and 'text' only"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='02'/></data>" END, OC_E_FORMAT, 7, "needs either a value"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<record tag='02'><item tag='01' value=''/></record></data>" END,
     OC_E_FORMAT, 7, "it has no items"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'><record tag='02' value=''/>\n<record tag='02' value=''/></data>" END,
     OC_E_FORMAT, 7, "given too often"},
    {HEAD STRUCTURE "<data file='SSSE/EF05'>\n<content value=''/></data>" END, OC_E_FORMAT, 7, "is made of records"},
    {HEAD DIR_BEGIN "<file name='EF07' kind='transparent' read='free' update='never' size='2'/>" DIR_END
                    "<data file='SSSE/EF07'>\n<content value='010203'/></data>" END,
     OC_E_FORMAT, 5, "the content has 3 bytes, SSSE/EF07 only 2"},
    {HEAD DIR_BEGIN
     "<file name='EF05' kind='variable' read='free' update='never'><record tag='40'><item tag='57' len='1' kind='b'/>"
     "<item tag='58' len='1' kind='b'/></record></file>" DIR_END
     "<data file='SSSE/EF05'>\n<record tag='40'><item tag='57' value='01'/><item tag='57' "
     "value='01'/></record></data>" END,
     OC_E_FORMAT, 5, "record 40 lacks its item 58"},
    /* Issuing */
    {ISSUE STRUCTURE END, OC_E_FORMAT, 1, "to issue a card, the profile must give the chip's atr"},
};

static char folder[] = "/tmp/oc_profile_bad_XXXXXX";

static void write_profile(const char *name, const char *text, char *path, size_t room)
{
    OC_ASSERT_OK(oc_file_join(path, room, folder, name));
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text(text), NULL));
}

static void expect(const struct bad *bad)
{
    char path[PATH_MAX];
    oc_diag diag = {0};
    oc_profile *profile = NULL;
    write_profile("bad.xml", bad->text, path, sizeof path);
    oc_result r = oc_profile_load(&profile, path, &diag);
    bool right = r.code == bad->code && profile == NULL && diag.line == bad->line &&
                 strncmp(diag.file, folder, strlen(folder)) == 0 && strchr(diag.reason, '\n') == NULL &&
                 strstr(diag.reason, bad->reason) != NULL;
    if (!right) {
        fprintf(stderr, "%s\n=> %s %s:%ld: %s\n   expected %s line %ld: %s\n", bad->text, oc_code_name(r.code),
                diag.file, diag.line, diag.reason, oc_code_name(bad->code), bad->line, bad->reason);
    }
    CU_ASSERT_TRUE(right);
    oc_profile_free(&profile);
}

static void each_mistake_has_its_sentence(void)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        expect(&table[i]);
    }
}

/* The profile of which the table's entries are damaged copies is itself in order. */
static void the_undamaged_one_loads(void)
{
    char path[PATH_MAX];
    oc_diag diag = {0};
    oc_profile *profile = NULL;
    write_profile("good.xml",
                  HEAD STRUCTURE "<card-key dir='SSSE' name='UK' value='00000000000000000000000000000000'/>"
                                 "<data file='SSSE/EF05'><record tag='01' value='123'/></data>" END,
                  path, sizeof path);
    OC_ASSERT_OK(oc_profile_load(&profile, path, &diag));
    oc_buf value = {0};
    OC_ASSERT_OK(oc_profile_value(profile, "SSSE/EF05/01", &value));
    OC_ASSERT_BYTES(oc_buf_span(&value), "123F"); /* an odd number of digits is closed with F */
    oc_buf_free(&value);
    oc_crypto *crypto = NULL;
    oc_key_provider keys;
    oc_key_name name;
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    OC_ASSERT_OK(oc_profile_key_provider(&keys, profile, crypto));
    OC_ASSERT_OK(oc_key_name_parse(&name, "SSSE/UK"));
    uint8_t answer[16];
    oc_wr wr = oc_wr_of(answer, sizeof answer);
    oc_key_question question = {.key = name, .data = oc_test_hex("00000000000000000000000000000000")};
    OC_ASSERT_OK(oc_key_provider_answer(&keys, &question, &wr, NULL));
    /* SM4 of a zero block under the zero key: the card's own key, not one of a hierarchy. */
    OC_ASSERT_BYTES(oc_wr_span(&wr), "9F1F7BFF6F5511384D9430531E538FD3");
    oc_key_provider_close(&keys);
    oc_crypto_free(&crypto);
    oc_profile_free(&profile);
}

struct change {
    const char *from;
    const char *to;
    const char *reason;
};

/* One change to a card that issues, by its text. */
static void what_issues_must_hold_together(void)
{
    static const struct change changes[] = {
        {"'990000308'", "'990000309'", "the check character of the card number should be '8'"},
        {"'990000308'", "'99000030a'", "the check character of the card number should be '8'"},
        {"'990000308'", "'99ab00308'", "the card number has characters it cannot have"},
        {"value=\"'990100199001010012'\"", "value=\"'99010019900101001X'\"",
         "the check character of the ID number should be '2'"},
        {"990100 D156000005", "990200 D156000005", "the card id code begins with 990200, the city's area is 990100"},
        {"<record tag=\"0B\" value=\"01\"/>", "", "must give SSSE/EF06/0B"},
        {"<keys href=\"test-keys.xml\"/>", "", "must give the SM4 root key SSSE/MK version 1"},
        {" initial=\"123456\"", "", "must give the initial PIN"},
        {"<pki href=\"pki-3.0.xml\"/>", "", "must give the root of the pki with its name and key"},
        {"<pki href=\"pki-3.0.xml\"/>", "<pki><root name=\"x\" certificate=\"30808080808080808080808080\"/></pki>",
         "must give the root of the pki with its name and key"},
        {"<pki href=\"pki-3.0.xml\"/>", "<pki><validity from=\"2024-02-30\" until=\"2034-01-01\"/></pki>",
         "2024-02-30 is no day of the calendar"},
        {"<pki href=\"pki-3.0.xml\"/>", "<pki><validity from=\"2034-01-02\" until=\"2034-01-01\"/></pki>",
         "the certificates end before they begin"},
        {"<pki href=\"pki-3.0.xml\"/>", "<pki><pins user=\"12a4\"/></pki>", "12a4"},
        {" transport-key=\"505152535455565758595A5B5C5D5E5F\"", "", "must give the chip's transport-key"},
    };
    char path[PATH_MAX];
    oc_buf original = {0};
    OC_ASSERT_OK(oc_file_read(&original, "vectors/cards/ssc-3.0.xml", 65536, NULL));
    OC_ASSERT_OK(oc_buf_append_byte(&original, 0));
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *text = (const char *)original.at;
        const char *at = strstr(text, changes[i].from);
        CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        oc_buf changed = {0};
        OC_ASSERT_OK(oc_buf_append(&changed, oc_span_of(text, (size_t)(at - text))));
        OC_ASSERT_OK(oc_buf_append(&changed, oc_span_text(changes[i].to)));
        OC_ASSERT_OK(oc_buf_append(&changed, oc_span_text(at + strlen(changes[i].from))));
        OC_ASSERT_OK(oc_buf_append_byte(&changed, 0)); /* the end of a text */
        write_profile("changed.xml", (const char *)changed.at, path, sizeof path);
        oc_buf_free(&changed);
        oc_diag diag = {0};
        oc_profile *profile = NULL;
        OC_ASSERT_CODE(oc_profile_load(&profile, path, &diag), OC_E_FORMAT);
        if (strstr(diag.reason, changes[i].reason) == NULL || diag.line == 0) {
            fprintf(stderr, "%s: line %ld: %s\n", changes[i].to, diag.line, diag.reason);
            CU_FAIL("another reason");
        }
    }
    oc_buf_free(&original);
}

static void other_generations_have_their_defaults(void)
{
    static const struct {
        const char *generation;
        unsigned number;
        const char *size;
        const char *reserved;
    } rows[] = {{"1.0", 10, "768", "pin"}, {"2.0", 20, "1024", "free"}, {"2.01", 21, "1024", "free"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[PATH_MAX];
        char text[256];
        oc_profile *profile = NULL;
        snprintf(text, sizeof text,
                 "<profile " NS " id='x' use='describe' generation='%s' alg='3DES'><structure/>" END,
                 rows[i].generation);
        write_profile("generation.xml", text, path, sizeof path);
        OC_ASSERT_OK(oc_profile_load(&profile, path, NULL));
        CU_ASSERT_EQUAL(oc_profile_generation(profile), rows[i].number);
        CU_ASSERT_STRING_EQUAL(oc_profile_setting(profile, "ssse-ef07-size"), rows[i].size);
        CU_ASSERT_STRING_EQUAL(oc_profile_setting(profile, "df01-reserved-read"), rows[i].reserved);
        CU_ASSERT_FALSE(oc_profile_can_issue(profile));
        oc_profile_free(&profile);
    }
}

static const oc_profile_file *file_of(const oc_profile *profile, const char *dir_name, const char *file_name)
{
    const oc_profile_dir *dir = oc_profile_dir_named(profile, dir_name);
    for (size_t i = 0; dir != NULL && i < dir->files_count; i++) {
        if (strcmp(dir->files[i].name, file_name) == 0) {
            return &dir->files[i];
        }
    }
    return NULL;
}

static void settings_change_the_structure(void)
{
    char path[PATH_MAX];
    oc_profile *profile = NULL;
    write_profile("settings.xml",
                  HEAD "<setting name='provincial-read' value='key'/><setting name='df01-ef07-2a' value='on'/>"
                       "<setting name='df04-free-read' value='on'/><setting name='ssse-name' value='sx3'/>"
                       "<setting name='df04-log-records' value='7'/><setting name='key-tries' value='5'/>"
                       "<setting name='df01-reserved-size' value='128'/><structure href='structure-3.0.xml'/>" END,
                  path, sizeof path);
    OC_ASSERT_OK(oc_profile_load(&profile, path, NULL));
    const oc_profile_file *state = file_of(profile, "DF01", "EF07");
    CU_ASSERT_EQUAL(state->read.rule, OC_RULE_KEY);
    CU_ASSERT_EQUAL(state->read.key_id, 0x88);
    CU_ASSERT_EQUAL(state->records_count, 2);
    CU_ASSERT_EQUAL(state->size, 6);
    CU_ASSERT_EQUAL(file_of(profile, "DF01", "EF16")->size, 128);
    CU_ASSERT_EQUAL(file_of(profile, "DF04", "EF05")->read.rule, OC_RULE_FREE);
    CU_ASSERT_EQUAL(file_of(profile, "DF04", "EF08")->size, 7 * 28);
    const oc_profile_dir *ssse = oc_profile_dir_named(profile, "SSSE");
    OC_ASSERT_BYTES(ssse->df_name, "7378332E73682EC9E7BBE1B1A3D5CF");
    CU_ASSERT_EQUAL(ssse->alias.len, 0);
    CU_ASSERT_EQUAL(ssse->keys[0].tries, 5);
    oc_profile_free(&profile);
}

static void remove_folder(void)
{
    static const char *const names[] = {"bad.xml",       "good.xml",          "changed.xml", "generation.xml",
                                        "test-keys.xml", "structure-3.0.xml", "pki-3.0.xml", "settings.xml"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (oc_is_ok(oc_file_join(path, sizeof path, folder, names[i]))) {
            unlink(path);
        }
    }
    rmdir(folder);
}

/* The changed cards refer to files beside them. */
static bool link_neighbours(void)
{
    static const char *const names[] = {"test-keys.xml", "structure-3.0.xml", "pki-3.0.xml"};
    char own[PATH_MAX];
    char target[PATH_MAX];
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (realpath("vectors/cards", own) == NULL || !oc_is_ok(oc_file_join(target, sizeof target, own, names[i])) ||
            !oc_is_ok(oc_file_join(path, sizeof path, folder, names[i])) || symlink(target, path) != 0) {
            return false;
        }
    }
    return true;
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"each mistake has its sentence", each_mistake_has_its_sentence},
        {"the undamaged one loads", the_undamaged_one_loads},
        {"what issues must hold together", what_issues_must_hold_together},
        {"other generations have their defaults", other_generations_have_their_defaults},
        {"settings change the structure", settings_change_the_structure},
        {NULL, NULL},
    };
    if (mkdtemp(folder) == NULL || !link_neighbours()) {
        return 2;
    }
    int code = oc_test_main("profile: mistakes", rows);
    remove_folder();
    return code;
}
