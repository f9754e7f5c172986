/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

/* READ and UPDATE BINARY, the latter with secure messaging as class 04 too. P1 with bit 8: its low five bits are an SFI and P2 the offset; else P1 P2 are the offset
 * in the current EF. */
static bool parameters(uint8_t p1, uint8_t p2)
{
    (void)p2;
    return (p1 & 0x80) == 0 || ((p1 & 0x60) == 0 && (p1 & 0x1F) != 0 && (p1 & 0x1F) <= OC_FS_SFI_MAX);
}

static oc_sw open_file(oc_card_context *context, bool update, oc_ef *ef, size_t *offset)
{
    bool by_sfi = (context->p1 & 0x80) != 0;
    oc_sw sw = oc_card_ef(context, by_sfi ? context->p1 & 0x1F : 0, ef);
    if (!oc_sw_ok(sw)) {
        return sw;
    }
    if (ef->kind != OC_PERSO_TRANSPARENT) {
        return oc_sw_of(OC_SW_FILE_STRUCTURE);
    }
    sw = oc_card_access(context->card, update ? ef->update : ef->read);
    *offset = by_sfi ? context->p2 : (size_t)context->p1 << 8 | context->p2;
    if (oc_sw_ok(sw) && *offset >= ef->size) {
        sw = oc_sw_of(OC_SW_WRONG_OFFSET);
    }
    return sw;
}

/* Past the end of the file the answer is 6Cxx with what is left. */
static oc_result read_binary(oc_card_context *context)
{
    oc_ef ef;
    size_t offset;
    oc_sw sw = open_file(context, false, &ef, &offset);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    size_t wanted = context->le < context->out.room ? context->le : context->out.room;
    size_t left = ef.size - offset;
    oc_card_give(context, ef.body + (uint32_t)offset, wanted < left ? wanted : left);
    return oc_ok();
}

static oc_result update_binary(oc_card_context *context)
{
    oc_ef ef;
    size_t offset;
    oc_sw sw = open_file(context, true, &ef, &offset);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (context->cla == OC_CLA_SECURE) {
        OC_TRY(oc_card_unwrap(context));
        if (!oc_sw_ok(context->sw)) {
            return oc_ok();
        }
    }
    if (context->body.len > ef.size - offset) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    return oc_nvm_write(context->nvm, ef.body + (uint32_t)offset, context->body);
}

static const oc_card_command commands[] = {
    {0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, parameters, OC_FLOW_OUT, 0, 0, OC_LIFE_ANY, read_binary},
    {0x00, 0xD6, 0x00, 0x00, 0x00, 0x00, parameters, OC_FLOW_IN, 1, OC_LC_ANY, OC_LIFE_ANY | OC_LIFE_CONTACT,
     update_binary},
    {0x04, 0xD6, 0x00, 0x00, 0x00, 0x00, parameters, OC_FLOW_IN, 5, OC_LC_ANY, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     update_binary},
};

const oc_card_family oc_card_binary_family = {commands, sizeof commands / sizeof commands[0]};
