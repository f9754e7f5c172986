/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_BUILD_H
#define OC_CONFORMANCE_DIALECT_BUILD_H

#include "conformance/dialect/suite.h"
#include "sim/base/xml.h"

/* Private to the loader: from XML nodes to steps and cases. */

#define OC_STEPS_MAX 256 /* of one case */
#define OC_CASES_MAX 50000
#define OC_STEPS_TOTAL_MAX 2000000
#define OC_ROUTINES_MAX 256
#define OC_TABLES_MAX 2 /* of one case */
#define OC_ROUTINE_DEPTH_MAX 4

typedef struct oc_routine_node {
    const char *id;
    const oc_xml_doc *doc;
    const char *file;
    const xmlNode *node;
} oc_routine_node;

/* What all files together gave so far: a small table can make many cases. */
typedef struct oc_build_totals {
    size_t cases; /* with their negatives */
    size_t steps;
} oc_build_totals;

/* What building a case needs to know. */
typedef struct oc_build {
    oc_arena *arena;
    oc_build_totals *totals;
    const oc_xml_doc *doc;              /* that holds the node being read */
    const char *file;                   /* its name, in the arena */
    const xmlNode *rows[OC_TABLES_MAX]; /* one of each table: their attributes replace $name */
    size_t row_count;
    const char *row_key; /* their keys with dots between, or NULL without a table */
    const oc_routine_node *routines;
    size_t routine_count;
    oc_diag *diag;
} oc_build;

/* Steps while they are being collected. Zero-initialise; free with oc_step_list_free. */
typedef struct oc_step_list {
    oc_step *at;
    size_t count;
    size_t room;
    unsigned ordinal; /* of steps without an id */
} oc_step_list;

OC_MUST_USE oc_result oc_step_list_insert(oc_step_list *list, size_t at, const oc_step *step);
void oc_step_list_remove(oc_step_list *list, size_t at);
/* Index of the step with that id; list->count when there is none. */
size_t oc_step_list_find(const oc_step_list *list, const char *id);
void oc_step_list_free(oc_step_list *list);

/* Tells what a row tries; no name for $. */
#define OC_ROW_CONDITION "condition"

/* The attribute of the rows; of the later table when both have it. NULL when none has. */
const char *oc_build_row_attr(const oc_build *build, const char *name);
/* The id of a case or negative: `id` and, after a dot, the key of the rows. */
const char *oc_build_row_id(const oc_build *build, const char *id);

/* The text with $name replaced where the table row has an attribute of that name. */
OC_MUST_USE oc_result oc_build_text(const oc_build *build, const char *raw, const char **out);
/* The text inside an element, blanks trimmed, row names replaced. */
OC_MUST_USE oc_result oc_build_content(const oc_build *build, const xmlNode *node, const char **out);
/* An attribute as a value; `absent` tells that it is not there. */
OC_MUST_USE oc_result oc_build_value(const oc_build *build, const xmlNode *node, const char *attribute, oc_value *out,
                                     bool *present);

/* Appends the steps that stand below `parent` (steps, restore, routine, edit, or the lets of a flow when
 * `lets_only`), with routines put in place. */
OC_MUST_USE oc_result oc_build_steps(const oc_build *build, const xmlNode *parent, bool lets_only, oc_step_list *list);
/* The expectations below a step of that kind, or below its <expect>. FORMAT for one that the kind does not judge. */
OC_MUST_USE oc_result oc_build_expect(const oc_build *build, const xmlNode *parent, enum oc_step_kind kind,
                                      oc_expect *out);

/* How often a call is made, and what its author expects of its time: build_times.c. */
OC_MUST_USE oc_result oc_build_times(const oc_build *build, const xmlNode *node, oc_step *step);
OC_MUST_USE oc_result oc_build_budget(const oc_build *build, const xmlNode *node, oc_step *step);

/* Copies the steps into the arena. LIMIT at `node` when all files together have too many. */
OC_MUST_USE oc_result oc_build_keep_steps(const oc_build *build, const xmlNode *node, const oc_step_list *list,
                                          const oc_step **out, size_t *count);
/* Whether the demand itself, without what stands inside it, can fail. */
bool oc_demand_checks(const oc_demand *demand);
/* Whether every status word fits. */
bool oc_sw_accepts_all(const oc_expect *expect);
/* Fills covers with the requirements that the judged checks count against; LIMIT at `node` when they are too many. */
OC_MUST_USE oc_result oc_build_covers(const oc_build *build, const xmlNode *node, oc_case *subject);
/* Counts one more case or negative; LIMIT at `node` when there are too many. */
OC_MUST_USE oc_result oc_build_count_case(const oc_build *build, const xmlNode *node);
/* The case of `node`, with its negatives, for the row of `build`. */
OC_MUST_USE oc_result oc_build_case(const oc_build *build, const xmlNode *node, const char *area, oc_case **out);

/* Whether a fault of that kind can leave a step without an answer. */
bool oc_fault_silences(enum oc_fault_kind kind);
/* Whether it is done when its step runs, without waiting for an exchange. */
bool oc_fault_strikes_at_once(enum oc_fault_kind kind);

/* Whether two values always give the same bytes, as far as their tokens tell. */
bool oc_value_same(const oc_value *a, const oc_value *b);

/* Applies the <edit> to the list. `first` is the first step that is another one now, `text` tells the edit in words. */
OC_MUST_USE oc_result oc_build_edit(const oc_build *build, const xmlNode *edit, oc_step_list *list, size_t *first,
                                    const char **text);
/* Fills the negatives of `positive` from the <negative> children of its node. */
OC_MUST_USE oc_result oc_build_negatives(const oc_build *build, const xmlNode *node, oc_case *positive);

#endif
