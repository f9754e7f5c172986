/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/nvm_cells.h"

/* The log: number of copies(1), then the copies one after the other: address(4) length(2) bytes. */
#define COUNT_AT 0
#define FIRST 1
#define HEAD 6

static oc_result store_count(oc_nvm *nvm, uint8_t count)
{
    OC_TRY(oc_nvm_store(nvm, nvm->capacity + COUNT_AT, oc_span_of(&count, 1)));
    nvm->log_count = count;
    return oc_ok();
}

oc_result oc_nvm_log(oc_nvm *nvm, uint32_t at, oc_span there)
{
    size_t len = HEAD + there.len;
    if (nvm->log_count == UINT8_MAX || len > OC_NVM_LOG - FIRST - nvm->log_used) {
        return oc_fail(OC_E_LIMIT);
    }
    uint8_t copy[HEAD + OC_NVM_PAGE];
    oc_wr wr = oc_wr_of(copy, sizeof copy);
    oc_wr_u32(&wr, at);
    oc_wr_u16(&wr, (uint16_t)there.len);
    oc_wr_bytes(&wr, there);
    OC_TRY(oc_nvm_store(nvm, nvm->capacity + FIRST + nvm->log_used, oc_wr_span(&wr)));
    nvm->log_used = (uint16_t)(nvm->log_used + len);
    return store_count(nvm, (uint8_t)(nvm->log_count + 1));
}

oc_result oc_nvm_commit(oc_nvm *nvm)
{
    if (nvm->log_count == 0) {
        return oc_ok();
    }
    OC_TRY(store_count(nvm, 0));
    nvm->log_used = 0;
    return oc_ok();
}

static oc_result put_back(oc_nvm *nvm, uint32_t copy_at)
{
    uint8_t copy[HEAD + OC_NVM_PAGE];
    oc_nvm_load(nvm, copy_at, copy, HEAD);
    oc_rd rd = oc_rd_of(oc_span_of(copy, HEAD));
    uint32_t at = oc_rd_u32(&rd);
    uint16_t len = oc_rd_u16(&rd);
    if (len > OC_NVM_PAGE || at >= nvm->capacity || len > nvm->capacity - at) {
        return oc_fail(OC_E_INTERNAL);
    }
    oc_nvm_load(nvm, copy_at + HEAD, copy + HEAD, len);
    return oc_nvm_store(nvm, at, oc_span_of(copy + HEAD, len));
}

oc_result oc_nvm_rollback(oc_nvm *nvm)
{
    uint8_t count;
    oc_nvm_load(nvm, nvm->capacity + COUNT_AT, &count, 1);
    uint32_t copies[UINT8_MAX];
    uint32_t next = FIRST;
    for (unsigned i = 0; i < count; i++) {
        if (next > OC_NVM_LOG - HEAD) {
            return oc_fail(OC_E_INTERNAL);
        }
        copies[i] = nvm->capacity + next;
        uint8_t len[2];
        oc_nvm_load(nvm, copies[i] + HEAD - 2, len, sizeof len);
        next += HEAD + ((uint32_t)len[0] << 8 | len[1]);
        if (next > OC_NVM_LOG) {
            return oc_fail(OC_E_INTERNAL);
        }
    }
    for (unsigned i = count; i > 0; i--) {
        OC_TRY(put_back(nvm, copies[i - 1]));
    }
    nvm->log_count = count;
    return oc_nvm_commit(nvm);
}

oc_result oc_nvm_power_up(oc_nvm *nvm)
{
    nvm->torn = false;
    OC_TRY(oc_nvm_rollback(nvm));
    oc_nvm_erase_log(nvm);
    return oc_ok();
}

void oc_nvm_tear_after(oc_nvm *nvm, uint64_t bytes)
{
    nvm->tear_at = bytes == OC_NVM_NO_TEAR ? OC_NVM_NO_TEAR : nvm->written + bytes;
}
