/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_TLV_TREE_H
#define OC_REPORTS_HTML_TLV_TREE_H

#include "reports/html/pen.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How data are cut: BER-TLV (ISO/IEC 7816-4, 5.2.2), or the records of card files, one byte tag and one byte length
 * (ssc-card sheet 4.1). */
enum oc_tlv_form { OC_TLV_BER, OC_TLV_RECORD };

/* Adds below `parent` an x:tlv for each data object of `text`, nested: @tag @len, @zh @en what the tag means, the value
 * as it stands in the record in @hex, and in @text what it says in GB18030 where it says something. `text` is hex with
 * references in braces, of which "{16 bytes}" tells its length. Adds nothing unless all of it is TLV. */
void oc_tlv_tree(oc_pen *pen, xmlNode *parent, const char *text, enum oc_tlv_form form);

/* What bytes say as a text, in `out`: false unless they are four or more printable characters of GB18030. `hex` is of
 * `len` characters. */
bool oc_tlv_readable(char *out, size_t room, const char *hex, size_t len);

#ifdef __cplusplus
}
#endif
#endif
