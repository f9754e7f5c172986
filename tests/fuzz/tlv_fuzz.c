/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of card data: BER-TLV, the card's own record TLV, hex, and GB18030 text. */
#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/base/tlv.h"
#include "tests/fuzz/fuzz.h"

#define DEPTH_MAX 16

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static bool inside(oc_span part, oc_span whole)
{
    return part.len == 0 || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void walk(oc_span data, unsigned depth)
{
    oc_rd rd = oc_rd_of(data);
    oc_tlv tlv;
    while (oc_tlv_next(&rd, &tlv)) {
        FUZZ_DEMAND(inside(tlv.value, data));
        oc_span found;
        FUZZ_DEMAND(!oc_tlv_find(data, tlv.tag, &found) || inside(found, data));
        uint8_t room[512];
        oc_wr wr = oc_wr_of(room, sizeof room);
        oc_tlv_write(&wr, tlv.tag, tlv.value);
        if (!wr.bad) {
            oc_rd again = oc_rd_of(oc_wr_span(&wr));
            oc_tlv same;
            FUZZ_DEMAND(oc_tlv_next(&again, &same) && oc_rd_done(&again));
            FUZZ_DEMAND(same.tag == tlv.tag && oc_span_equal(same.value, tlv.value));
        }
        if (tlv.constructed && depth < DEPTH_MAX) {
            walk(tlv.value, depth + 1);
        }
    }
    FUZZ_DEMAND(rd.bad || rd.rest.len == 0);
}

static void records(oc_span data)
{
    oc_rd rd = oc_rd_of(data);
    oc_tlv tlv;
    size_t sum = 0;
    while (oc_record_tlv_next(&rd, &tlv)) {
        FUZZ_DEMAND(inside(tlv.value, data));
        sum += 2 + tlv.value.len;
    }
    FUZZ_DEMAND(rd.bad || sum == data.len);
}

static void texts(oc_span data)
{
    oc_buf utf8 = {0};
    oc_buf back = {0};
    if (oc_is_ok(oc_text_from_card(&utf8, data))) {
        FUZZ_DEMAND(oc_is_ok(oc_text_to_card(&back, oc_buf_span(&utf8))));
    }
    oc_buf bytes = {0};
    if (oc_is_ok(oc_hex_decode(&bytes, (const char *)data.at, data.len))) {
        FUZZ_DEMAND(bytes.len * 2 <= data.len);
    } else {
        FUZZ_DEMAND(bytes.len == 0);
    }
    oc_buf_free(&bytes);
    oc_buf_free(&back);
    oc_buf_free(&utf8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    oc_span input = oc_span_of(data, size);
    walk(input, 0);
    records(input);
    if (size <= 4096) {
        texts(input);
    }
    return 0;
}
