/* SPDX-License-Identifier: Apache-2.0 */
/* Step2 of reading and writing: the files of Step1, whose directory is selected and whose key has passed. */
#include "sim/terminal/file_items.h"
#include "sim/terminal/hsm_side.h"

static oc_span files(const struct oc_call *call)
{
    return oc_fields_span(&call->session->kept, "file-addr");
}

oc_result oc_step_hsm_read_files(struct oc_call *call)
{
    return oc_file_read_groups(call, files(call), false, call->session->hsm_key->fid);
}

oc_result oc_step_hsm_make_data(struct oc_call *call)
{
    const struct oc_file_writing writing = {.addresses = files(call)};
    return oc_file_write_groups(call, &writing);
}

oc_result oc_step_hsm_write_files(struct oc_call *call)
{
    const struct oc_file_writing writing = {
        .addresses = files(call), .send = true, .is_open = true, .current = call->session->hsm_key->fid};
    return oc_file_write_groups(call, &writing);
}
