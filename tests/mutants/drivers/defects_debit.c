/* SPDX-License-Identifier: Apache-2.0 */
/* Defects of the debit. */
#include "tests/mutants/drivers/driver_defect.h"

#define AMOUNT 4
#define DATA_MAX 64

/* Where the three amounts, own, cash and pooled, stand in the data of the command: behind the key index on the card,
 * behind random and counter on the PSAM. 0: nowhere. */
static size_t amounts_at(const struct driver_exchange *x)
{
    if (x->is_psam ? x->apdu->ins != PSAM_INIT_PURCHASE : x->apdu->ins != INITIALIZE) {
        return 0;
    }
    size_t at = x->is_psam ? 6 : 1;
    return x->apdu->data.len >= at + 3 * AMOUNT && x->apdu->data.len <= DATA_MAX ? at : 0;
}

static oc_result exchange_altered(const struct driver_exchange *x, void (*alter)(uint8_t *amounts))
{
    size_t at = amounts_at(x);
    if (at == 0) {
        return right_exchange(x);
    }
    uint8_t data[DATA_MAX];
    memcpy(data, x->apdu->data.at, x->apdu->data.len);
    alter(data + at);
    oc_apdu apdu = *x->apdu;
    apdu.data = oc_span_of(data, x->apdu->data.len);
    struct driver_exchange altered = *x;
    altered.apdu = &apdu;
    return right_exchange(&altered);
}

static void swap_amounts(uint8_t *amounts)
{
    uint8_t own[AMOUNT];
    memcpy(own, amounts, AMOUNT);
    memcpy(amounts, amounts + 2 * AMOUNT, AMOUNT);
    memcpy(amounts + 2 * AMOUNT, own, AMOUNT);
}

static oc_result amounts_swapped(const struct driver_exchange *x)
{
    return exchange_altered(x, swap_amounts);
}

/* Whole yuan only. */
static void drop_fen(uint8_t *amounts)
{
    for (unsigned i = 0; i < 3; i++, amounts += AMOUNT) {
        oc_rd rd = oc_rd_of(oc_span_of(amounts, AMOUNT));
        oc_wr wr = oc_wr_of(amounts, AMOUNT);
        oc_wr_u32(&wr, oc_rd_u32(&rd) / 100 * 100);
    }
}

static oc_result fen_dropped(const struct driver_exchange *x)
{
    return exchange_altered(x, drop_fen);
}

/* Whatever the PSAM says of the card's MAC2. */
static oc_result mac2_ignored(const struct driver_exchange *x)
{
    OC_TRY(right_exchange(x));
    return x->is_psam && x->apdu->ins == PSAM_CHECK_MAC2 ? make_answer(x, NULL, 0) : oc_ok();
}

static oc_result mac2_not_checked(const struct driver_exchange *x)
{
    return x->is_psam && x->apdu->ins == PSAM_CHECK_MAC2 ? make_answer(x, NULL, 0) : right_exchange(x);
}

/* A debit that failed is simply made again. */
static long blind_retry(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    bool again = strcmp(function, "iDoDebit") == 0 && code < 0 && (code > OC_CODE_CARD_ID_FORMAT || code < -9999);
    return again ? right_serve(function, arguments, count, out) : code;
}

/* The date and time of pPayInfo make room for the terminal's own. */
static long own_date(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    oc_driver_argument altered[8];
    char pay[256];
    if (strcmp(function, "iDoDebit") != 0 || count != 3 || arguments[2].text == NULL ||
        strlen(arguments[2].text) >= sizeof pay) {
        return right_serve(function, arguments, count, out);
    }
    memcpy(altered, arguments, count * sizeof altered[0]);
    memcpy(pay, arguments[2].text, strlen(arguments[2].text) + 1);
    char *bar = strchr(pay, '|');
    bar = bar == NULL ? NULL : strchr(bar + 1, '|');
    if (bar != NULL) {
        bar[1] = '|';
        bar[2] = '\0';
    }
    altered[2].text = pay;
    return right_serve(function, altered, count, out);
}

const struct driver_defect driver_debit_defects[] = {
    {.name = "amounts-swapped", .exchange = amounts_swapped},
    {.name = "fen-dropped", .exchange = fen_dropped},
    {.name = "mac2-ignored", .exchange = mac2_ignored},
    {.name = "mac2-not-checked", .exchange = mac2_not_checked},
    {.name = "debit-retried", .serve = blind_retry},
    {.name = "own-date", .serve = own_date},
    {.name = NULL},
};
