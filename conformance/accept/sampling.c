/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/sampling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"

/* ISO 2859-1, table 1, general inspection level II: the largest lot of each code letter; table 2-A: its sample. */
static const struct {
    char letter;
    size_t lot_max;
    size_t sample;
} codes[] = {
    {'A', 8, 2},        {'B', 15, 3},       {'C', 25, 5},          {'D', 50, 8},
    {'E', 90, 13},      {'F', 150, 20},     {'G', 280, 32},        {'H', 500, 50},
    {'J', 1200, 80},    {'K', 3200, 125},   {'L', 10000, 200},     {'M', 35000, 315},
    {'N', 150000, 500}, {'P', 500000, 800}, {'Q', SIZE_MAX, 1250}, {'R', SIZE_MAX, 2000},
};
#define CODES (sizeof codes / sizeof codes[0])

/* Table 2-A runs along diagonals: in the column of a limit the plan 0/1 stands at one letter. Above it arrows lead down
 * to it; the next letter leads up to it, the one after down, and from the third on the numbers below follow. */
static const struct {
    const char *limit;
    size_t zero; /* index of the letter with Ac 0 */
} columns[] = {
    {"0.010", 14}, {"0.015", 13}, {"0.025", 12}, {"0.040", 11}, {"0.065", 10}, {"0.10", 9}, {"0.15", 8}, {"0.25", 7},
    {"0.40", 6},   {"0.65", 5},   {"1.0", 4},    {"1.5", 3},    {"2.5", 2},    {"4.0", 1},  {"6.5", 0},
};

static const size_t accepts[] = {1, 2, 3, 5, 7, 10, 14, 21};
#define ACCEPTS (sizeof accepts / sizeof accepts[0])

static size_t code_of(size_t lot)
{
    size_t at = 0;
    while (codes[at].lot_max < lot) {
        at++;
    }
    return at;
}

/* Follows the arrows from the letter of the lot to the letter of a plan; *accept receives its Ac. */
static size_t follow(size_t letter, size_t zero, size_t *accept)
{
    *accept = 0;
    if (letter <= zero + 1) {
        return zero;
    }
    size_t first = zero + 3;
    size_t at = letter < first ? first : letter;
    size_t last = first + ACCEPTS - 1;
    at = at > last ? last : at;
    at = at < CODES ? at : CODES - 1;
    *accept = accepts[at - first];
    return at;
}

oc_result oc_sampling_plan(oc_sampling *out, size_t lot, const char *limit, oc_diag *diag)
{
    if (lot < 2) {
        return oc_diag_fail(diag, OC_E_USAGE, "a lot of %zu cards has no sampling plan", lot);
    }
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(columns[i].limit, limit) != 0) {
            continue;
        }
        size_t letter = code_of(lot);
        size_t accept = 0;
        size_t plan = follow(letter, columns[i].zero, &accept);
        *out = (oc_sampling){.lot = lot, .size = codes[plan].sample, .accept = accept, .by_table = true};
        out->code = codes[letter].letter;
        out->plan_code = codes[plan].letter;
        out->size = out->size < lot ? out->size : lot; /* note under the table: then every item is inspected */
        out->reject = out->accept + 1;
        snprintf(out->limit, sizeof out->limit, "%s", limit);
        return oc_ok();
    }
    return oc_diag_fail(diag, OC_E_USAGE,
                        "%s is no acceptance quality limit of ISO 2859-1 from 0.010 to 6.5, written as there", limit);
}

oc_result oc_sampling_number(oc_sampling *out, size_t lot, size_t size, oc_diag *diag)
{
    if (size > lot) {
        return oc_diag_fail(diag, OC_E_USAGE, "a sample of %zu cards is more than the order's %zu", size, lot);
    }
    *out = (oc_sampling){.lot = lot, .size = size == 0 ? lot : size, .accept = 0, .reject = 1};
    return oc_ok();
}

/* A number below `bound`, each as likely: what would favour the small ones is drawn again. */
static oc_result below(oc_random *random, uint32_t bound, uint32_t *out)
{
    const uint32_t fair = UINT32_MAX - UINT32_MAX % bound;
    uint32_t value;
    do {
        uint8_t bytes[4];
        OC_TRY(oc_random_bytes(random, bytes, sizeof bytes));
        value = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    } while (value >= fair);
    *out = value % bound;
    return oc_ok();
}

oc_result oc_sampling_draw(const oc_sampling *plan, uint64_t seed, bool *drawn, oc_diag *diag)
{
    if (plan->lot == 0 || plan->lot > UINT32_MAX / 2 || plan->size > plan->lot) {
        return oc_diag_fail(diag, OC_E_LIMIT, "no sample can be drawn from a lot of %zu", plan->lot);
    }
    oc_random random;
    oc_random_init(&random, seed, "sample");
    memset(drawn, 0, plan->lot * sizeof *drawn);
    /* R. W. Floyd's method: no list of the lot is needed. */
    for (size_t i = plan->lot - plan->size; i < plan->lot; i++) {
        uint32_t at = 0;
        OC_TRY(below(&random, (uint32_t)(i + 1), &at));
        drawn[drawn[at] ? i : at] = true;
    }
    return oc_ok();
}
