/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/defect.h"

/* Defects of the certificate application. */

enum { PERFORM = 0x2A, SM4_FORM = 0x01, SIGNATURE = 64, PRIVATE_FILE = 34 };

/* The last byte of a signature. */
static oc_result signature_bit(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == PERFORM && sw_of(response) == OC_SW_OK && response->len == SIGNATURE + 2) {
        response->at[SIGNATURE - 1] ^= 0x01;
    }
    return oc_ok();
}

/* Something is read where a private key lies. */
static oc_result private_key_reads(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (byte_at(command, 1) == READ_BINARY && byte_at(command, 4) == PRIVATE_FILE &&
        sw_of(response) == OC_SW_SECURITY_STATUS) {
        response->len = 0;
        oc_wr_fill(response, 0x5A, PRIVATE_FILE);
        oc_wr_u16(response, OC_SW_OK);
    }
    return oc_ok();
}

/* Any proof of a PIN is said to be right; nothing is opened by that. */
static oc_result proof_says_yes(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == VERIFY && byte_at(command, 2) == SM4_FORM && command.len > 5 && sw_of(response) >> 4 == 0x63C) {
        set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static const struct defect pki_defects[] = {
    {"pki-signature-bit", signature_bit, RESET_RIGHT},
    {"pki-private-key-reads", private_key_reads, RESET_RIGHT},
    {"pki-proof-says-yes", proof_says_yes, RESET_RIGHT},
};

const struct defect *pki_defect_named(const char *name)
{
    for (size_t i = 0; i < sizeof pki_defects / sizeof pki_defects[0]; i++) {
        if (strcmp(pki_defects[i].name, name) == 0) {
            return &pki_defects[i];
        }
    }
    return NULL;
}
