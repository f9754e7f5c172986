/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_CARD_H
#define OC_CARD_CARD_H

#include "sim/base/diag.h"
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

/* What the chip can do beside T=0 with short commands; bits. */
enum oc_card_feature {
    OC_FEATURE_T1 = 1,                /* takes APDUs of T=1; its ATR has to offer that */
    OC_FEATURE_EXTENDED_LENGTH = 2,   /* with T=1 or contactless */
    OC_FEATURE_CHAINING = 4,          /* ISO/IEC 7816-4 5.3.3: bit 10 of the class */
    OC_FEATURE_CONTACTLESS = 8,       /* has that interface */
    OC_FEATURE_CONTACTLESS_WRITE = 16 /* writing and PIN there too; without it they answer 6985 (project choice) */
};

typedef struct oc_card_params {
    oc_span atr;           /* answer to reset, 2 to 33 bytes; its last 8 historical bytes are the card's factor */
    unsigned features;     /* enum oc_card_feature */
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

/* How the card is reached from the next reset on. Contactless the answer to reset is the one that PC/SC makes of an
 * ATS: 3B 8n 80 01, historical bytes, check byte (PC/SC part 3, 3.1.3.2.3.1). A card without the feature is then silent:
 * GONE. */
enum oc_card_interface { OC_INTERFACE_CONTACT, OC_INTERFACE_CONTACTLESS };
void oc_card_set_interface(oc_card *card, enum oc_card_interface interface);

/* Power fails when the card has written that many bytes more to its non-volatile memory: the exchange, or the
 * recovery at the next reset, ends with GONE, and so does everything until a reset. oc_card_hold takes it back. */
void oc_card_tear_after(oc_card *card, uint64_t bytes);
void oc_card_hold(oc_card *card);
/* Bytes written since the card was made. */
uint64_t oc_card_written(const oc_card *card);

/* Starts the card's random numbers afresh, so that a case sees the same ones whatever ran before. */
void oc_card_reseed(oc_card *card, uint64_t seed, const char *label);

/* Makes `card` the same as `from` in the same moment, power session and random numbers included: to try out what
 * would happen. Both are of one OS; `from` may wait for the rest of a chain, which is not copied. */
OC_MUST_USE oc_result oc_card_copy(oc_card *card, const oc_card *from);

/* The non-volatile content, to return to it out of band. Images of one card share unchanged pages with it. */
typedef struct oc_card_image oc_card_image;
OC_MUST_USE oc_result oc_card_image_take(oc_card_image **out, const oc_card *card);
/* Also takes power away. An image serves any card of the same OS: thousands of cards can be made from one. */
OC_MUST_USE oc_result oc_card_image_put(oc_card *card, const oc_card_image *image);
void oc_card_image_free(oc_card_image **image);
/* The card shares with the image, from now on, each page that is the same in both: cards of one structure hold only what
 * is theirs. Changes nothing that can be seen. */
void oc_card_share(oc_card *card, const oc_card_image *image);
/* Equal in every byte that the card can use. */
bool oc_card_image_equal(const oc_card_image *a, const oc_card_image *b);

/* An image as a file: written as a whole or not at all, keys as they are. Loading refuses with FORMAT what is no
 * image, of another version, cut, or changed in any bit. */
OC_MUST_USE oc_result oc_card_image_save(const oc_card_image *image, const char *path, oc_diag *diag);
OC_MUST_USE oc_result oc_card_image_load(oc_card_image **out, const char *path, oc_diag *diag);
/* The same from memory; `name` is for the reason. */
OC_MUST_USE oc_result oc_card_image_parse(oc_card_image **out, oc_span file, const char *name, oc_diag *diag);

/* Bytes of memory that this card alone holds (pages shared with an image are not counted). */
size_t oc_card_memory(const oc_card *card);

#ifdef __cplusplus
}
#endif
#endif
