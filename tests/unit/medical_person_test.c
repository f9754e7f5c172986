/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/person.h"

#include <stdio.h>

#include "tests/support/oc_test.h"

static const oc_med_persons persons = {.seed = 20260101, .admdvs = "310101", .balance = 5, .count = 1000000000};

static void everybody_is_found_again(void)
{
    for (uint64_t number = 0; number < OC_MED_PERSONS_MAX; number += 9973) {
        oc_med_person person;
        oc_med_person again;
        CU_ASSERT_TRUE_FATAL(oc_med_person_at(&persons, number, &person));
        CU_ASSERT_TRUE(oc_med_person_by_id(&persons, person.id_number, &again));
        CU_ASSERT_STRING_EQUAL(again.psn_no, person.psn_no);
        CU_ASSERT_TRUE(oc_med_person_by_card(&persons, person.card_number, &again));
        CU_ASSERT_STRING_EQUAL(again.psn_no, person.psn_no);
        CU_ASSERT_TRUE(oc_med_person_by_psn_no(&persons, person.psn_no, &again));
        CU_ASSERT_STRING_EQUAL(again.id_number, person.id_number);
    }
}

static void nobody_is_real(void)
{
    oc_med_person person;
    CU_ASSERT_TRUE(oc_med_person_at(&persons, 42, &person));
    CU_ASSERT_EQUAL(strncmp(person.id_number, "999901", 6), 0);
    CU_ASSERT_EQUAL(strlen(person.id_number), 18);
    CU_ASSERT_EQUAL(strlen(person.card_id), 32);
    /* GB 11643: the weighted sum, check digit included, is 1 modulo 11. */
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1};
    int sum = 0;
    for (int i = 0; i < 18; i++) {
        sum += weights[i] * (person.id_number[i] == 'X' ? 10 : person.id_number[i] - '0');
    }
    CU_ASSERT_EQUAL(sum % 11, 1);
}

static void other_numbers_are_nobody_s(void)
{
    oc_med_person person;
    static const char *const ids[] = {"",
                                      "999901198001010010",
                                      "310101198001010011",
                                      "99990119800101001",
                                      "999901198013010010",
                                      "999901192901010010",
                                      "99990119800101001a"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        oc_med_person found;
        CU_ASSERT_TRUE(!oc_med_person_by_id(&persons, ids[i], &found) || strcmp(found.id_number, ids[i]) == 0);
    }
    CU_ASSERT_FALSE(oc_med_person_by_id(&persons, "310101198001010011", &person));
    CU_ASSERT_FALSE(oc_med_person_by_card(&persons, "Y99999999", &person));
    CU_ASSERT_FALSE(oc_med_person_by_card(&persons, "X00000001", &person));
    CU_ASSERT_FALSE(oc_med_person_by_psn_no(&persons, "310101", &person));
    CU_ASSERT_FALSE(oc_med_person_at(&persons, OC_MED_PERSONS_MAX, &person));
}

static void some_have_no_benefits(void)
{
    static const enum oc_med_standing standings[] = {OC_MED_INSURED, OC_MED_SUSPENDED, OC_MED_ENDED, OC_MED_DECEASED};
    for (uint64_t i = 0; i < 4; i++) {
        oc_med_person person;
        CU_ASSERT_TRUE(oc_med_person_at(&persons, 5996 + i, &person));
        CU_ASSERT_EQUAL(person.standing, standings[i]);
    }
}

static void age_is_of_the_day(void)
{
    CU_ASSERT_EQUAL(oc_med_age("1980-03-02", "2026-03-01"), 45);
    CU_ASSERT_EQUAL(oc_med_age("1980-03-02", "2026-03-02"), 46);
    CU_ASSERT_EQUAL(oc_med_age("2027-01-01", "2026-03-02"), 0);
}

int main(void)
{
    static const oc_test_row rows[] = {{"everybody is found again", everybody_is_found_again},
                                       {"nobody is real", nobody_is_real},
                                       {"other numbers are nobody's", other_numbers_are_nobody_s},
                                       {"some have no benefits", some_have_no_benefits},
                                       {"age is of the day", age_is_of_the_day},
                                       {NULL, NULL}};
    return oc_test_main("medical persons", rows);
}
