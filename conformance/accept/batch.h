/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_BATCH_H
#define OC_CONFORMANCE_ACCEPT_BATCH_H

#include "conformance/accept/findings.h"
#include "conformance/accept/label.h"
#include "conformance/accept/order.h"
#include "conformance/accept/present.h"
#include "conformance/accept/sampling.h"
#include "conformance/accept/submission.h"
#include "conformance/run/runner.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Batch acceptance: every presented card against its order line, into one result record with a pass for each card, and
 * what the batch sheet says. */
typedef struct oc_batch_options {
    const oc_order *order;
    const oc_map *map;
    const oc_profile *profile; /* of the batch: structure, settings, keys */
    const oc_xml_doc *base;    /* the same as XML */
    oc_presenter *presenter;
    const oc_keys_spec *keys;
    const oc_catalogue *catalogue;
    const oc_plan *plan; /* read-only cases of the vectors */
    const oc_sampling *sampling;
    const bool *drawn; /* one for each line */
    const uint8_t *label_key;
    uint64_t seed;
    int timeout_ms;
    bool probes; /* submission item 17 */
    bool reveal;
    bool strict; /* a deviation makes a card nonconforming */
    void (*told)(void *context, size_t number, const char *label,
                 enum oc_verdict verdict); /* after each card; or NULL */
    void *context;
} oc_batch_options;

/* Something about a card that is not as it should be, or was not looked at. */
typedef struct oc_batch_note {
    const char *id;
    const char *title_en;
    const char *title_zh;
    enum oc_verdict verdict;
    const char *reason;
    const char *expected;
    const char *received;
} oc_batch_note;

/* What came of a submission item on one card. */
typedef struct oc_batch_item {
    bool assessed; /* at least one check about it was judged */
    enum oc_verdict verdict;
} oc_batch_item;

typedef struct oc_batch_card {
    size_t number; /* in the order in which they came, from 1 */
    const char *label;
    long line;             /* index in the order, -1 where it is not in it */
    bool drawn;            /* belongs to the sample */
    enum oc_verdict worst; /* PASS, DEVIATION, FAIL, INCONCLUSIVE or ERROR */
    bool nonconforming;
    size_t counts[OC_VERDICT_COUNT];
    oc_batch_item items[OC_SUBMISSION_ITEMS];
    oc_batch_note *notes;
    size_t note_count, note_room;
} oc_batch_card;

enum oc_lot_verdict { OC_LOT_ACCEPTED, OC_LOT_REJECTED, OC_LOT_UNDECIDED };

typedef struct oc_batch {
    oc_arena arena;
    oc_batch_card **cards;
    size_t card_count, card_room;
    bool *seen;           /* one for each line */
    size_t sample_seen;   /* lines of the sample that were presented */
    size_t nonconforming; /* of the sample */
    size_t foreign;       /* presented, and not in the order */
    enum oc_lot_verdict lot;
    size_t planned; /* verdicts that the record should hold */
} oc_batch;

/* An error is one of the record, the disk or the vectors; what is wrong with a card is in record and batch. Free *out
 * with oc_batch_free whatever comes of it. */
OC_MUST_USE oc_result oc_batch_run(oc_batch *out, const oc_batch_options *options, oc_record *record, oc_diag *diag);
void oc_batch_free(oc_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
