/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_MONEY_H
#define OC_HOST_MEDICAL_MONEY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Amounts are integers: fen, or units of 10^-decimals. Messages carry them as JSON numbers or as strings (both are seen
 * in public code). A JSON number is a double: of up to 15 digits it gives back what was written. */

#define OC_MED_DIGITS_MAX 15

/* Reads a number in units of 10^-decimals (0 to 6). False for anything but a plain decimal number with at most
 * `decimals` digits after the point and OC_MED_DIGITS_MAX in all. */
bool oc_med_decimal(const json_t *value, unsigned decimals, int64_t *out);
/* The same from text, as strings carry it. */
bool oc_med_decimal_text(const char *text, unsigned decimals, int64_t *out);

/* Fen as a JSON number of yuan; NULL when memory is out. */
json_t *oc_med_yuan(int64_t fen);

/* `amount` x `permille` / 1000, half a fen away from zero. */
int64_t oc_med_part(int64_t fen, unsigned permille);

/* Price (10^-6 yuan) times count (10^-4), to fen, half a fen up; false when it does not fit. */
bool oc_med_line_sum(int64_t price, int64_t count, int64_t *fen);

#ifdef __cplusplus
}
#endif
#endif
