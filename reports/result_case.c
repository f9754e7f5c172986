/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/result_case.h"

#include <stdlib.h>

oc_result_case oc_result_case_of(const xmlNode *node)
{
    const char *repeat = oc_xml_attr(node, "repeat");
    oc_result_case one = {.node = node,
                          .id = oc_xml_attr(node, "id"),
                          .pass = oc_xml_attr(node, "pass"),
                          .repeat = repeat == NULL ? 1 : strtoul(repeat, NULL, 10)};
    (void)oc_report_verdict_parse(oc_xml_attr(node, "verdict"), &one.verdict); /* the reader has looked at it */
    return one;
}
