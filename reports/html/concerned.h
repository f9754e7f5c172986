/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_CONCERNED_H
#define OC_REPORTS_HTML_CONCERNED_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a card stands and what the last command was about, followed from its exchanges: enough to tell a reader which
 * file and which key were concerned. Names as in the tables of the card: SSSE, DF04, EF05. */
typedef struct oc_concerned {
    char directory[64]; /* "" after a reset */
    char file[16];      /* of the last command, or selected; "" */
    int record;         /* number, or -1 */
    int tag;            /* a record found by its tag, or -1 */
    int key;            /* id of a key, or -1 */
    bool internal;      /* the key is one of internal authentication */
    int pin;            /* id of a PIN, or -1 */
} oc_concerned;

void oc_concerned_begin(oc_concerned *out);
/* Takes the next exchange with the card, as it stands in a record. `response` may be NULL. */
void oc_concerned_follow(oc_concerned *concerned, const char *command, const char *response);

#ifdef __cplusplus
}
#endif
#endif
