/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_JSON_H
#define OC_CONFORMANCE_DRIVER_HOST_JSON_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The JSON of the line protocol (RFC 8259), no more than that needs: objects and lists up to OC_DH_DEPTH deep, whole
 * numbers, and texts without U+0000. This program has no library but C's, so that it is built for any system. */
#define OC_DH_VALUES 256
#define OC_DH_DEPTH 3

enum oc_dh_kind { OC_DH_NULL, OC_DH_BOOL, OC_DH_NUMBER, OC_DH_TEXT, OC_DH_LIST, OC_DH_OBJECT };

typedef struct oc_dh_value {
    enum oc_dh_kind kind;
    const char *name; /* of a member; NULL in lists and for the whole */
    const char *text; /* UTF-8, NUL-terminated; "" for other kinds */
    long long number; /* also of a bool */
    unsigned parent;  /* index of the list or object; 0 for the whole, which is its own parent */
} oc_dh_value;

typedef struct oc_dh_json {
    oc_dh_value at[OC_DH_VALUES]; /* at[0] is the whole, always an object */
    unsigned count;
} oc_dh_json;

/* Reads one object. `line` (`len` bytes, and one more that may be written) is changed: texts are decoded in it and
 * borrowed from it. False for anything else than such an object; *why then is a sentence, static. */
bool oc_dh_json_read(oc_dh_json *out, char *line, size_t len, const char **why);

/* The member `name` of the object at[parent]; NULL when there is none. */
const oc_dh_value *oc_dh_json_member(const oc_dh_json *json, unsigned parent, const char *name);
/* The child of at[parent] behind `after` (NULL: the first); NULL at the end. */
const oc_dh_value *oc_dh_json_next(const oc_dh_json *json, unsigned parent, const oc_dh_value *after);
unsigned oc_dh_json_index(const oc_dh_json *json, const oc_dh_value *value);

/* Writes one object with flat members into a fixed room. Once it is full, `bad` stays set. */
typedef struct oc_dh_out {
    char *at;
    size_t room;
    size_t len;
    bool bad;
    bool comma; /* a value stands before */
} oc_dh_out;

/* "{"; `room` at least 4. */
void oc_dh_out_begin(oc_dh_out *out, char *at, size_t room);
void oc_dh_out_number(oc_dh_out *out, const char *name, long long number);
/* `text` in any encoding: bytes of 80 and above that are no UTF-8 become '?'. NULL stands for "". */
void oc_dh_out_text(oc_dh_out *out, const char *name, const char *text);
void oc_dh_out_hex(oc_dh_out *out, const char *name, const unsigned char *bytes, size_t len);
void oc_dh_out_list(oc_dh_out *out, const char *name);
/* With name NULL, oc_dh_out_text adds to the list. */
void oc_dh_out_list_end(oc_dh_out *out);
/* The members that follow stand in an object of that name. */
void oc_dh_out_object(oc_dh_out *out, const char *name);
void oc_dh_out_object_end(oc_dh_out *out);
/* "}" and LF. */
void oc_dh_out_end(oc_dh_out *out);

#ifdef __cplusplus
}
#endif
#endif
