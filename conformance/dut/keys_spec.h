/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_KEYS_SPEC_H
#define OC_CONFORMANCE_DUT_KEYS_SPEC_H

#include "sim/keys/keys.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who keeps the keys: the PROVIDER of --keys. */
enum oc_keys_kind {
    OC_KEYS_PROFILE,      /* "profile": the profile's test keys */
    OC_KEYS_NONE,         /* "none" */
    OC_KEYS_PKCS11,       /* "pkcs11:...": a token (RFC 7512) */
    OC_KEYS_PSAM,         /* "psam:READER": a PSAM of its own in that reader */
    OC_KEYS_PSAM_VIRTUAL, /* "psam:virtual": the simulator's own PSAM, another than the terminal's */
    OC_KEYS_EXEC,         /* "exec:CMD": a child process (sim/keys/keys.h) */
};

typedef struct oc_keys_spec {
    enum oc_keys_kind kind;
    char text[1024];    /* as given; with "pkcs11:" it may hold a PIN */
    const char *detail; /* inside `text`: command, URI, reader; a copy of the spec needs oc_keys_spec_parse again */
} oc_keys_spec;

/* USAGE with the forms that exist. */
OC_MUST_USE oc_result oc_keys_spec_parse(oc_keys_spec *out, const char *text, oc_diag *diag);
void oc_keys_spec_wipe(oc_keys_spec *spec);

/* Opens the provider; any but "psam:virtual", whose PSAM the world makes. */
OC_MUST_USE oc_result oc_keys_spec_open(oc_key_provider *out, const oc_keys_spec *spec, const oc_keys_parts *parts,
                                        oc_diag *diag);

/* Overwrites the value of pin-value in a PKCS#11 URI with stars, so that the text can be shown. */
void oc_keys_spec_hide_pin(char *text);

#ifdef __cplusplus
}
#endif
#endif
