/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_READING_H
#define OC_CONFORMANCE_ACCEPT_READING_H

#include "sim/base/arena.h"
#include "sim/base/sw.h"
#include "sim/link/link.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything that one card tells without a key: read once, looked at by many checks. Only SELECT, READ RECORD and READ
 * BINARY are sent, and VERIFY once where oc_reading_with_pin is called. */
#define OC_READ_RECORDS_MAX 64

typedef struct oc_read_record {
    oc_span raw;   /* as the card answered */
    bool is_tlv;   /* tag, length and exactly so many bytes follow */
    uint8_t tag;   /* where it is TLV */
    oc_span value; /* where it is TLV */
} oc_read_record;

typedef struct oc_read_file {
    const oc_profile_dir *dir;
    const oc_profile_file *file;
    bool in_environment; /* of the SSSE or a directory in it, not of another application */
    oc_sw select;        /* of SELECT by its identifier in its directory */
    bool tried_plain;    /* reading was tried before anything was presented */
    oc_sw plain;         /* what the card said to that */
    bool readable;       /* the records below were read, with or without the PIN */
    bool with_pin;
    bool cut_short; /* reading stopped at another status word than "record not found" */
    oc_sw end;      /* of the read behind the last record */
    oc_read_record *records;
    size_t count;
} oc_read_file;

typedef struct oc_read_dir {
    const oc_profile_dir *dir;
    oc_sw select;
} oc_read_dir;

typedef struct oc_reading {
    oc_arena arena;
    const oc_profile *profile;
    oc_span atr;
    oc_span fci; /* of the SSSE */
    oc_read_dir *dirs;
    size_t dir_count;
    oc_read_file *files; /* of all directories */
    size_t file_count;
    bool pin_tried;
    oc_sw pin; /* answer to VERIFY */
} oc_reading;

/* Resets the card and reads what its structure, as `profile` has it, opens to everybody. An error is the link's: what the
 * card refuses is in the reading. Free *out with oc_reading_free whatever comes of it. */
OC_MUST_USE oc_result oc_reading_take(oc_reading *out, oc_link *link, const oc_profile *profile, oc_diag *diag);

/* Resets the card, presents the PIN (digits) once, and reads what only it opens. */
OC_MUST_USE oc_result oc_reading_with_pin(oc_reading *reading, oc_link *link, const char *digits, oc_diag *diag);
void oc_reading_free(oc_reading *reading);

/* NULL when there is none. */
const oc_read_file *oc_reading_file(const oc_reading *reading, const char *dir, const char *file);
const oc_read_record *oc_reading_record(const oc_reading *reading, const char *dir, const char *file, unsigned tag);
/* The value of a record of the SSSE, or an empty span. */
oc_span oc_reading_value(const oc_reading *reading, const char *file, unsigned tag);

/* 9000 or 61xx. */
bool oc_sw_selected(oc_sw sw);
/* The value without the 00 or FF that fill it up. */
oc_span oc_read_trimmed(oc_span value);

#ifdef __cplusplus
}
#endif
#endif
