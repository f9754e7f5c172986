/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_TLV_H
#define OC_BASE_TLV_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* BER-TLV, ISO/IEC 7816-4 5.2.2: tags of up to three bytes, definite lengths of up to three length bytes. */
typedef struct oc_tlv {
    uint32_t tag;     /* 0x6F, 0x9F0C, ... */
    bool constructed; /* bit 6 of the first tag byte */
    oc_span value;    /* inside the parsed span */
} oc_tlv;

/* Takes the next object from the cursor. Sets rd->bad and answers false on anything that is not one; false
 * without rd->bad at the end. */
bool oc_tlv_next(oc_rd *rd, oc_tlv *out);

/* Finds the first object with `tag` at any depth; false when there is none or the data are no TLV. */
bool oc_tlv_find(oc_span data, uint32_t tag, oc_span *value);

/* Writes tag and length in their shortest form, then the value. */
void oc_tlv_write(oc_wr *wr, uint32_t tag, oc_span value);

/* The records of social security card files are simpler: one tag byte, one length byte (00 to FF), value
 * (ssc-card 4.1). Same contract as oc_tlv_next. */
bool oc_record_tlv_next(oc_rd *rd, oc_tlv *out);

#ifdef __cplusplus
}
#endif
#endif
