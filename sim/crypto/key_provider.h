/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_KEY_PROVIDER_H
#define OC_CRYPTO_KEY_PROVIDER_H

#include "sim/base/diag.h"
#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A key provider answers every cryptographic question of vectors, terminal and host, wherever the keys are: in a
 * test profile, a PSAM, a PKCS#11 token or another process. Nobody outside it sees a key.
 *
 * The questions are what a PSAM (BF DE, then 80 FA) or an HSM can answer: derive, then encipher or MAC. */
enum oc_key_use {
    OC_KEY_ENCIPHER,   /* ECB over whole blocks; answer as long as the data */
    OC_KEY_DECIPHER,   /* ECB over whole blocks */
    OC_KEY_MAC,        /* CBC-MAC, padding 80 00..; answer one block, or the 4 bytes of the short form from a PSAM that
                          gives out no more (80 70) */
    OC_KEY_RETAIL_MAC, /* 3DES keys only; answer 8 bytes */
    OC_KEY_TAC         /* MAC under the TAC form of the key (oc_ssc_tac_key); answer one block */
};

typedef struct oc_key_name {
    char dir[12];    /* "SSSE", "DF04", ... */
    char name[12];   /* "UK", "UK1", "DPK", ... */
    uint8_t version; /* 1 to 4 */
} oc_key_name;

#define OC_KEY_FACTORS_MAX 3

typedef struct oc_key_question {
    enum oc_key_use use;
    oc_key_name key;
    /* Empty: the key of the card that the provider was made for. Else the key is derived from the hierarchy's root
     * by these 8-byte factors, in the order of computation. */
    oc_span factors[OC_KEY_FACTORS_MAX];
    size_t factor_count;
    oc_span session; /* empty: the key itself; else under its session key for these bytes (oc_ssc_session) */
    oc_span icv;     /* MACs: one block, or empty for zeros */
    oc_span data;
} oc_key_question;

/* The diversification factors of one card: province, city, card. */
typedef struct oc_key_card {
    uint8_t factors[OC_KEY_FACTORS_MAX][8];
} oc_key_card;

/* Longest answer in bytes. */
#define OC_KEY_ANSWER_MAX 1024

typedef struct oc_key_provider_ops {
    const char *name; /* "profile", "none", ... */
    /* The algorithm of a key; UNAVAILABLE when the provider lacks the key. A provider that has to ask elsewhere may
     * name the algorithm of a key that it then cannot use. */
    oc_result (*alg_of)(void *self, const oc_key_name *key, enum oc_alg *alg);
    /* Writes the answer. UNAVAILABLE, with key and version in the diag, when it cannot be given. */
    oc_result (*answer)(void *self, const oc_key_question *question, oc_wr *answer, oc_diag *diag);
    /* Learns the card that keys without factors belong to; NULL where the provider has no use for it. */
    void (*take_card)(void *self, const oc_key_card *card);
    void (*free)(void *self);
} oc_key_provider_ops;

/* A value; `self` belongs to whoever made it. Used by one thread at a time. */
typedef struct oc_key_provider {
    const oc_key_provider_ops *ops;
    void *self;
} oc_key_provider;

/* Parses "SSSE/UK" or "DF04/DPK#2" (version 1 where none stands). */
OC_MUST_USE oc_result oc_key_name_parse(oc_key_name *out, const char *text);

OC_MUST_USE oc_result oc_key_provider_alg(const oc_key_provider *provider, const oc_key_name *key, enum oc_alg *alg);
bool oc_key_provider_has(const oc_key_provider *provider, const oc_key_name *key);
OC_MUST_USE oc_result oc_key_provider_answer(const oc_key_provider *provider, const oc_key_question *question,
                                             oc_wr *answer, oc_diag *diag);
/* Tells the provider the card under test. What it knew before, from a profile say, holds. */
void oc_key_provider_take_card(const oc_key_provider *provider, const oc_key_card *card);
/* Frees what the provider owns. */
void oc_key_provider_close(oc_key_provider *provider);

/* The provider that has no key: every question is UNAVAILABLE. */
oc_key_provider oc_key_provider_none(void);

/* Answers a question with a key at hand: for providers that hold keys in this process. */
OC_MUST_USE oc_result oc_key_answer_with(oc_crypto *crypto, const oc_key *key, const oc_key_question *question,
                                         oc_wr *answer);

#ifdef __cplusplus
}
#endif
#endif
