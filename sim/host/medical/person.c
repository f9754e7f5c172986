/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/person.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ID numbers: 999901, a day of birth of 1930 to 2020, three digits, a check digit (GB 11643). */
#define DIVISION "999901"
#define FIRST_DAY (-14610) /* 1930-01-01, in days since 1970 */
#define DAYS 33238u
#define PLACES (DAYS * 1000u)

/* Numbers are scattered over the places: x -> x * STEP + seed, modulo PLACES, to which STEP is coprime. */
#define STEP 7654321u

static uint64_t inverse_of_step(void)
{
    int64_t old_r = STEP;
    int64_t r = PLACES;
    int64_t old_s = 1;
    int64_t s = 0;
    while (r != 0) {
        int64_t q = old_r / r;
        int64_t next = old_r - q * r;
        old_r = r;
        r = next;
        next = old_s - q * s;
        old_s = s;
        s = next;
    }
    return (uint64_t)(old_s < 0 ? old_s + PLACES : old_s);
}

static char check_digit(const char *digits)
{
    static const unsigned weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        sum += (unsigned)(digits[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

static void number_places(const oc_med_persons *persons, uint64_t number, char id[19], char birth[11])
{
    uint64_t place = (number * STEP + persons->seed % PLACES) % PLACES;
    time_t seconds = ((time_t)(place / 1000) + FIRST_DAY) * 86400;
    struct tm day;
    gmtime_r(&seconds, &day);
    strftime(birth, 11, "%Y-%m-%d", &day);
    char text[64];
    snprintf(text, sizeof text, DIVISION "%04d%02d%02d%03u", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday,
             (unsigned)(place % 1000));
    snprintf(id, 19, "%.17s%c", text, check_digit(text));
}

/* Mixes the number, so that neighbours differ (the finaliser of SplitMix64). */
static uint64_t mixed(const oc_med_persons *persons, uint64_t number)
{
    uint64_t z = persons->seed + (number + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void make_name(uint64_t hash, char *out, size_t room)
{
    static const char *const family[] = {"赵", "钱", "孙", "李", "周", "吴", "郑", "王", "欧阳", "慕容"};
    static const char *const given[] = {"示", "例", "样", "本", "仿", "真", "测", "试", "虚", "拟", "𠮷", "䶮"};
    const size_t families = sizeof family / sizeof family[0];
    const size_t givens = sizeof given / sizeof given[0];
    snprintf(out, room, "%s%s%s", family[hash % families], given[hash / families % givens],
             given[hash / families / givens % givens]);
}

bool oc_med_person_at(const oc_med_persons *persons, uint64_t number, oc_med_person *out)
{
    if (number >= persons->count || number >= OC_MED_PERSONS_MAX) {
        return false;
    }
    *out = (oc_med_person){.balance = persons->balance};
    uint64_t hash = mixed(persons, number);
    number_places(persons, number, out->id_number, out->birth);
    make_name(hash, out->name, sizeof out->name);
    snprintf(out->psn_no, sizeof out->psn_no, "%s%014" PRIu64, persons->admdvs, number);
    snprintf(out->card_number, sizeof out->card_number, "Y%08" PRIu64, number);
    snprintf(out->card_id, sizeof out->card_id, DIVISION "%026" PRIu64, number);
    snprintf(out->admdvs, sizeof out->admdvs, "%s", persons->admdvs);
    out->gend[0] = (out->id_number[16] - '0') % 2 == 1 ? '1' : '2';
    unsigned age = oc_med_age(out->birth, "2026-01-01");
    bool employed = age >= 18 && hash % 10 < 6;
    snprintf(out->insutype, sizeof out->insutype, "%s", employed ? "310" : "390");
    snprintf(out->psn_type, sizeof out->psn_type, "%s",
             employed ? (age >= 60 ? "12" : "11") : (age >= 18 ? "14" : "15"));
    out->standing = number % 1000 >= 997 ? (enum oc_med_standing)(number % 1000 - 996) : OC_MED_INSURED;
    out->injured = employed && number % 50 == 7;
    return true;
}

/* The number in the last `digits` characters of `text`, whose beginning is `lead`. */
static bool tail_number(const char *text, const char *lead, size_t digits, uint64_t *out)
{
    size_t len = strlen(lead);
    if (strncmp(text, lead, len) != 0 || strlen(text) != len + digits || strspn(text + len, "0123456789") != digits) {
        return false;
    }
    *out = strtoull(text + len, NULL, 10);
    return true;
}

bool oc_med_person_by_card(const oc_med_persons *persons, const char *card_number, oc_med_person *out)
{
    uint64_t number;
    return tail_number(card_number, "Y", 8, &number) && oc_med_person_at(persons, number, out);
}

bool oc_med_person_by_card_id(const oc_med_persons *persons, const char *card_id, oc_med_person *out)
{
    uint64_t number;
    return tail_number(card_id, DIVISION, 26, &number) && oc_med_person_at(persons, number, out);
}

bool oc_med_person_by_psn_no(const oc_med_persons *persons, const char *psn_no, oc_med_person *out)
{
    uint64_t number;
    return tail_number(psn_no, persons->admdvs, 14, &number) && oc_med_person_at(persons, number, out);
}

bool oc_med_person_by_id(const oc_med_persons *persons, const char *id_number, oc_med_person *out)
{
    struct tm day = {0};
    unsigned year;
    unsigned month;
    unsigned mday;
    unsigned order;
    if (strlen(id_number) != 18 || sscanf(id_number, DIVISION "%4u%2u%2u%3u", &year, &month, &mday, &order) != 4) {
        return false;
    }
    day.tm_year = (int)year - 1900;
    day.tm_mon = (int)month - 1;
    day.tm_mday = (int)mday;
    int64_t days = timegm(&day) / 86400 - FIRST_DAY;
    if (days < 0 || days >= (int64_t)DAYS) {
        return false;
    }
    uint64_t place = (uint64_t)days * 1000 + order;
    uint64_t number = (place + PLACES - persons->seed % PLACES) % PLACES * inverse_of_step() % PLACES;
    return oc_med_person_at(persons, number, out) && strcmp(out->id_number, id_number) == 0;
}

void oc_med_person_of_holder(const oc_med_holder *holder, const oc_med_persons *persons, oc_med_person *out)
{
    *out = (oc_med_person){.balance = holder->balance, .standing = holder->standing, .injured = holder->injured};
    const char *id = holder->id_number;
    snprintf(out->id_number, sizeof out->id_number, "%s", id);
    snprintf(out->name, sizeof out->name, "%s", holder->name);
    snprintf(out->card_number, sizeof out->card_number, "%s", holder->card_number);
    snprintf(out->card_id, sizeof out->card_id, "%s", holder->card_id);
    snprintf(out->admdvs, sizeof out->admdvs, "%s", holder->admdvs == NULL ? persons->admdvs : holder->admdvs);
    /* Not the form of a computed person's number; the same on every card of a person. */
    snprintf(out->psn_no, sizeof out->psn_no, "%sC%.23s", out->admdvs, id[0] == '\0' ? out->card_number : id);
    if (strlen(id) == 18) {
        snprintf(out->birth, sizeof out->birth, "%.4s-%.2s-%.2s", id + 6, id + 10, id + 12);
        out->gend[0] = id[16] % 2 == 1 ? '1' : '2';
    } else {
        snprintf(out->birth, sizeof out->birth, "1980-01-01");
        out->gend[0] = '1';
    }
    snprintf(out->insutype, sizeof out->insutype, "310");
    snprintf(out->psn_type, sizeof out->psn_type, "%s", oc_med_age(out->birth, "2026-01-01") >= 60 ? "12" : "11");
}

unsigned oc_med_age(const char *birth, const char *day)
{
    int years = atoi(day) - atoi(birth);
    bool not_yet = strncmp(day + 4, birth + 4, 6) < 0;
    return years - not_yet > 0 ? (unsigned)(years - not_yet) : 0;
}
