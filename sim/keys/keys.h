/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_KEYS_KEYS_H
#define OC_KEYS_KEYS_H

#include "sim/link/link.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Key providers whose keys are outside this process. The profile says which keys the card has and of which algorithm;
 * whether the keeper has them too shows when it is asked: UNAVAILABLE then, with key and version in the diag. A question
 * about the card's own key is asked with the card's diversification factors, from the profile or, where that does not
 * know them, from oc_key_provider_take_card. */
typedef struct oc_keys_parts {
    const oc_profile *profile; /* borrowed */
    oc_crypto *crypto;         /* borrowed */
    int timeout_ms;            /* for each answer */
} oc_keys_parts;

/* A child process, so that any HSM or service can answer: a program of a few lines lies between. `command` is run by
 * /bin/sh -c. The protocol is text, one line a question and one line an answer, words divided by one blank, bytes in hex
 * of either case, "-" for none:
 *
 *   onecard-keys 1                                         the greeting, once: the version of this protocol
 *   USE ALG KEY FACTORS SESSION ICV DATA
 *     USE      encipher | decipher | mac | retail-mac | tac, as enum oc_key_use says
 *     ALG      3des | sm4
 *     KEY      DIRECTORY/NAME#VERSION, as SSSE/UK#1
 *     FACTORS  8, 16 or 24 bytes: province, city, card, in the order of computation (oc_ssc_diversify_all) from the
 *              root key; "-": the key of the card as it is, the factors of which nobody here knows
 *     SESSION  the bytes that make the session key (oc_ssc_session), or "-": the key itself
 *     ICV      one block, or "-" for zeros
 *     DATA     unpadded
 *
 *   ok                the greeting is understood
 *   ok BYTES          encipher, decipher: as many bytes as DATA; retail-mac: 8; mac, tac: one block (3DES 8, SM4 16)
 *   no REASON         the question cannot be answered; the reason is shown to the user
 *
 * For example  mac 3des DF04/DLK#1 39393030303073683939303130307378438699990130000001 1122334455660080 - 0000000A
 * End of file on its input ends the child. One that ends, is silent, or writes anything else is an error and not asked
 * again: UNAVAILABLE from then on. What it said is never quoted. */
OC_MUST_USE oc_result oc_keys_exec(oc_key_provider *out, const char *command, const oc_keys_parts *parts,
                                   oc_diag *diag);

/* A token behind a PKCS#11 module, named by a URI of RFC 7512:
 *
 *   pkcs11:token=NAME;object=PREFIX?module-path=/...&pin-source=file:/...
 *
 *   module-path   the module, an absolute path; needed
 *   token, serial, manufacturer, model   which token, where the module has several
 *   object        what the labels of the keys begin with; none: nothing
 *   pin-source    a file whose first line is the PIN; pin-value=PIN is taken as well, and kept out of every output
 *   sm4-ecb       the number of the token's mechanism for SM4 in ECB: PKCS#11 knows none, each maker has his own
 *
 * A key is the secret key object with the label PREFIX + DIRECTORY/NAME#VERSION, as SSSE/UK#1, of type DES2 or DES3 for
 * 3DES and of any other type for SM4; it is a root key, and has to be allowed to encipher (CKM_DES3_ECB). The first
 * level of diversification is computed in the token; keys of the levels below are in this process, wiped at the end.
 * The module runs in this process: its calls know no timeout. */
OC_MUST_USE oc_result oc_keys_pkcs11(oc_key_provider *out, const char *uri, const oc_keys_parts *parts, oc_diag *diag);

/* A PSAM, which answers what terminals ask one: enciphering and MACs under the session key of a key with a partner in the
 * PSAM (usage and id in the profile), by BF DE and 80 FA, for the first of its versions; and the first MAC of a purchase, by
 * 80 70, where the question has the PSAM's own terminal number and next serial number, which is then used up. The answer
 * to the latter has the 4 bytes that a PSAM gives out. Anything else is UNAVAILABLE: a PSAM deciphers nothing, and gives
 * no TAC. Takes `link` over, also on failure; the PSAM at its end should serve nobody else at the same time. */
OC_MUST_USE oc_result oc_keys_psam(oc_key_provider *out, oc_link *link, const oc_keys_parts *parts);

#ifdef __cplusplus
}
#endif
#endif
