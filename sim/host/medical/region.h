/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_REGION_H
#define OC_HOST_MEDICAL_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a region of the medical-insurance platform does, as data: the fields of every message, dictionaries, rules,
 * signature, insurance parameters, catalogue, institutions. From vectors/regions/ (settlement-backend sheet 2 to 5 and
 * 9); insurance, catalogue and institutions are illustrations of this project. Everything lives as long as the region. */
typedef struct oc_region oc_region;

enum oc_med_type {
    OC_MED_TEXT,     /* any characters */
    OC_MED_DIGITS,   /* decimal digits */
    OC_MED_HEX,      /* hex digits */
    OC_MED_CODE,     /* a word of a dictionary */
    OC_MED_INTEGER,  /* a JSON integer, or digits in a string */
    OC_MED_DECIMAL,  /* a JSON number or a string; `decimals` after the point at most */
    OC_MED_DATE,     /* yyyy-MM-dd */
    OC_MED_DATETIME, /* yyyy-MM-dd HH:mm:ss */
    OC_MED_BASE64
};

typedef struct oc_med_code {
    const char *code;
    const char *zh;
    const char *en;
    char source;
} oc_med_code;

typedef struct oc_med_dictionary {
    const char *id;
    const oc_med_code *codes;
    size_t count;
} oc_med_dictionary;

typedef struct oc_med_field {
    const char *name;
    enum oc_med_type type;
    unsigned len;      /* characters, at most; of a decimal: digits, without point and sign */
    unsigned decimals; /* after the point, at most */
    bool exact;        /* exactly `len` characters */
    bool is_signed;    /* a decimal may be negative */
    bool required;
    /* Required when that field of the same node is there, and has `when_value` unless that is NULL. NULL: never. */
    const char *when_field;
    const char *when_value;
    const oc_med_dictionary *dictionary; /* of a code */
    const char
        *sample; /* what the virtual hospital sends unless told otherwise, "now" and "today" by its clock; or NULL */
    char source; /* 'B', 'C' or 'P', as in the requirements */
} oc_med_field;

/* An object inside "input" or "output", or an array of such objects. */
typedef struct oc_med_node {
    const char *name;
    bool many;
    bool optional;
    const oc_med_field *fields;
    size_t field_count;
} oc_med_node;

#define OC_MED_NODES_MAX 4

typedef struct oc_med_message {
    const char *infno;
    const char *also; /* another number for the same, or NULL */
    const char *zh;
    const char *en;
    const char *path; /* below /fsi/api/, as one gateway has it; or NULL */
    const char *as;   /* the message whose answer it gives, before what it has itself; or NULL */
    bool local;       /* of the component in the hospital, not of the platform */
    char source;
    oc_med_node in[OC_MED_NODES_MAX];
    size_t in_count;
    oc_med_node out[OC_MED_NODES_MAX];
    size_t out_count;
} oc_med_message;

enum oc_med_signature { OC_SIGN_NONE, OC_SIGN_SM3_INPUT, OC_SIGN_SM3_WITH_SM2, OC_SIGN_GATEWAY, OC_SIGN_MOBILE };

/* Named rules of a region (sheet 2, 8 and 9). */
typedef struct oc_med_rules {
    const char *infver;         /* allowed words, separated by blanks */
    unsigned msgid_serial;      /* digits after institution and time */
    unsigned clock_minutes;     /* how far msgid and inf_time may be from the host's clock, and from each other */
    bool sign_no_required;      /* a session of 9001 before anything else */
    unsigned sign_in_seconds;   /* how long a session lasts; 0: until 9002 */
    bool change_of_medium;      /* F4: the medium may change between registration and settlement */
    unsigned line_tolerance;    /* F7: fen */
    bool card_sn_in_settlement; /* F5 for 2201, 2206, 2207 and their inpatient twins */
    const char *reversible;     /* what 2601 may reverse, separated by blanks */
    unsigned late_cancel_days;  /* how long a settlement can be cancelled; 0: always */
    bool component;             /* the hospital's component reads the medium: 1161, 1162 */
} oc_med_rules;

typedef struct oc_med_rate {
    const char *psn_type;
    unsigned level; /* of the institution; 0: any */
    char place;     /* 'i' in the region's province, 'o' outside, 'a' any */
    unsigned permille;
} oc_med_rate;

typedef struct oc_med_benefit {
    const char *insutype;
    const char *med_type;
    int64_t deductible; /* fen a year */
    int64_t ceiling;    /* fen a year that the pooled fund pays */
    bool shared; /* the ceiling counts everything that the fund paid in the year, not this kind of visit alone */
    bool needs_injury;
    const oc_med_rate *rates;
    size_t rate_count;
} oc_med_benefit;

typedef struct oc_med_serious {
    const char *insutype;
    const char *fund; /* "hifob_pay" or "hifmi_pay" */
    int64_t threshold;
    unsigned permille;
} oc_med_serious;

typedef struct oc_med_item {
    const char *code;
    const char *name;
    const char *level; /* "01", "02", "03": dictionary chrgitm_lv */
    unsigned permille; /* that the person pays first, of class 02 */
    int64_t limit;     /* price in fen above which the person pays; 0: none */
    const char *where; /* kinds of visit, separated by blanks */
} oc_med_item;

typedef struct oc_med_institution {
    const char *code;
    const char *name;
    unsigned level;
    bool pharmacy;
    const char *admdvs;
} oc_med_institution;

typedef struct oc_med_persons {
    uint64_t seed;
    const char *admdvs;
    int64_t balance; /* fen of the personal account at the beginning */
    uint64_t count;
} oc_med_persons;

/* Reads a region and what it is based on. `schemas` is the folder of region.xsd and messages.xsd. FORMAT with file and
 * line for anything that is no region. */
OC_MUST_USE oc_result oc_region_load(oc_region **out, const char *path, const char *schemas, oc_diag *diag);
void oc_region_free(oc_region **region);

const char *oc_region_id(const oc_region *region);
const char *oc_region_admdvs(const oc_region *region);
const oc_med_rules *oc_region_rules(const oc_region *region);
enum oc_med_signature oc_region_signature(const oc_region *region);
const char *oc_region_user_id(const oc_region *region); /* of SM2; never NULL */
/* The caller's number and secret of "gateway" and "mobile"; never NULL. Test values. */
const char *oc_region_app_id(const oc_region *region);
const char *oc_region_secret(const oc_region *region);
/* From which the SM2 test pair of the callers is made; NULL: there is none. */
const char *oc_region_signing_seed(const oc_region *region);
/* The SSC item that fills a field: "card-number", "card-id", "id-number"; `field` is mdtrt_cert_no or card_sn. */
const char *oc_region_card_field(const oc_region *region, const char *field);

/* By number, the other number included; NULL when there is none. */
const oc_med_message *oc_region_message(const oc_region *region, const char *infno);
const oc_med_message *oc_region_message_at(const oc_region *region, size_t at); /* NULL behind the last */
const oc_med_node *oc_region_request(const oc_region *region);
const oc_med_node *oc_region_response(const oc_region *region);
const oc_med_dictionary *oc_region_dictionary(const oc_region *region, const char *id);
const oc_med_code *oc_med_dictionary_find(const oc_med_dictionary *dictionary, const char *code);

const oc_med_benefit *oc_region_benefit(const oc_region *region, const char *insutype, const char *med_type);
const oc_med_serious *oc_region_serious(const oc_region *region, const char *insutype);
const oc_med_item *oc_region_item(const oc_region *region, const char *code);
const oc_med_institution *oc_region_institution(const oc_region *region, const char *code);
const oc_med_persons *oc_region_persons(const oc_region *region);

/* True when `word` is one of the words of `list`, separated by blanks. */
bool oc_med_listed(const char *list, const char *word);

#ifdef __cplusplus
}
#endif
#endif
