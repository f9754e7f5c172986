/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_NVM_H
#define OC_CARD_NVM_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Non-volatile memory of one chip: one address space in reference-counted pages that are copied when written.
 * Cards made from one image share every page that neither has changed; pages that are all zeros are not stored.
 * Counts are atomic: cards that share pages may run in different threads. */
#define OC_NVM_PAGE 256u /* bytes */
#define OC_NVM_FAN 16u   /* pages that one inner node holds */
#define OC_NVM_CAPACITY_MAX ((size_t)1024 * 1024)

typedef struct oc_nvm {
    uint32_t capacity; /* bytes, a multiple of OC_NVM_PAGE * OC_NVM_FAN */
    struct oc_nvm_node **nodes;
} oc_nvm;

/* All zeros. `capacity` is rounded up; LIMIT past OC_NVM_CAPACITY_MAX. */
OC_MUST_USE oc_result oc_nvm_init(oc_nvm *nvm, size_t capacity);
void oc_nvm_close(oc_nvm *nvm);

/* Makes `to` (zero or initialised) the same as `from`, sharing all pages. */
OC_MUST_USE oc_result oc_nvm_share(oc_nvm *to, const oc_nvm *from);

/* Reading past the end yields zeros, as with oc_rd. */
void oc_nvm_read(const oc_nvm *nvm, uint32_t at, void *out, size_t len);
/* The page's own bytes, valid until the next write. What is looked at must not cross a page; zeros otherwise. */
const uint8_t *oc_nvm_view(const oc_nvm *nvm, uint32_t at, size_t len);

/* Bytes that are there already are not written, and keep their page shared. LIMIT past the end. */
OC_MUST_USE oc_result oc_nvm_write(oc_nvm *nvm, uint32_t at, oc_span bytes);
OC_MUST_USE oc_result oc_nvm_fill(oc_nvm *nvm, uint32_t at, uint8_t value, size_t len);

/* Bytes of process memory that nobody else shares. */
size_t oc_nvm_own(const oc_nvm *nvm);

#ifdef __cplusplus
}
#endif
#endif
