/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/keys/psam_apdu.h"

static const uint8_t sm4_name[] = {0x73, 0x78, 0x33, 0x2E, 0x73, 0x68, 0x2E, 0xC9,
                                   0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};
static const uint8_t application[] = {0xD1, 0x56, 0x00, 0x00, 0x05, 0x90};

const oc_span oc_psam_sm4_environment = {sm4_name, sizeof sm4_name};
const oc_span oc_psam_application = {application, sizeof application};

oc_apdu oc_psam_init_descrypt_apdu(uint8_t usage, uint8_t psam_id, const uint8_t *const factors[3], oc_span input,
                                   size_t block, uint8_t room[OC_PSAM_INIT_MAX])
{
    oc_wr wr = oc_wr_of(room, OC_PSAM_INIT_MAX);
    for (unsigned level = 0; level < oc_psam_levels(usage) && level < 3; level++) {
        oc_wr_bytes(&wr, oc_span_of(factors[level], 8));
    }
    oc_wr_bytes(&wr, oc_span_slice(input, 0, block));
    oc_wr_fill(&wr, 0x00, block - (input.len < block ? input.len : block));
    return (oc_apdu){.cla = 0xBF, .ins = 0xDE, .p1 = usage, .p2 = psam_id, .data = oc_wr_span(&wr)};
}
