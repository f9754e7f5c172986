/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_SETTLEMENT_H
#define OC_CONFORMANCE_RUN_SETTLEMENT_H

#include "conformance/dut/http_post.h"
#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/base/random.h"
#include "sim/host/medical/medical.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The medical-insurance messages of one case: the virtual hospital makes them, the back-end answers. The back-end lives in
 * memory for the case, and knows the holder of the card at hand. Regions are read once and serve all cases. */
typedef struct oc_settlement oc_settlement;

typedef struct oc_settlement_parts {
    const char *vectors_folder; /* with regions/ and schema/; NULL: there are no such messages. Borrowed */
    const oc_profile *profile;  /* whose holder is insured; borrowed */
    const oc_clock *clock;      /* borrowed */
    const char *url; /* of a back-end under test (back_end.h), which then answers; NULL: the virtual one. Borrowed */
    oc_http_credentials credentials; /* for it */
    int timeout_ms;                  /* of its answers */
    oc_random *random;               /* of codes and tokens; borrowed */
    oc_med_prove_card *prove_card;   /* for 9201; NULL: there is no HSM */
    void *prove_card_context;
} oc_settlement_parts;

OC_MUST_USE oc_result oc_settlement_new(oc_settlement **out, const oc_settlement_parts *parts);
void oc_settlement_free(oc_settlement **settlement);
/* Forgets everything that was booked: for the beginning of a case. */
void oc_settlement_clear(oc_settlement *settlement);

/* True for the name of such a message: four digits and perhaps an A, "ec.query", "card-list" or "holder". */
bool oc_settlement_knows(const char *name);
/* True for those of the electronic card, whose answer is "result" instead of "infcode". */
bool oc_settlement_is_ecard(const char *name);

/* True for the query of an electronic voucher, whose answer is "code". */
bool oc_settlement_is_voucher(const char *name);

/* Sends message `name`; texts are GB18030 as everywhere in vectors. `in` holds what oc_hospital_message takes, and
 *   region       file name in vectors/regions without .xml; "national" where absent. Each has a back-end of its own
 *   institution  who sends; the region's first hospital where absent
 *   sign         'none': without the signature that the region asks for
 *   reader.card-number, reader.card-id   the card in the reader of the hospital's component (1161); absent: none
 *   again        '1': the last message of that institution once more, byte for byte
 * `answer` receives what oc_hospital_read gives, "msgid" of the message, and "identity": the first amount identity
 * (A1 to A6) that a settlement in the answer breaks, or "-" (vectors/README.md, "Settlement").
 * "rule" and "field" are what the virtual back-end's err_msg has in brackets (sim/host/medical/medical.h).
 * "card-list" with "card-id" (32 hex digits) and "state" ('lost', 'replaced', or absent: taken off the list) is a message
 * of this project; its answer is infcode 0. So is "holder": card-number, card-id, id-number and name, each the card at
 * hand's where absent; standing ('suspended', 'ended', 'deceased'; absent: insured); injured ('1').
 * "ec.query" is the voucher's query: oc_voucher_message and oc_voucher_read have its fields.
 * A back-end under test lives by the machine's clock, and keeps what it booked from case to case. What it does wrong is
 * `breach` (emptied first); there is no answer to use then. UNAVAILABLE for a message of the project. */
OC_MUST_USE oc_result oc_settlement_message(oc_settlement *settlement, const char *name, const oc_fields *in,
                                            oc_fields *answer, oc_breach *breach, oc_diag *diag);

/* True for a message of the project, which no other back-end knows. */
bool oc_settlement_is_own(const char *name);

/* The back-end of the region that `in` names, for what is asked of it past its messages. Borrowed for the case. */
OC_MUST_USE oc_result oc_settlement_medical(oc_settlement *settlement, const oc_fields *in, oc_medical **out,
                                            oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
