/* SPDX-License-Identifier: Apache-2.0 */
/* By which functions the actors beside the cards are entered; the terminal: terminal/seam.c. */
#include "tests/mutants/frame/making.h"
#include "tests/mutants/frame/mutant.h"

#include "conformance/run/world_internal.h"
#include "sim/host/cross/cross.h"
#include "sim/host/ecard/ecard.h"
#include "sim/host/host.h"
#include "sim/host/medical/medical.h"
#include "sim/issuer/issuer.h"

static _Thread_local unsigned making;

bool mutant_making(void)
{
    return making > 0;
}

/* The result of `call`, by that actor. */
#define AS(actor, call)                                                                                               \
    enum mutant_actor before = mutant_enter(actor);                                                                   \
    oc_result r = call;                                                                                               \
    mutant_leave(before);                                                                                             \
    return r

#define MAKING(call)                                                                                                  \
    enum mutant_actor before = mutant_enter(MUTANT_ISSUER);                                                           \
    making++;                                                                                                         \
    oc_result r = call;                                                                                               \
    making--;                                                                                                         \
    mutant_leave(before)

#define CHIP oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile

MUTANT_WRAPS(oc_result, oc_issuer_make_blank, CHIP, oc_diag *diag);
oc_result __wrap_oc_issuer_make_blank(CHIP, oc_diag *diag)
{
    MAKING(__real_oc_issuer_make_blank(out, os, crypto, profile, diag));
    return r;
}

MUTANT_WRAPS(oc_result, oc_issuer_make_card, CHIP, oc_diag *diag);
oc_result __wrap_oc_issuer_make_card(CHIP, oc_diag *diag)
{
    MAKING(__real_oc_issuer_make_card(out, os, crypto, profile, diag));
    return r;
}

MUTANT_WRAPS(oc_result, oc_issuer_make_other_card, CHIP, oc_diag *diag);
oc_result __wrap_oc_issuer_make_other_card(CHIP, oc_diag *diag)
{
    MAKING(__real_oc_issuer_make_other_card(out, os, crypto, profile, diag));
    return r;
}

MUTANT_WRAPS(oc_result, oc_issuer_make_renewed_card, CHIP, const oc_profile *old, oc_diag *diag);
oc_result __wrap_oc_issuer_make_renewed_card(CHIP, const oc_profile *old, oc_diag *diag)
{
    MAKING(__real_oc_issuer_make_renewed_card(out, os, crypto, profile, old, diag));
    return r;
}

MUTANT_WRAPS(oc_result, oc_issuer_make_psam, CHIP, oc_diag *diag);
oc_result __wrap_oc_issuer_make_psam(CHIP, oc_diag *diag)
{
    MAKING(__real_oc_issuer_make_psam(out, os, crypto, profile, diag));
    if (oc_is_ok(r)) {
        mutant_note_psam(*out);
    }
    return r;
}

MUTANT_WRAPS(oc_result, oc_issuer_make_lesser_psam, CHIP, const char *lack, oc_diag *diag);
oc_result __wrap_oc_issuer_make_lesser_psam(CHIP, const char *lack, oc_diag *diag)
{
    MAKING(__real_oc_issuer_make_lesser_psam(out, os, crypto, profile, lack, diag));
    if (oc_is_ok(r)) {
        mutant_note_psam(*out);
    }
    return r;
}

/* In a step: the card that is issued there is under test. */
MUTANT_WRAPS(oc_result, oc_issuer_issue, oc_link *link, oc_crypto *crypto, const oc_issue_order *order, oc_diag *diag);
oc_result __wrap_oc_issuer_issue(oc_link *link, oc_crypto *crypto, const oc_issue_order *order, oc_diag *diag)
{
    AS(MUTANT_ISSUER, __real_oc_issuer_issue(link, crypto, order, diag));
}

MUTANT_WRAPS(oc_result, oc_host_message, oc_host *host, const char *name, const oc_fields *in, oc_fields *answer,
             oc_diag *diag);
oc_result __wrap_oc_host_message(oc_host *host, const char *name, const oc_fields *in, oc_fields *answer,
                                 oc_diag *diag)
{
    AS(MUTANT_HOST, __real_oc_host_message(host, name, in, answer, diag));
}

MUTANT_WRAPS(oc_result, oc_medical_message, oc_medical *medical, oc_span request, const oc_fields *headers,
             oc_buf *answer, oc_med_judgement *judgement, oc_diag *diag);
oc_result __wrap_oc_medical_message(oc_medical *medical, oc_span request, const oc_fields *headers, oc_buf *answer,
                                    oc_med_judgement *judgement, oc_diag *diag)
{
    AS(MUTANT_HOST, __real_oc_medical_message(medical, request, headers, answer, judgement, diag));
}

MUTANT_WRAPS(oc_result, oc_ecard_message, oc_ecard *ecard, const char *name, const oc_fields *in, oc_fields *answer,
             oc_diag *diag);
oc_result __wrap_oc_ecard_message(oc_ecard *ecard, const char *name, const oc_fields *in, oc_fields *answer,
                                  oc_diag *diag)
{
    AS(MUTANT_HOST, __real_oc_ecard_message(ecard, name, in, answer, diag));
}
