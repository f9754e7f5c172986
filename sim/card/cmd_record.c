/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

/* READ, UPDATE (with secure messaging as class 04 too) and APPEND RECORD. Records of variable and fixed files are tag, length, value (ssc-card sheet 4.1);
 * those of cyclic files are raw, the newest is record 1. */
#define MODE_MASK 0x07
#define MODE_TAG 0x00      /* P1 is the record's tag, its first occurrence */
#define MODE_PREVIOUS 0x03 /* a new record in front of a cyclic file */
#define MODE_NUMBER 0x04   /* P1 is the record's number */
#define MODE_FROM 0x05     /* all records from number P1 */
#define ANY_TAG (-1)

typedef struct place {
    uint32_t at;
    size_t len;
} place;

static uint8_t sfi_of(uint8_t p2)
{
    return p2 >> 3;
}

static bool read_parameters(uint8_t p1, uint8_t p2)
{
    (void)p1;
    uint8_t mode = p2 & MODE_MASK;
    return sfi_of(p2) <= OC_FS_SFI_MAX && (mode == MODE_TAG || mode == MODE_NUMBER || mode == MODE_FROM);
}

static bool update_parameters(uint8_t p1, uint8_t p2)
{
    uint8_t mode = p2 & MODE_MASK;
    return sfi_of(p2) <= OC_FS_SFI_MAX &&
           (mode == MODE_TAG || mode == MODE_NUMBER || (mode == MODE_PREVIOUS && p1 == 0));
}

static bool append_parameters(uint8_t p1, uint8_t p2)
{
    return p1 == 0 && sfi_of(p2) <= OC_FS_SFI_MAX && (p2 & MODE_MASK) == 0;
}

/* Record `number` (from 1), or with a tag the first of that tag. */
static bool find_variable(const oc_nvm *nvm, const oc_ef *ef, unsigned number, int tag, place *out)
{
    unsigned n = 0;
    for (uint32_t off = 0; off + 2u <= ef->used;) {
        uint8_t head[2];
        oc_nvm_read(nvm, ef->body + off, head, sizeof head);
        *out = (place){ef->body + off, 2u + head[1]};
        n++;
        if (tag == ANY_TAG ? n == number : tag == head[0]) {
            return true;
        }
        off += (uint32_t)out->len;
    }
    return false;
}

static bool find_fixed(const oc_nvm *nvm, const oc_ef *ef, unsigned number, int tag, place *out)
{
    for (unsigned n = 1; n <= ef->count; n++) {
        *out = (place){ef->body + (n - 1) * ef->record_length, ef->record_length};
        if (tag == ANY_TAG ? n == number : tag == *oc_nvm_view(nvm, out->at, 1)) {
            return true;
        }
    }
    return false;
}

static bool find_cyclic(const oc_ef *ef, unsigned number, int tag, place *out)
{
    if (tag != ANY_TAG || number == 0 || number > ef->count) {
        return false;
    }
    unsigned slot = (ef->newest + ef->records_max - (number - 1u)) % ef->records_max;
    *out = (place){ef->body + slot * ef->record_length, ef->record_length};
    return true;
}

static bool find_record(const oc_nvm *nvm, const oc_ef *ef, unsigned number, int tag, place *out)
{
    switch (ef->kind) {
    case OC_PERSO_FIXED:
        return find_fixed(nvm, ef, number, tag, out);
    case OC_PERSO_CYCLIC:
        return find_cyclic(ef, number, tag, out);
    default:
        return find_variable(nvm, ef, number, tag, out);
    }
}

/* The record file a command means, and the right to use it. */
static oc_sw open_file(oc_card_context *context, bool update, oc_ef *ef)
{
    oc_sw sw = oc_card_ef(context, sfi_of(context->p2), ef);
    if (!oc_sw_ok(sw)) {
        return sw;
    }
    if (ef->kind == OC_PERSO_TRANSPARENT) {
        return oc_sw_of(OC_SW_FILE_STRUCTURE);
    }
    return oc_card_access(context->card, update ? ef->update : ef->read);
}

static oc_result read_record(oc_card_context *context)
{
    oc_ef ef;
    oc_sw sw = open_file(context, false, &ef);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    uint8_t mode = context->p2 & MODE_MASK;
    unsigned number = context->p1;
    place record;
    if (!find_record(context->nvm, &ef, number, mode == MODE_TAG ? context->p1 : ANY_TAG, &record)) {
        return oc_card_answer(context, OC_SW_RECORD_NOT_FOUND);
    }
    oc_card_give(context, record.at, record.len);
    /* As many whole records as one short response can carry (project choice). */
    while (mode == MODE_FROM && find_record(context->nvm, &ef, ++number, ANY_TAG, &record) &&
           record.len <= context->out.room - context->out.len) {
        oc_card_give(context, record.at, record.len);
    }
    return oc_ok();
}

oc_result oc_card_push_record(oc_card_context *context, oc_ef *ef, oc_span record)
{
    if (ef->kind != OC_PERSO_CYCLIC || ef->records_max == 0 || record.len != ef->record_length) {
        return oc_fail(OC_E_INTERNAL);
    }
    unsigned next = ef->count == 0 ? 0 : (ef->newest + 1u) % ef->records_max;
    uint8_t slot = (uint8_t)next;
    /* The record is complete before the file says so. */
    OC_TRY(oc_nvm_write(context->nvm, ef->body + (uint32_t)slot * ef->record_length, record));
    ef->newest = slot;
    if (ef->count < ef->records_max) {
        ef->count++;
    }
    return oc_fs_store_ef_state(context->nvm, ef);
}

static oc_result push(oc_card_context *context, oc_ef *ef)
{
    if (context->body.len != ef->record_length) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    return oc_card_push_record(context, ef, context->body);
}

static oc_result update_record(oc_card_context *context)
{
    oc_ef ef;
    oc_sw sw = open_file(context, true, &ef);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (context->cla == OC_CLA_SECURE) {
        OC_TRY(oc_card_unwrap(context));
        if (!oc_sw_ok(context->sw)) {
            return oc_ok();
        }
    }
    uint8_t mode = context->p2 & MODE_MASK;
    if (ef.kind == OC_PERSO_CYCLIC) {
        /* Both forms that drivers use, 00 DC 00 03 and 00 DC 01 04, write a new record 1 (sheet 7). */
        bool front = mode == MODE_PREVIOUS || (mode == MODE_NUMBER && context->p1 == 1);
        return front ? push(context, &ef) : oc_card_answer(context, OC_SW_FILE_STRUCTURE);
    }
    if (mode == MODE_PREVIOUS) {
        return oc_card_answer(context, OC_SW_FILE_STRUCTURE);
    }
    place record;
    if (!find_record(context->nvm, &ef, context->p1, mode == MODE_TAG ? context->p1 : ANY_TAG, &record)) {
        return oc_card_answer(context, OC_SW_RECORD_NOT_FOUND);
    }
    uint8_t head[2];
    oc_nvm_read(context->nvm, record.at, head, sizeof head);
    if (context->body.len != record.len || memcmp(head, context->body.at, sizeof head) != 0) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    return oc_nvm_write(context->nvm, record.at, context->body);
}

static oc_result append_fixed(oc_card_context *context, oc_ef *ef)
{
    if (context->body.len != ef->record_length) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    if (ef->count >= ef->records_max) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    OC_TRY(oc_nvm_write(context->nvm, ef->body + (uint32_t)ef->count * ef->record_length, context->body));
    ef->count++;
    return oc_fs_store_ef_state(context->nvm, ef);
}

static oc_result append_variable(oc_card_context *context, oc_ef *ef)
{
    oc_span record = context->body;
    if (record.len < 2 || record.at[1] != record.len - 2) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    if (record.len > (size_t)ef->size - ef->used || ef->count == UINT8_MAX ||
        (ef->records_max != 0 && ef->count >= ef->records_max)) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    OC_TRY(oc_nvm_write(context->nvm, ef->body + ef->used, record));
    ef->used = (uint16_t)(ef->used + record.len);
    ef->count++;
    return oc_fs_store_ef_state(context->nvm, ef);
}

static oc_result append_record(oc_card_context *context)
{
    oc_ef ef;
    oc_sw sw = open_file(context, true, &ef);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    switch (ef.kind) {
    case OC_PERSO_CYCLIC:
        return push(context, &ef);
    case OC_PERSO_FIXED:
        return append_fixed(context, &ef);
    default:
        return append_variable(context, &ef);
    }
}

static const oc_card_command commands[] = {
    {0x00, 0xB2, 0x00, 0x00, 0x00, 0x00, read_parameters, OC_FLOW_OUT, 0, 0, OC_LIFE_ANY, read_record},
    {0x00, 0xDC, 0x00, 0x00, 0x00, 0x00, update_parameters, OC_FLOW_IN, 1, OC_LC_ANY, OC_LIFE_ANY | OC_LIFE_CONTACT,
     update_record},
    {0x04, 0xDC, 0x00, 0x00, 0x00, 0x00, update_parameters, OC_FLOW_IN, 5, OC_LC_ANY, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     update_record},
    {0x00, 0xE2, 0x00, 0x00, 0x00, 0x00, append_parameters, OC_FLOW_IN, 1, OC_LC_ANY, OC_LIFE_ANY | OC_LIFE_CONTACT,
     append_record},
};

const oc_card_family oc_card_record_family = {commands, sizeof commands / sizeof commands[0]};
