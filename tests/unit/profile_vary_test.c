/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"
#include "sim/crypto/ssc.h"
#include "sim/profile/profile.h"
#include "tests/support/oc_test.h"

static const char *const cards[] = {"vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.0.xml",
                                    "vectors/cards/ssc-3.0.xml", "vectors/cards/ssc-3.0-t1.xml"};
#define CARDS (sizeof cards / sizeof cards[0])

static oc_profile *load(const char *path)
{
    oc_profile *profile = NULL;
    OC_ASSERT_OK(oc_profile_load(&profile, path, NULL));
    return profile;
}

static oc_profile *varied(const char *path, uint64_t seed)
{
    oc_profile *profile = load(path);
    OC_ASSERT_OK(oc_profile_vary(profile, seed));
    return profile;
}

static oc_buf value(const oc_profile *profile, const char *reference)
{
    oc_buf out = {0};
    OC_ASSERT_OK(oc_profile_value(profile, reference, &out));
    return out;
}

static bool same(const oc_profile *a, const oc_profile *b, const char *reference)
{
    oc_buf left = value(a, reference);
    oc_buf right = value(b, reference);
    bool equal = oc_span_equal(oc_buf_span(&left), oc_buf_span(&right));
    oc_buf_free(&left);
    oc_buf_free(&right);
    return equal;
}

static void another_seed_is_another_person(void)
{
    static const char *const others[] = {"SSSE/EF05/01", "SSSE/EF05/07", "SSSE/EF06/08", "SSSE/EF06/09",
                                         "SSSE/EF06/0D", "pin",          "wrong-pin",    "atr",
                                         "factor/card",  "terminal"};
    static const char *const kept[] = {"SSSE/EF05/03", "SSSE/EF06/0A", "initial-pin", "area", "SSSE/name"};
    for (size_t c = 0; c < CARDS; c++) {
        oc_profile *as_issued = load(cards[c]);
        oc_profile *one = varied(cards[c], 1);
        oc_profile *again = varied(cards[c], 1);
        oc_profile *two = varied(cards[c], 2);
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            CU_ASSERT_TRUE(same(one, again, others[i]));
            CU_ASSERT_FALSE(same(one, two, others[i]));
            CU_ASSERT_FALSE(same(one, as_issued, others[i]));
        }
        for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
            CU_ASSERT_TRUE(same(one, as_issued, kept[i]));
        }
        oc_profile_free(&as_issued);
        oc_profile_free(&one);
        oc_profile_free(&again);
        oc_profile_free(&two);
    }
}

static void numbers_hold_together(void)
{
    for (size_t c = 0; c < CARDS; c++) {
        for (uint64_t seed = 0; seed < 50; seed++) {
            oc_profile *profile = varied(cards[c], seed);
            oc_buf id = value(profile, "SSSE/EF06/08");
            oc_buf number = value(profile, "SSSE/EF05/07");
            oc_buf card = value(profile, "SSSE/EF05/01");
            oc_buf birth = value(profile, "SSSE/EF06/0D.hex");
            oc_buf sex = value(profile, "SSSE/EF06/0A");
            oc_span historical;
            CU_ASSERT_EQUAL(id.at[17], (uint8_t)oc_ssc_id_number_check(oc_span_of(id.at, 17)));
            CU_ASSERT_EQUAL(number.at[8], (uint8_t)oc_ssc_card_number_check(oc_span_of(number.at, 8)));
            CU_ASSERT_EQUAL(memcmp(id.at + 6, birth.at, 8), 0);
            CU_ASSERT_EQUAL(id.at[16] & 1, sex.at[0] == '1');
            CU_ASSERT_TRUE(oc_atr_historical(oc_profile_atr(profile), &historical));
            CU_ASSERT_EQUAL(memcmp(historical.at + historical.len - 4, card.at + 8, 4), 0);
            oc_buf_free(&id);
            oc_buf_free(&number);
            oc_buf_free(&card);
            oc_buf_free(&birth);
            oc_buf_free(&sex);
            oc_profile_free(&profile);
        }
    }
}

/* What is known of a card that exists is not made up anew. */
static void descriptions_are_left_alone(void)
{
    oc_profile *as_written = load("vectors/cards/describe-only.xml");
    oc_profile *profile = varied("vectors/cards/describe-only.xml", 7);
    CU_ASSERT_TRUE(same(profile, as_written, "pin"));
    oc_profile_free(&as_written);
    oc_profile_free(&profile);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"another seed is another person", another_seed_is_another_person},
        {"numbers hold together", numbers_hold_together},
        {"descriptions are left alone", descriptions_are_left_alone},
        {NULL, NULL},
    };
    return oc_test_main("profile vary", rows);
}
