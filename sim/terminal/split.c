/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/split.h"

#include <stdio.h>

#include "sim/terminal/info.h"

static oc_result split(oc_fields *answer, oc_span rest)
{
    oc_span item;
    for (unsigned i = 1; i <= OC_SPLIT_MAX && oc_info_take(&rest, '|', &item); i++) {
        char name[4];
        snprintf(name, sizeof name, "%u", i);
        bool closes_group = item.len > 0 && item.at[0] == '$';
        OC_TRY(oc_fields_set(answer, name, oc_span_slice(item, closes_group, SIZE_MAX)));
    }
    return oc_ok();
}

oc_result oc_terminal_split(oc_fields *answer)
{
    oc_buf out = {0}; /* of its own: the fields move when one is added */
    OC_TRY(oc_buf_set(&out, oc_fields_span(answer, "out")));
    oc_result r = split(answer, oc_buf_span(&out));
    oc_buf_free(&out);
    return r;
}
