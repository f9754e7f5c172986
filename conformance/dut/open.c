/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/open.h"

#define SOFT_CARD_WAIT_MS 10000

oc_result oc_spec_open(oc_link **out, const oc_spec *spec, oc_diag *diag)
{
    *out = NULL;
    switch (spec->kind) {
    case OC_SPEC_PCSC:
        return oc_link_pcsc(out, spec->detail, diag);
    case OC_SPEC_EXEC:
        return oc_link_exec(out, spec->detail, diag);
    case OC_SPEC_VPCD:
        return oc_link_vpcd(out, spec->port, SOFT_CARD_WAIT_MS, diag);
    case OC_SPEC_VIRTUAL:
    case OC_SPEC_NONE:
        break;
    }
    return oc_diag_fail(diag, OC_E_USAGE,
                        "a card that is not simulated is needed: pcsc:READER, exec:COMMAND, vpcd:PORT");
}
