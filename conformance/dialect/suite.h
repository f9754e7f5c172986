/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_SUITE_H
#define OC_CONFORMANCE_DIALECT_SUITE_H

#include "conformance/dialect/pattern.h"
#include "conformance/dialect/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Vectors in memory: suites as the runner sees them, with routines put in their places, table rows made into
 * cases, and each negative made into a full case by its edit. Everything borrows the oc_vectors that loaded it. */

enum oc_step_kind {
    OC_STEP_APDU,
    OC_STEP_TPDU,
    OC_STEP_RESET,
    OC_STEP_LET,
    OC_STEP_CALL,
    OC_STEP_MESSAGE,
    OC_STEP_ISSUE,
    OC_STEP_ADVANCE,
    OC_STEP_FAULT,
    OC_STEP_OBSERVE,
    OC_STEP_PROMPT
};

/* What a <fault> does to an exchange with a card (vectors/README.md, "Faults"). */
enum oc_fault_kind {
    OC_FAULT_NONE,
    OC_FAULT_TEAR,   /* power fails after so many bytes written to non-volatile memory */
    OC_FAULT_REMOVE, /* the command does not reach the card, power is gone */
    OC_FAULT_MUTE,   /* the card gets the command, its answer is lost, power is gone */
    OC_FAULT_DELAY,  /* the answer is late by so many milliseconds */
    OC_FAULT_SW,     /* this status word instead of the answer */
    OC_FAULT_GARBLE, /* the bits of one byte of the answer are inverted */
    OC_FAULT_DATA,   /* other data before the card's own status word */
    OC_FAULT_CUT,    /* so many bytes of the data, and the status word */
    OC_FAULT_ANSWER, /* other bytes instead of the whole answer, status word included */
    /* From now on. */
    OC_FAULT_PIECES,   /* what waits for GET RESPONSE comes in pieces of so many bytes */
    OC_FAULT_TAKE_OUT, /* the card leaves its reader */
    OC_FAULT_PUT_IN,   /* it is put in again, without power */
    OC_FAULT_SWAP      /* another card is in its place, without power */
};

#define OC_FAULT_PATTERN_MAX 16

typedef struct oc_fault_order {
    enum oc_fault_kind kind;
    uint32_t value; /* bytes, milliseconds, status word, or offset of the byte; 0 where the kind takes none */
    uint32_t skip;  /* exchanges that go by unharmed first */
    uint32_t times; /* exchanges that it strikes, one after the other; 0 and 1: one */
    bool met;       /* it struck already, and has more to do */
    uint8_t at[OC_FAULT_PATTERN_MAX]; /* only commands that begin so, under the mask; over T=0 their whole answer */
    uint8_t at_mask[OC_FAULT_PATTERN_MAX];
    uint8_t at_len;   /* 0: any exchange */
    const char *card; /* SWAP: which; NULL: another one of the same profile */
} oc_fault_order;

/* One demand on bytes: of a whole answer, a field of it, a TLV object or a named answer. */
typedef struct oc_demand {
    const char *name; /* field or answer name, hex tag of a TLV object; "" for the whole data */
    const char *requirement;
    bool has_eq, has_or, has_mask, has_len, has_min, has_max;
    oc_value eq;
    oc_value other; /* `or`: that the bytes may be instead */
    oc_value mask;
    size_t len, min, max;
    bool has_below;
    int64_t below;                    /* answers: the text is a decimal number less than this one */
    const char *capture;              /* name that receives the bytes, or NULL */
    bool optional;                    /* TLV object that may be absent */
    bool rest_none;                   /* TLV: no other objects beside those named */
    bool order_fixed;                 /* TLV: in the order written */
    const struct oc_demand *children; /* TLV objects inside */
    size_t child_count;
    long line;
} oc_demand;

#define OC_SW_PATTERNS_MAX 16

typedef struct oc_expect {
    char sw[OC_SW_PATTERNS_MAX][5]; /* "9000", "63C?", ...; count 0 means 9000 */
    size_t sw_count;
    const char *sw_requirement;
    bool no_answer; /* there may be none, through a fault; there must be none where sw_count is 0 and no data stand */
    bool has_data;  /* a <data> element stands */
    bool rest_any;  /* the fields need not cover the data */
    oc_demand data;
    const oc_demand *fields;
    size_t field_count;
    const oc_demand *objects;
    size_t object_count;
    const oc_demand *answers;
    size_t answer_count;
} oc_expect;

typedef struct oc_argument {
    const char *name;
    oc_value value;
} oc_argument;

#define OC_ARGUMENTS_MAX 64
#define OC_CALL_TIMES_MAX 10000

typedef struct oc_step {
    enum oc_step_kind kind;
    const char *id;      /* with its routine's id before it: "enter-ssse.select" */
    const char *own_id;  /* without: the name under which the value of a let is captured */
    const char *actor;   /* card, psam, terminal, host, issuer or "" */
    const char *routine; /* id of the routine it came from, or NULL: a failure then is INCONCLUSIVE */
    const char *name;    /* let: function; call: terminal function; message: name; reset: cold or warm; fault: kind;
                            prompt: what the operator has to do, in English */
    const char *name_zh; /* prompt: the same in Chinese */
    const char *until;   /* prompt: "powered", when a reader has powered the card; NULL: when the operator says so */
    const char *beside;  /* call: "thread" or "process" of a second caller at the same time; NULL: there is none */
    const char *second;  /* call with `beside`: his function */
    oc_value cla, ins, p1, p2, le; /* apdu; count 0 where not given */
    bool has_le;
    oc_value data; /* apdu and tpdu */
    const oc_argument *arguments;
    size_t argument_count;
    long seconds;             /* advance */
    unsigned times;           /* call: made so often in a row, 1 to OC_CALL_TIMES_MAX; others: 1 */
    const char *budget_class; /* what the author expects of commands of that name; NULL: nothing */
    uint64_t budget_p99_us;
    const oc_observation *observation; /* observe */
    oc_expect expect;
    const char *file;
    long line;
} oc_step;

enum oc_touch {
    OC_TOUCH_VOLATILE = 1,
    OC_TOUCH_COUNTERS = 2,
    OC_TOUCH_RECORDS = 4,
    OC_TOUCH_PURSE = 8,
    OC_TOUCH_KEYS = 16,
    OC_TOUCH_LIFECYCLE = 32
};

/* What a fault step orders. FORMAT names what it lacks or what is out of range. What stands in the place of the card's
 * bytes is the argument "data". */
OC_MUST_USE oc_result oc_step_fault(const oc_step *step, oc_fault_order *out, oc_diag *diag);
/* True when no answer may come to the step. */
static inline bool oc_expects_silence(const oc_expect *expect)
{
    return expect->no_answer && expect->sw_count == 0 && !expect->has_data;
}

/* "none", "volatile", "counters", ... separated by blanks or commas; FORMAT names the unknown word. */
OC_MUST_USE oc_result oc_touches_parse(unsigned *out, const char *text, oc_diag *diag);

/* The condition of a positive case that names none: as its requirement is worded. */
#define OC_CONDITION_STATED "stated"
#define OC_COVERS_MAX 24

typedef struct oc_case_req {
    const char *id;
    bool choice;
} oc_case_req;

typedef struct oc_case {
    const char *id;       /* with the row's key */
    const char *plain_id; /* without it */
    const char *area;
    bool is_flow;
    bool retired;
    unsigned rev;
    const char *official;
    const char *touches_text;
    unsigned touches;  /* enum oc_touch bits */
    const char *clock; /* or NULL */
    uint64_t budget_p99_us;
    const char *title_en;
    const char *title_zh;
    const char *purpose;
    const oc_case_req *requirements;
    size_t requirement_count;
    const char *covers[OC_COVERS_MAX]; /* requirements that a check of its own can fail against, each once: what the
                                          check names, else a negative's `req`, else the first <req> */
    size_t cover_count;
    const char *condition;     /* under which it tries them: the row's, else the case's, else OC_CONDITION_STATED;
                                  in a negative its `because` */
    const char *applicability; /* `if`, or NULL */
    const oc_step *steps;      /* lets of the case first */
    size_t step_count;
    const oc_step *restore;
    size_t restore_count;
    const char *file; /* as given to the loader */
    long line;

    /* Negatives of a positive case; empty in a negative. */
    const struct oc_case *negatives;
    size_t negative_count;

    /* Only in a negative. */
    const struct oc_case *twin;
    const char *because;
    const char *dut;         /* negatives: the actor that must notice; NULL: whoever is under test */
    const char *requirement; /* that its mismatch is counted against, or NULL: that of the check, else the first */
    size_t expected_step;    /* index of the step that must fail as stated; later ones are not run */
    const char *edit_text;   /* for reports: 'without step "pin"' */
} oc_case;

typedef struct oc_vectors oc_vectors;

/* Loads suites from files and folders (recursively, *.xml whose root is a suite of this dialect; in sorted order).
 * `schema_path` validates each. Limits: 4 MiB a file, 64 levels, 50,000 cases and negatives with 2,000,000 steps in
 * all. Errors name file, line and reason. */
OC_MUST_USE oc_result oc_vectors_load(oc_vectors **out, const char *const *paths, size_t count,
                                      const char *schema_path, oc_diag *diag);
/* The same from memory, without schema: for the fuzzer. */
OC_MUST_USE oc_result oc_vectors_parse(oc_vectors **out, oc_span xml, const char *name, oc_diag *diag);
void oc_vectors_free(oc_vectors **vectors);

/* Positive cases in file order. */
const oc_case *oc_vectors_case(const oc_vectors *vectors, size_t at);
size_t oc_vectors_count(const oc_vectors *vectors);
/* Suites and imported routines that were read, each once, for digests. */
const char *oc_vectors_file(const oc_vectors *vectors, size_t at);
size_t oc_vectors_file_count(const oc_vectors *vectors);

#ifdef __cplusplus
}
#endif
#endif
