/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_PATTERN_H
#define OC_CONFORMANCE_DIALECT_PATTERN_H

#include "conformance/dialect/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Patterns over the exchanges that a terminal caused, as data (vectors/README.md, "Observing"). The matcher is
 * conformance/judge/match.h. */

enum oc_glob_kind {
    OC_GLOB_BYTES, /* hex digits, ? for any */
    OC_GLOB_STAR,  /* any number of bytes */
    OC_GLOB_VALUE  /* one token of the dialect */
};

typedef struct oc_glob_part {
    enum oc_glob_kind kind;
    oc_span bytes; /* BYTES: the digits given */
    oc_span mask;  /* BYTES: as long; the bits that count */
    oc_value value;
} oc_glob_part;

/* Bytes with wildcards: parts one after the other. */
typedef struct oc_glob {
    const oc_glob_part *parts;
    size_t count;
} oc_glob;

/* One or several globs of which one has to fit; or, with `not`, none may. */
typedef struct oc_choice {
    bool given; /* else anything fits */
    bool negated;
    bool none; /* of a status word: that no answer came; of Le: that there is none */
    const oc_glob *any;
    size_t count;
} oc_choice;

enum oc_pattern_kind { OC_PATTERN_MUST, OC_PATTERN_MAY, OC_PATTERN_MUST_NOT };
enum oc_pattern_actor { OC_PATTERN_CARD, OC_PATTERN_PSAM, OC_PATTERN_ANYBODY };
enum oc_pattern_event { OC_PATTERN_COMMAND, OC_PATTERN_RESET, OC_PATTERN_COLD, OC_PATTERN_WARM };

/* Part of an exchange. */
enum oc_part { OC_PART_COMMAND, OC_PART_HEADER, OC_PART_DATA, OC_PART_LE, OC_PART_ANSWER, OC_PART_SW };

/* Bytes taken from each exchange that the pattern fits. */
typedef struct oc_take {
    const char *name;
    enum oc_part part;
    size_t offset;
    size_t length;
    bool has_length; /* else up to the end */
    bool fresh;      /* differs in each of them */
    bool same;       /* is the same in all of them */
} oc_take;

#define OC_PATTERNS_MAX 64 /* of one observation: a set of them is a uint64_t */
#define OC_TAKES_MAX 8     /* of one pattern */

typedef struct oc_pattern {
    enum oc_pattern_kind kind;
    const char *id;   /* or "" */
    const char *text; /* as written, for evidence: must-not ins="B0" after="failed" */
    enum oc_pattern_actor actor;
    enum oc_pattern_event event;
    const char *requirement; /* own, else the observation's, else NULL */
    oc_choice cla, ins, p1, p2, le, sw;
    oc_choice data, answer, command; /* of one glob each */
    uint64_t except;                 /* sets of patterns of the same observation, by position */
    uint64_t after, before, unless, until, when;
    bool directly;      /* after, before and unless: the exchange next to it with the same actor */
    size_t least, most; /* occurrences of a must; SIZE_MAX: no upper bound */
    bool has_times;
    const oc_take *takes;
    size_t take_count;
    long line;
} oc_pattern;

typedef struct oc_observation {
    const char *const *of; /* ids of the steps in question; none: all before */
    size_t of_count;
    bool fixed;     /* the musts come in the order written */
    bool rest_none; /* no command to `actor` beside those that a must or may names */
    bool raw;       /* exchanges as they crossed the link; else 61xx and 6Cxx are joined */
    enum oc_pattern_actor actor;
    const oc_pattern *patterns;
    size_t count;
} oc_observation;

/* Whether anything can fail the pattern, and the observation. */
bool oc_pattern_checks(const oc_pattern *pattern);
bool oc_observation_checks(const oc_observation *observation);

/* Reads one glob: tokens of a value, hex digits with ?, and *. FORMAT with the reason. */
OC_MUST_USE oc_result oc_glob_read(oc_glob *out, oc_arena *arena, const char *source, oc_diag *diag);
/* Reads globs apart by blanks, each one token of `length` bytes where it tells its bytes; `not` and `none` as words. */
OC_MUST_USE oc_result oc_choice_read(oc_choice *out, oc_arena *arena, const char *source, size_t length,
                                     oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
