/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_OPERATOR_ORDER_H
#define OC_CONFORMANCE_RUN_OPERATOR_ORDER_H

#include "conformance/dialect/suite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The order in which a person at a terminal has least to change from one case to the next (project choice): by what
 * happens to the card (it stays; a fault takes it away; it is taken out; another one comes), then by what is typed on
 * the key pad (fewest entries first, the same ones one after the other), then by the first function called, in the
 * order of sim/terminal/functions.h. Cases alike in all that stay in their order. Negatives are not looked at: they go
 * with their positive case. */
OC_MUST_USE oc_result oc_operator_order(const oc_case **units, size_t count);

#ifdef __cplusplus
}
#endif
#endif
