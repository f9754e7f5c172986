/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PROFILE_PROFILE_H
#define OC_PROFILE_PROFILE_H

#include "sim/base/diag.h"
#include "sim/base/perso_format.h"
#include "sim/crypto/key_provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is on a card: its files, records, keys, settings and expected values, from XML (vectors/cards/, schema
 * vectors/schema/profile.xsd). One profile either issues a blank virtual card or describes a card that exists; a
 * description may know only part, and what it does not know is absent here, never guessed. */

/* How a record's value is written (ssc-card 4.1). */
enum oc_kind { OC_KIND_CN, OC_KIND_AN, OC_KIND_B };

typedef struct oc_profile_record {
    uint8_t tag;
    uint8_t len; /* of the value, bytes */
    enum oc_kind kind;
    bool known;    /* the value is known */
    bool secret;   /* masked in logs and reports: names, ID numbers */
    oc_span value; /* `len` bytes, padded as its kind demands */
} oc_profile_record;

typedef struct oc_profile_rule {
    enum oc_rule rule;
    uint8_t key_id;
    char key_name[12]; /* "" where no key is meant */
} oc_profile_rule;

typedef struct oc_profile_file {
    char name[8]; /* "EF05" */
    uint16_t fid;
    uint8_t sfi;
    enum oc_perso_kind kind;
    oc_profile_rule read;
    oc_profile_rule update;
    uint16_t size;         /* bytes of the body */
    uint8_t record_length; /* cyclic and fixed files */
    uint8_t record_count;
    uint8_t fill;
    const oc_profile_record *records; /* variable files: in order of record number, from 1 */
    size_t records_count;
    oc_span content; /* transparent files: what is written at issuing; may be shorter than `size` */
} oc_profile_file;

typedef struct oc_profile_key {
    oc_key_name name;
    enum oc_key_kind kind;
    uint8_t id;
    uint8_t usage;   /* PSAM usage byte of its partner: 0x48, ... */
    uint8_t psam_id; /* PSAM key id of its partner */
    uint8_t index;   /* load and purchase key index, else 0 */
    uint8_t tries;   /* 0: unlimited */
    enum oc_alg alg;
} oc_profile_key;

typedef struct oc_profile_dir {
    char name[12]; /* "SSSE", "DF01", ... */
    uint16_t fid;
    uint16_t parent_fid; /* 3F00 for the SSSE */
    bool is_ddf;
    uint8_t dir_sfi; /* SFI of its DIR file, 0 without one */
    oc_span df_name; /* name or AID, 5 to 16 bytes */
    oc_span alias;   /* a second name that selects it too, or empty (setting ssse-name) */
    char label[24];  /* label in the DIR entry, ASCII */
    const oc_profile_file *files;
    size_t files_count;
    const oc_profile_key *keys;
    size_t keys_count;
} oc_profile_dir;

/* The security module of the city's terminals (element psam). */
typedef struct oc_profile_psam {
    bool known;    /* the profile has the element */
    bool has_3des; /* algorithms of its keys */
    bool has_sm4;
    bool all_algs;              /* every key in each of these; else in that of the card's key */
    uint8_t level;              /* 3: keys of every level, 2: a province's, 1: a city's */
    uint8_t index;              /* of the city's purchase key */
    uint8_t mac2_tries;         /* 0: unlimited */
    uint32_t serial;            /* the first that it gives out */
    oc_span terminal;           /* its number, 6 bytes */
    oc_span atr;                /* empty when not known */
    oc_span pin;                /* packed digits, empty where it has none */
    const oc_key_name *without; /* card keys whose partners it lacks; version 0: all versions */
    size_t without_count;
} oc_profile_psam;

/* The certificate application: what a profile knows beside its files and keys. Empty: not known. */
#define OC_PKI_DIR "CERT" /* the directory of its files and PINs */
typedef struct oc_profile_pki {
    oc_span root;          /* the authority's certificate, DER */
    oc_span foreign;       /* a signing certificate that the authority did not issue, DER */
    const char *root_name; /* common name in it, UTF-8 */
    oc_span root_key;      /* the authority's private key, 32 bytes: only where certificates are issued */
    oc_span user_pin;      /* packed digits */
    oc_span wrong_pin;
    oc_span administrator_pin;
    int64_t not_before; /* of the card's certificates, seconds since 1970 */
    int64_t not_after;
} oc_profile_pki;

typedef struct oc_profile oc_profile;

/* Loads `path` and what it refers to. Errors name file, line and reason: no DTD, no entity, no network, at most
 * 1 MiB and 64 levels; data that break the card's formats (a value longer than its record, a record longer than
 * its file, two files or tags with one identifier, an unknown key, a bad check digit in a synthetic number, a name
 * that GB18030 cannot carry) are FORMAT. */
OC_MUST_USE oc_result oc_profile_load(oc_profile **out, const char *path, oc_diag *diag);
/* The same from memory; what it refers to is looked for beside `path`, which also stands for the file in messages. */
OC_MUST_USE oc_result oc_profile_parse(oc_profile **out, oc_span xml, const char *path, oc_diag *diag);
void oc_profile_free(oc_profile **profile);

/* Makes another person's card of a profile that issues, everything from the seed (sim/base/random.h, labels
 * "profile/ID/..."): serial number of the chip with ATR and card id code, card number, name, birth and ID number (same
 * city, same sex), PIN, number of the terminal, and behind texts that begin with 样例 two characters. Check characters
 * and check bytes are right; all else, the initial PIN and the keys' roots among it, stays. Before anything else uses
 * it; a profile that describes a card is left alone. */
OC_MUST_USE oc_result oc_profile_vary(oc_profile *profile, uint64_t seed);

const char *oc_profile_id(const oc_profile *profile); /* "ssc-3.0" */
const char *oc_profile_path(const oc_profile *profile);
/* "en" or "zh"; UTF-8. */
const char *oc_profile_title(const oc_profile *profile, const char *lang);
unsigned oc_profile_generation(const oc_profile *profile); /* 10, 20, 21 (for 2.01) or 30 */
enum oc_alg oc_profile_alg(const oc_profile *profile);
oc_span oc_profile_atr(const oc_profile *profile); /* empty when not known */
/* True when the profile can issue a blank card: structure, data and all keys are known. */
bool oc_profile_can_issue(const oc_profile *profile);

const oc_profile_dir *oc_profile_dirs(const oc_profile *profile, size_t *count);
const oc_profile_dir *oc_profile_dir_named(const oc_profile *profile, const char *name);

const oc_profile_psam *oc_profile_psam_of(const oc_profile *profile);
/* The usage byte under which the PSAM holds the partner of `key`; 0 when it does not. A province's or city's PSAM
 * derives fewer levels than the key's own usage names (ssc-card sheet 6.1, 6.2). */
uint8_t oc_profile_psam_usage(const oc_profile_psam *psam, const oc_profile_key *key);

/* NULL when the profile says nothing about it. */
const oc_profile_pki *oc_profile_pki_of(const oc_profile *profile);

/* True for a record that is made of items, each tag, length and value. */
bool oc_profile_is_template(const oc_profile *profile, const oc_profile_record *record);

/* A setting's value (settled.md rows and others; defaults per generation), NULL when there is no such setting. */
const char *oc_profile_setting(const oc_profile *profile, const char *name);

/* The options (sim/base/perso_format.h) that a purchase key and its partner get from the settings; 0 for others. */
uint8_t oc_profile_key_options(const oc_profile *profile, const oc_profile_key *key);

/* The value behind a `@` token, appended to `out`; NOT_FOUND when the profile does not know it.
 *   pin, initial-pin, wrong-pin       packed digits
 *   alg                               1 byte, enum oc_alg
 *   factor/card, factor/city, factor/province    8 bytes each
 *   area                              6 ASCII digits
 *   terminal                          6 bytes: terminal number of the PSAM
 *   psam-atr, psam-pin, psam-index, psam-serial    of the PSAM, its PIN as packed digits
 *   atr, atr/historical
 *   pki/root, pki/foreign             certificates, DER
 *   pki/pin, pki/wrong-pin, pki/admin-pin   packed digits
 *   DIR/name                          the name or AID of a directory: "SSSE/name"
 *   DIR/fid                           2 bytes
 *   DIR/EFxx/TT                       the value of the record with tag TT (hex); DIR/EFxx/TT.tlv with tag, length
 *   DIR/EFxx/TT-n                     the n-th record with that tag
 *   DIR/EFxx/records                  all records with tag and length, in order; DIR/EFxx/count: 1 byte
 *   DIR/EFxx/content                  a transparent file's issued content
 *   DIR/EFxx/size                     2 bytes
 *   DIR/NAME/id                       1 byte: a key's id ("SSSE/UK/id")
 *   DIR/NAME/version                  1 byte
 * Behind any of these: .hex, the same as ASCII hex digits in capitals, and .digits, these without the F at their end. */
OC_MUST_USE oc_result oc_profile_value(const oc_profile *profile, const char *reference, oc_buf *out);

/* True when the reference's value is to be masked in logs and reports. */
bool oc_profile_is_secret(const oc_profile *profile, const char *reference);

/* Calls `visit` with each secret value the profile knows and the reference that stands for it. */
typedef void oc_profile_secret_visit(void *context, const char *reference, oc_span value);
void oc_profile_secrets(const oc_profile *profile, oc_profile_secret_visit *visit, void *context);
/* The same for the values of all its records, secret or not. */
void oc_profile_record_values(const oc_profile *profile, oc_profile_secret_visit *visit, void *context);

/* The `profile` key provider: the card's keys, and with a hierarchy their roots. Borrows `profile` and `crypto`.
 * Beside the card's directories it knows the pseudo directory "PSAM" for none of its questions: PSAM keys are the
 * roots with fewer factors. */
OC_MUST_USE oc_result oc_profile_key_provider(oc_key_provider *out, const oc_profile *profile, oc_crypto *crypto);

/* For the issuer and the virtual PSAM only: the key derived from the hierarchy's root for `name` by `factors` in
 * the order of computation. Zero factors: the root itself. */
OC_MUST_USE oc_result oc_profile_derive(const oc_profile *profile, oc_crypto *crypto, const oc_key_name *name,
                                        const oc_span *factors, size_t count, oc_key *key, oc_diag *diag);
/* The same from the root of another algorithm than the card's key has: a PSAM may serve both. */
OC_MUST_USE oc_result oc_profile_derive_as(const oc_profile *profile, oc_crypto *crypto, const oc_key_name *name,
                                           enum oc_alg alg, const oc_span *factors, size_t count, oc_key *key,
                                           oc_diag *diag);

/* Shows every key that the profile holds or can derive for its card: roots, the province's and city's keys on the way,
 * the card's own. `name` is "key:SSSE/UK" whatever version and level. What cannot be derived is left out. For nothing
 * but to look for them where none may stand. */
typedef void oc_profile_key_visit(void *context, const char *name, const oc_key *key);
void oc_profile_keys_visit(const oc_profile *profile, oc_crypto *crypto, oc_profile_key_visit *visit, void *context);

/* The chip's transport key, for issuing. */
OC_MUST_USE oc_result oc_profile_transport_key(const oc_profile *profile, oc_key *key);
/* The same as bytes, to make a blank virtual chip with it. */
oc_span oc_profile_transport_bytes(const oc_profile *profile);

#ifdef __cplusplus
}
#endif
#endif
