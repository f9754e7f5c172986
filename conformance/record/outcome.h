/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_OUTCOME_H
#define OC_CONFORMANCE_RECORD_OUTCOME_H

#include "sim/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A verdict on a device under test, from best to worst: while a case runs it only gets worse, except that an
 * ERROR after a FAIL keeps the FAIL (oc_verdict_worse). */
enum oc_verdict {
    OC_VERDICT_PASS,
    OC_VERDICT_NOT_APPLICABLE,
    OC_VERDICT_NOT_RUN,
    OC_VERDICT_INCONCLUSIVE,
    OC_VERDICT_DEVIATION,
    OC_VERDICT_FAIL,
    OC_VERDICT_ERROR
};
#define OC_VERDICT_COUNT 7

/* "PASS", "NOT_APPLICABLE", ... as they stand in result.xml. */
const char *oc_verdict_name(enum oc_verdict verdict);
bool oc_verdict_parse(const char *name, enum oc_verdict *out);
enum oc_verdict oc_verdict_worse(enum oc_verdict so_far, enum oc_verdict now);

/* One raw exchange. Texts are hex with secrets replaced by references in braces: "0020000003{@pin}". */
typedef struct oc_outcome_exchange {
    const char *actor;    /* "card", "psam" */
    const char *command;  /* "reset cold" / "reset warm" for a reset */
    const char *response; /* NULL when there was none */
    const char *fault;    /* what the harness did to it: "mute", "tear-after-bytes 7: 7 bytes written"; or NULL */
    uint64_t begin_ns;    /* since the case began */
    uint64_t duration_ns;
} oc_outcome_exchange;

/* A named answer of somebody who is under test. The value is masked: quoted text, or hex; secrets in braces. */
typedef struct oc_outcome_answer {
    const char *name;
    const char *value;
} oc_outcome_answer;

typedef struct oc_outcome_step {
    const char *id;
    const char *kind;          /* apdu tpdu reset let call message issue advance fault observe */
    const char *actor;         /* card psam terminal host issuer, or "" */
    const char *phase;         /* "steps" or "restore" */
    const char *latency_class; /* "READ RECORD", "iReadCardBas", ...; NULL: not timed */
    uint64_t duration_ns;      /* all exchanges of the step at the seam; a call to a terminal under test: the call */
    const char *note; /* let: function and masked value; call and message: masked arguments and answer; or NULL */
    const oc_outcome_answer *answers; /* of a terminal or back-end under test */
    size_t answer_count;
    const oc_outcome_exchange *exchanges;
    size_t exchange_count;
    bool has_parts;           /* a call to a terminal under test; what is left of duration_ns is the terminal's own: */
    uint64_t card_ns;         /* inside the virtual card and PSAM */
    uint64_t link_ns;         /* on the way to them, as far as that is known: so many empty exchanges */
    const char *budget_class; /* what the vectors' author expects of steps of that name, or NULL */
    uint64_t budget_p99_ns;
} oc_outcome_step;

/* The check that decided, for every verdict but PASS. */
typedef struct oc_outcome_evidence {
    const char *step;     /* step id */
    const char *what;     /* "sw", "data", "field tac", "answer result", "link", ... */
    const char *expected; /* masked hex or text */
    const char *received;
    long first_difference; /* byte offset, -1 when it makes no sense */
    const char *requirement;
    const char *confidence; /* "A", "B", "C", "P" */
} oc_outcome_evidence;

/* What happened to one case in one pass. All texts live in `arena`; free with oc_outcome_free. */
typedef struct oc_outcome {
    oc_arena arena;
    const char *id;   /* with the row's key */
    const char *pass; /* "ssc-3.0/inproc": which card over which link */
    const char *area; /* card terminal host flow */
    const char *file; /* vector file, relative to the vectors folder where possible */
    long line;
    unsigned rev;
    const char *official;  /* or NULL */
    const char *twin;      /* negatives: id of the positive twin, else NULL */
    const char *because;   /* negatives */
    const char *dut;       /* negatives: the actor that must notice; or NULL */
    const char *condition; /* under which the requirements are tried */
    const char *title_en;
    const char *title_zh;
    const char *touches;
    const char *const *requirements;
    size_t requirement_count;
    enum oc_verdict verdict;
    const char *waiver; /* name of the one that holds for the failure, or NULL */
    const char *reason; /* one sentence for every verdict but PASS, else NULL */
    bool link_failed;   /* ended because no card answered; not written to the record */
    bool has_evidence;
    oc_outcome_evidence evidence;
    const oc_outcome_step *steps;
    size_t step_count;
    bool is_flow;
    uint64_t budget_p99_ns; /* 0: none stated */
    uint64_t duration_ns;   /* first exchange to last */
} oc_outcome;

void oc_outcome_free(oc_outcome *outcome);

/* What is known at the end of the tries of one PIN or key of a foreign card. */
typedef struct oc_pass_tries {
    char of[32];         /* "PIN", "SSSE/04", "DF01/84#2" */
    int left;            /* at least so many; -1: the counter is full, as far as known */
    unsigned long spent; /* presentations that cost a try, or may have, in all runs */
} oc_pass_tries;

/* A file that was mapped as code in a process of the terminal under test (conformance/dut/modules.h). */
typedef struct oc_pass_module {
    const char *path;
    const char *place; /* "item", "harness", "system", "other" */
    uint64_t size;
    const char *sha256; /* hex; "": not known, and so is `sm3` */
    const char *sm3;
} oc_pass_module;

/* One pass: all selected cases on one card over one link. */
typedef struct oc_pass_info {
    const char *id;      /* "ssc-3.0/inproc" */
    const char *profile; /* profile id */
    const char *profile_path;
    const char *title_en;
    const char *title_zh;
    const char *card;            /* the --card value: "virtual", "exec:...", "pcsc:..." */
    const char *terminal;        /* the --terminal value, or NULL for the simulator's own */
    const char *terminal_digest; /* SHA-256 of a driver library in hex, or NULL */
    const char *host;            /* the --host value, or NULL for the simulator's own */
    const char *transport;       /* "inproc", "pcsc", ... */
    const char *atr;             /* hex, or NULL when no card answered */
    bool is_virtual;             /* a simulated card: its latency says nothing about silicon */
    /* Empty exchange: GET CHALLENGE-free null card over the same transport, nanoseconds, sorted; may be empty. */
    const uint64_t *empty_ns;
    size_t empty_count;
    /* The ledger of a foreign card when the pass ends: the pass is noted again with it. */
    const oc_pass_tries *tries;
    size_t tries_count;
    unsigned long loads, debits; /* that the card made, in all runs */
    /* Of the terminal under test, by path; known when the pass ends: it is noted again with them. */
    const oc_pass_module *modules;
    size_t module_count;
} oc_pass_info;

typedef struct oc_file_digest {
    const char *path;
    char sha256[65];
} oc_file_digest;

/* A document about the run that goes into the record whole: the declaration of the item, the laboratory's data. */
typedef struct oc_run_document {
    const char *xml;    /* its root element, UTF-8 without an XML declaration; NULL: there is none */
    const char *digest; /* SHA-256 of the file in hex */
} oc_run_document;

/* What is known when a run begins. Borrowed texts. */
typedef struct oc_run_info {
    const char *suite_version;
    uint64_t seed;
    bool strict;
    const char *command_line;
    const char
        *subject; /* what is tested and how, words NAME=DIGEST apart by blanks: a run goes on only with the same;
                            may be NULL */
    const char *started; /* ISO 8601 */
    /* "R-20261122T093000Z-0A1B2C3D": no two runs have the same. NULL: the record is of no run that could be handed in,
     * and its cases have no chains. */
    const char *run_id;
    const char *plan_digest; /* SHA-256 in hex over what is planned (oc_run_plan_lines); may be NULL */
    oc_run_document declaration;
    oc_run_document laboratory;
    oc_run_document challenge; /* that it answers: the <challenge> element of result.xsd, and the file's digest */
    bool official;             /* under the rules of `onecard run --official` */
    const char *amends;        /* run id of the report that this one replaces, and why; or NULL */
    const char *amendment;
    const oc_file_digest *vectors;
    size_t vector_count;
    const char *limits;      /* a <limits> element of result.xsd with its own namespace declaration or none, or NULL */
    const char *packs;       /* <pack> elements of result.xsd, or NULL */
    const char *waivers;     /* <waiver> elements of result.xsd, or NULL */
    const char *environment; /* an <environment> element in the place of this machine's, or NULL */
    const char *parts;       /* <part> elements of a record that was put together, or NULL */
    const char *node;        /* machine that ran a part, or NULL */
    unsigned shard;          /* this is part `shard` of `shards` of the plan; 0 of 0: the whole */
    unsigned shards;
    size_t planned; /* case x pass that should get a verdict */
} oc_run_info;

#ifdef __cplusplus
}
#endif
#endif
