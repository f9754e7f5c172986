/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_ENTRY_OUT_H
#define OC_CONFORMANCE_RECORD_ENTRY_OUT_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a journal entry: XML on one line, byte for byte what libxml2's xmlTextWriter makes without an encoding when each
 * line feed of a text is given as &#10;. Every case is written so while others are measured, and that writer, new for
 * each entry, took most of the time. Texts are UTF-8 that XML carries (visible.h). A failure stays. */
#define OC_ENTRY_DEPTH_MAX 16

typedef struct oc_entry_out {
    oc_buf *to;
    const char *open[OC_ENTRY_DEPTH_MAX]; /* borrowed names of the open elements */
    size_t depth;
    bool in_tag; /* attributes may follow */
    bool bad;
} oc_entry_out;

/* Whether nothing of the text must be written otherwise, wherever it stands, nor shown otherwise (visible.h): printed
 * ASCII without markup, as nearly all is. Texts of other kinds may be told to be none. */
bool oc_entry_is_plain(oc_span text);

void oc_entry_open(oc_entry_out *out, const char *element);
void oc_entry_attribute(oc_entry_out *out, const char *name, oc_span value);
/* The same for a plain value, and a whole element of no more than a plain text. */
void oc_entry_plain_attribute(oc_entry_out *out, const char *name, oc_span value);
void oc_entry_plain_element(oc_entry_out *out, const char *element, oc_span text);
void oc_entry_text(oc_entry_out *out, oc_span text);
void oc_entry_raw(oc_entry_out *out, oc_span xml);
void oc_entry_close(oc_entry_out *out);

#ifdef __cplusplus
}
#endif
#endif
