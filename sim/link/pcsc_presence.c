/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/pcsc_list.h"
#include "sim/link/transports.h"

oc_result oc_pcsc_presence(const char *reader, bool *present, oc_diag *diag)
{
    oc_pcsc_reader found;
    *present = false;
    OC_TRY(oc_pcsc_look(&found, reader, diag));
    *present = found.present;
    return oc_ok();
}
