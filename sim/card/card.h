/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_CARD_H
#define OC_CARD_CARD_H

#include "sim/base/random.h"
#include "sim/crypto/crypto.h"
#include "sim/link/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A card operating system: the built-in commands and those of the applications that register into it. Made once,
 * unchanging, shared by all its cards and by all threads. */
typedef struct oc_card_os oc_card_os;
typedef struct oc_card_app oc_card_app; /* sim/card/app.h */

/* `apps` is borrowed for the life of the OS. */
OC_MUST_USE oc_result oc_card_os_new(oc_card_os **out, const oc_card_app *const *apps, size_t count);
void oc_card_os_free(oc_card_os **os);

/* One chip: non-volatile memory, and the volatile state of the present power session. */
typedef struct oc_card oc_card;

typedef struct oc_card_params {
    oc_span atr;           /* answer to reset, 2 to 33 bytes; its last 8 bytes are the card's factor */
    oc_span transport_key; /* 16 bytes; opens a blank card for personalisation */
    uint8_t transport_alg; /* enum oc_alg */
    size_t capacity;       /* bytes of non-volatile memory; 0: 64 KiB */
    uint64_t seed;         /* of the card's random numbers */
} oc_card_params;

/* A blank card. `os` and `crypto` are borrowed for the card's life. */
OC_MUST_USE oc_result oc_card_new(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                  const oc_card_params *params);
void oc_card_free(oc_card **card);

/* The card's side of a link. */
oc_endpoint oc_card_endpoint(oc_card *card);

/* Starts the card's random numbers afresh, so that a case sees the same ones whatever ran before. */
void oc_card_reseed(oc_card *card, uint64_t seed, const char *label);

/* The non-volatile content, to return to it out of band. Images of one card share unchanged pages with it. */
typedef struct oc_card_image oc_card_image;
OC_MUST_USE oc_result oc_card_image_take(oc_card_image **out, const oc_card *card);
/* Also takes power away. An image serves any card of the same OS: thousands of cards can be made from one. */
OC_MUST_USE oc_result oc_card_image_put(oc_card *card, const oc_card_image *image);
void oc_card_image_free(oc_card_image **image);

/* Bytes of memory that this card alone holds (pages shared with an image are not counted). */
size_t oc_card_memory(const oc_card *card);

#ifdef __cplusplus
}
#endif
#endif
