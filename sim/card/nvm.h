/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_NVM_H
#define OC_CARD_NVM_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Non-volatile memory of one chip: one address space in reference-counted pages that are copied when written.
 * Cards made from one image share every page that neither has changed; pages that are all zeros are not stored.
 * Counts are atomic: cards that share pages may run in different threads.
 *
 * Writing is transactional, and survives the loss of power after any byte. What a write replaces is first copied to a
 * log in the same memory; the log's length byte then says that the copy is whole, and only then the bytes change.
 * oc_nvm_commit empties the log with one byte. Until then oc_nvm_rollback, or the next oc_nvm_power_up, puts back
 * what was there, newest first; putting back twice gives the same, so that recovery may lose power as well.
 * One byte is written as a whole or not at all (project choice: pages of real chips are written in bigger units, and
 * are as atomic or less so). */
#define OC_NVM_PAGE 128u /* bytes */
#define OC_NVM_FAN 32u   /* pages that one inner node holds */
#define OC_NVM_CAPACITY_MAX ((size_t)1024 * 1024)
#define OC_NVM_NO_TEAR UINT64_MAX

typedef struct oc_nvm {
    uint32_t capacity; /* bytes, a multiple of OC_NVM_PAGE * OC_NVM_FAN; the log lies behind them */
    uint16_t log_used; /* bytes of the log that hold copies */
    uint8_t log_count; /* copies */
    bool torn;         /* power is gone: nothing is written until oc_nvm_power_up */
    uint64_t written;  /* bytes written to the cells since the chip was made, the log's too */
    uint64_t tear_at;  /* value of `written` at which power fails, or OC_NVM_NO_TEAR */
    struct oc_nvm_node **nodes;
} oc_nvm;

/* All zeros. `capacity` is rounded up; LIMIT past OC_NVM_CAPACITY_MAX. */
OC_MUST_USE oc_result oc_nvm_init(oc_nvm *nvm, size_t capacity);
void oc_nvm_close(oc_nvm *nvm);

/* Makes `to` (zero or initialised) the same as `from`, sharing all pages but those of the log: `from` has nothing to
 * commit. */
OC_MUST_USE oc_result oc_nvm_share(oc_nvm *to, const oc_nvm *from);

/* Reading past the end yields zeros, as with oc_rd. */
void oc_nvm_read(const oc_nvm *nvm, uint32_t at, void *out, size_t len);
/* The page's own bytes, valid until the next write. What is looked at must not cross a page; zeros otherwise. */
const uint8_t *oc_nvm_view(const oc_nvm *nvm, uint32_t at, size_t len);

/* Bytes that are there already are not written, and keep their page shared. LIMIT past the end, or when one
 * transaction changes more than the log can hold; GONE when power failed on the way, and from then on. */
OC_MUST_USE oc_result oc_nvm_write(oc_nvm *nvm, uint32_t at, oc_span bytes);
/* Without a copy in the log, for space that nothing refers to before the transaction is committed. */
OC_MUST_USE oc_result oc_nvm_fill_new(oc_nvm *nvm, uint32_t at, uint8_t value, size_t len);

OC_MUST_USE oc_result oc_nvm_commit(oc_nvm *nvm);
OC_MUST_USE oc_result oc_nvm_rollback(oc_nvm *nvm);
/* Power is back: undoes what was not committed and erases the log. GONE when power fails in it. */
OC_MUST_USE oc_result oc_nvm_power_up(oc_nvm *nvm);
/* Power will fail when `bytes` more have been written. */
void oc_nvm_tear_after(oc_nvm *nvm, uint64_t bytes);

/* Shares with `from` the pages that are the same. */
void oc_nvm_share_equal(oc_nvm *to, const oc_nvm *from);

/* The same bytes, the log apart. */
bool oc_nvm_equal(const oc_nvm *a, const oc_nvm *b);

/* Bytes of process memory that nobody else shares. */
size_t oc_nvm_own(const oc_nvm *nvm);

#ifdef __cplusplus
}
#endif
#endif
