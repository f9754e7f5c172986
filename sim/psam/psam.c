/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/psam/psam_internal.h"

#define DESCRYPT_MIN 8  /* no factor, one 3DES block */
#define DESCRYPT_MAX 40 /* three factors, one SM4 block */

/* Encipher 00, with more to follow 02; MAC 01, 03; MAC with ICV 05, 07. */
static bool crypt_parameters(uint8_t p1, uint8_t p2)
{
    return p2 == 0 && (p1 <= 0x03 || p1 == 0x05 || p1 == 0x07);
}

/* At most three levels: card, city, province; kinds 0 to 8. */
static bool usage_parameters(uint8_t p1, uint8_t p2)
{
    (void)p2;
    return p1 >> 5 <= OC_PSAM_FACTORS_MAX && (p1 & OC_PSAM_KIND_MASK) <= OC_PSAM_KIND_LAST;
}

static void forget(void *state)
{
    oc_wipe(state, sizeof(oc_psam_state));
}

static const oc_card_command commands[] = {
    {0xBF, 0xDE, 0x00, 0x00, 0x00, 0x00, usage_parameters, OC_FLOW_IN, DESCRYPT_MIN, DESCRYPT_MAX, OC_LIFE_ISSUED,
     oc_psam_init_descrypt},
    {0x80, 0xFA, 0x00, 0x00, 0x00, 0x00, crypt_parameters, OC_FLOW_IN, 8, 255, OC_LIFE_ISSUED, oc_psam_descrypt},
    {0x80, 0x70, 0x01, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0x24, 0x2C, OC_LIFE_ISSUED, oc_psam_init_purchase},
    {0x80, 0x72, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0x04, 0x04, OC_LIFE_ISSUED, oc_psam_credit_purchase},
};

const oc_card_app oc_psam_app = {
    .name = "psam",
    .commands = commands,
    .command_count = sizeof commands / sizeof commands[0],
    .state_size = sizeof(oc_psam_state),
    .on_select = forget,
};
