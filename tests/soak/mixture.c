/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/soak/mixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/latency/draw.h"

#define ORDERS 64 /* different orders; then they come again */

static const struct share {
    const char *id;
    unsigned times; /* in a block */
} shares[] = {
    {"CARD.SANITY", 10},
    {"CARD.PIN.VERIFY", 24},
    {"CARD.PIN.VERIFY.WRONG", 6},
    {"CARD.READ.DF01-EF05.20", 24},
    {"CARD.READ.DF04-EF05.81", 12},
    {"CARD.BINARY.PHOTO", 2},
    {"CARD.UPDATE.DF01.EF06-24", 14},
    {"CARD.EXTAUTH.DF01.UK1", 12},
    {"CARD.INTAUTH.SSSE", 12},
    {"CARD.BALANCE.OWN", 8},
    {"CARD.LOAD.CREDIT", 10},
    {"CARD.PKI.GENERATE", 1},
    {"TERM.BAS.GENUINE", 14},
    {"TERM.READ.ITEM.DF01-EF05-20", 10},
    {"TERM.READ.PHOTO", 1},
    {"TERM.WRITE.ITEM", 4},
    {"TERM.PIN.VERIFY", 8},
    {"TERM.DEBIT.OWN", 12},
    {"TERM.RECORD.ONE", 2},
    {"FLOW.AUT-1.HALL", 1},
    {"FLOW.AUT-2.BOTH", 1},
    {"FLOW.AUT-4.CERTIFY", 1},
    {"FLOW.AUT-6.QUERY", 3},
    {"FLOW.CARD-AUTH.9201", 2},
    {"FLOW.HSM.BASIC", 1},
    {"FLOW.CROSS.1903", 1},
    {"FLOW.MED-1.SETTLE", 1},
    {"FLOW.MED-3.STAY", 1},
    {"FLOW.MED-5.SETTLE", 1},
    {"FLOW.MED-6.CANCEL", 1},
};

/* No more than is needed: the less the process holds, the less can hide in one per cent of it. */
static const char *const files[] = {
    "vectors/card/sanity.xml",        "vectors/card/pin.xml",
    "vectors/card/balance.xml",       "vectors/card/binary.xml",
    "vectors/card/external-auth.xml", "vectors/card/files-df01.xml",
    "vectors/card/files-df04.xml",    "vectors/card/internal-auth.xml",
    "vectors/card/load.xml",          "vectors/card/pki-key.xml",
    "vectors/terminal/debit.xml",     "vectors/terminal/debit-record.xml",
    "vectors/terminal/pin.xml",       "vectors/terminal/read-basic.xml",
    "vectors/terminal/read-card.xml", "vectors/terminal/write-card.xml",
    "vectors/flows/aut-1.xml",        "vectors/flows/aut-2.xml",
    "vectors/flows/aut-4.xml",        "vectors/flows/aut-6.xml",
    "vectors/flows/card-auth.xml",    "vectors/flows/cross.xml",
    "vectors/flows/hsm.xml",          "vectors/flows/med-1-settlement.xml",
    "vectors/flows/med-3.xml",        "vectors/flows/med-4.xml",
    "vectors/flows/med-5.xml",        "vectors/flows/med-6.xml",
};

#define SHARES (sizeof shares / sizeof shares[0])

struct mixture {
    oc_vectors *vectors;
    oc_catalogue *catalogue;
    const oc_case *sessions[MIXTURE_BLOCK];
    uint8_t orders[ORDERS][MIXTURE_BLOCK];
};

_Static_assert(MIXTURE_BLOCK <= UINT8_MAX, "an order holds bytes");

void soak_demand(oc_result r, const oc_diag *diag)
{
    if (!oc_is_ok(r)) {
        fprintf(stderr, "soak: %s:%ld: %s\n", diag->file, diag->line,
                diag->reason[0] == '\0' ? oc_code_sentence(r.code) : diag->reason);
        exit(3);
    }
}

static const oc_case *find(const oc_vectors *vectors, const char *id)
{
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        const oc_case *subject = oc_vectors_case(vectors, i);
        if (strcmp(subject->id, id) == 0) {
            return subject;
        }
        for (size_t n = 0; n < subject->negative_count; n++) {
            if (strcmp(subject->negatives[n].id, id) == 0) {
                return &subject->negatives[n];
            }
        }
    }
    fprintf(stderr, "soak: there is no case %s\n", id);
    exit(3);
}

static void shuffle(uint8_t order[MIXTURE_BLOCK], uint64_t seed)
{
    oc_draw draw = oc_draw_of(seed);
    for (size_t i = 0; i < MIXTURE_BLOCK; i++) {
        order[i] = (uint8_t)i;
    }
    for (size_t i = MIXTURE_BLOCK - 1; i > 0; i--) {
        size_t other = (size_t)(oc_draw_bits(&draw) % (i + 1));
        uint8_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

mixture *mixture_new(void)
{
    oc_diag diag = {0};
    mixture *mix = calloc(1, sizeof *mix);
    size_t count = 0;
    if (mix == NULL) {
        soak_demand(oc_fail(OC_E_MEMORY), &diag);
        return NULL;
    }
    soak_demand(
        oc_vectors_load(&mix->vectors, files, sizeof files / sizeof files[0], "vectors/schema/vectors.xsd", &diag),
        &diag);
    soak_demand(oc_catalogue_load(&mix->catalogue, "vectors", &diag), &diag);
    for (size_t i = 0; i < SHARES; i++) {
        const oc_case *subject = find(mix->vectors, shares[i].id);
        for (unsigned n = 0; n < shares[i].times && count < MIXTURE_BLOCK; n++) {
            mix->sessions[count++] = subject;
        }
    }
    if (count != MIXTURE_BLOCK) {
        fprintf(stderr, "soak: a block has %d sessions, not %zu\n", MIXTURE_BLOCK, count);
        exit(3);
    }
    for (size_t i = 0; i < ORDERS; i++) {
        shuffle(mix->orders[i], i);
    }
    return mix;
}

void mixture_free(mixture *mix)
{
    oc_vectors_free(&mix->vectors);
    oc_catalogue_free(&mix->catalogue);
    free(mix);
}

const oc_catalogue *mixture_catalogue(const mixture *mix)
{
    return mix->catalogue;
}

const oc_case *mixture_session(const mixture *mix, uint64_t block, size_t at)
{
    return mix->sessions[mix->orders[block % ORDERS][at]];
}
