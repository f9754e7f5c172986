/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_VISIT_H
#define OC_TESTS_SUPPORT_OC_VISIT_H

#include "sim/host/medical/hospital.h"
#include "sim/host/medical/person.h"

/* Outpatient visits of made-up persons (flow MED-1), message by message, for tests and benches: 1101 2201 2203 2204 2206
 * 2207. How a message travels is the caller's. Many may run side by side, each with numbers of its own. */
#define OC_VISIT_STEPS 6
#define OC_VISIT_TOTAL_FEN 2500

typedef struct oc_visit {
    const oc_region *region;
    const oc_clock *clock; /* or NULL: the machine's */
    oc_hospital *hospital;
    uint64_t number; /* of the next person */
    uint64_t stride;
    unsigned serial; /* of messages: `serials` of them, from `serial_first` */
    unsigned serial_first;
    unsigned serials;
    unsigned step; /* of OC_VISIT_STEPS, which message comes next */
    oc_med_person person;
    char psn_no[31];
    char mdtrt_id[31];
    char opter[16];
    oc_buf request;    /* the message that was made last */
    oc_fields headers; /* that go with it */
    oc_fields read;    /* the answer that was taken last */
    oc_fields fields;
} oc_visit;

/* The client `at` of `of`, which share the region's institutions, persons and message numbers among them. */
OC_MUST_USE oc_result oc_visit_open(oc_visit *visit, const oc_region *region, const oc_clock *clock, size_t at,
                                    size_t of, oc_diag *diag);
void oc_visit_close(oc_visit *visit);

/* Makes a message of any kind; `names` are name, value pairs that end with NULL. */
OC_MUST_USE oc_result oc_visit_message(oc_visit *visit, const char *infno, const char *const *names);
/* Takes the answer to it apart; true when it was taken, with infcode 0. */
bool oc_visit_read(oc_visit *visit, const char *infno, oc_span answer);
/* A field of the answer as NUL-terminated text. */
void oc_visit_get(const oc_visit *visit, const char *name, char *out, size_t room);

/* The session that the visits need. */
OC_MUST_USE oc_result oc_visit_sign_in(oc_visit *visit);
/* The next person's visit begins. */
void oc_visit_next(oc_visit *visit);
/* The number of the message that comes next. */
const char *oc_visit_infno(const oc_visit *visit);
OC_MUST_USE oc_result oc_visit_make(oc_visit *visit);
/* Takes its answer; true when it was taken, then the next step is due. */
bool oc_visit_take(oc_visit *visit, oc_span answer);

#endif
