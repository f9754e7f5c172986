/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_SPLIT_H
#define OC_TERMINAL_SPLIT_H

#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets the answers "1" to "n" from the answer "out": its items, each closed by '|', in order. A mark inside a GB18030
 * character is none, a '$' before an item (the end of the group before) is left out, and so is text that no '|'
 * closes. At most OC_SPLIT_MAX items; the rest stays in "out" alone. One function for every kind of terminal; without
 * "out" it does nothing. */
#define OC_SPLIT_MAX 40
OC_MUST_USE oc_result oc_terminal_split(oc_fields *answer);

#ifdef __cplusplus
}
#endif
#endif
