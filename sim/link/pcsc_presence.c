/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/pcsc_list.h"
#include "sim/link/transports.h"

oc_result oc_pcsc_presence(const char *reader, bool *present, oc_diag *diag)
{
    oc_pcsc_readers readers;
    const oc_pcsc_reader *found;
    *present = false;
    OC_TRY(oc_pcsc_list(&readers, diag));
    OC_TRY(oc_pcsc_list_find(&found, &readers, reader, diag));
    *present = found->present;
    return oc_ok();
}
