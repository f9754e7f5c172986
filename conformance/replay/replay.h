/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_REPLAY_REPLAY_H
#define OC_CONFORMANCE_REPLAY_REPLAY_H

#include "conformance/dialect/catalogue.h"
#include "conformance/dialect/suite.h"
#include "conformance/record/outcome.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Judges recorded cases once more, from the record alone: no card, no terminal, no back-end. */

enum oc_replay_outcome {
    OC_REPLAY_SAME,       /* the same verdict, for the same reason */
    OC_REPLAY_DIFFERS,    /* another verdict, or the same for another reason */
    OC_REPLAY_UNANSWERED, /* the record does not tell enough */
    OC_REPLAY_NOT_JUDGED, /* it was not judged then: there is nothing to replay */
};

typedef struct oc_replay_finding {
    enum oc_replay_outcome outcome;
    const char *id;
    const char *pass;
    enum oc_verdict then, now;
    const char *why;      /* of the verdict now, or why it could not be had; may be NULL */
    size_t unknown_bytes; /* of answers that the record masks by their length alone */
} oc_replay_finding;

typedef struct oc_replay_options {
    const char *record_path;
    const char *const *ids; /* which cases; count 0: all that were judged */
    size_t id_count;
    const char *pass;                 /* of which pass, or NULL: of all */
    const oc_vectors *const *vectors; /* by which it is judged */
    size_t vectors_count;
    const oc_catalogue *catalogue;
    const char *vectors_folder; /* with the regions of settlement messages */
    /* The profile of a pass, by its id; NOT_FOUND with the reason. Borrowed from the caller. `seed`: oc_profile_vary made
     * it another person's; NULL: it is as it was written. */
    oc_result (*profile)(void *context, const char *id, const char *path, const uint64_t *seed, const oc_profile **out,
                         oc_diag *diag);
    bool any_vectors; /* also where a vector file is another one than then */
    void (*tell)(void *context, const oc_replay_finding *finding);
    void *context;
} oc_replay_options;

/* One pass through the record; tells each case in the record's order. USAGE where the vectors are others than then. */
OC_MUST_USE oc_result oc_replay(const oc_replay_options *options, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
