/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_HOST_ASKS_H
#define OC_CONFORMANCE_RUN_HOST_ASKS_H

#include "conformance/dialect/suite.h"

/* Private to the executor: what a case asks of the back-end that only the virtual one has. NULL when any will do, else
 * what it is: a message of this project; another region than the national one, since a back-end under test serves one;
 * the case's own clock, where settlement messages are sent with a time or a msgid of the case, or it advances. */
const char *oc_host_asks_for_ours(const oc_case *subject);

#endif
