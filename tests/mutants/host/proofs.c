/* SPDX-License-Identifier: Apache-2.0 */
/* TAC and cryptogram, the HSM, signed applications. */
#include "tests/mutants/host/change.h"

#define HSM_UNSAID(sentence)                                                                                          \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .hsm_unsaid = sentence                                                                                        \
    }
#define FLAW(words)                                                                                                   \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .certificate_flaw = words                                                                                     \
    }

static const struct mutant rows[] = {
    {.id = "host.ledger.any-tac", .host = &(const struct host_change){.takes_any_tac = true}},
    {.id = "host.hsm.any-cryptogram", .host = &(const struct host_change){.takes_any_cryptogram = true}},
    {.id = "host.hsm.any-region", HSM_UNSAID("the region is not that of the card identifier")},
    {.id = "host.hsm.any-business", HSM_UNSAID("does not fit key")},
    {.id = "host.hsm.any-mac2", .host = &(const struct host_change){.hsm_takes = "mac2"}},
    {.id = "host.hsm.any-tac", .host = &(const struct host_change){.hsm_takes = "tac"}},
    {.id = "host.pki.any-certificate", FLAW("issuer signature usage not-yet-valid expired")},
    {.id = "host.pki.any-issuer", FLAW("issuer signature")},
    {.id = "host.pki.any-usage", FLAW("usage")},
    {.id = "host.pki.expired-taken", FLAW("expired")},
    {.id = "host.pki.early-taken", FLAW("not-yet-valid")},
    {.id = "host.pki.any-signature", .host = &(const struct host_change){.takes_any_signature = true}},
};
MUTANT_TABLE(rows);
