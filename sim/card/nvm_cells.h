/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_NVM_CELLS_H
#define OC_CARD_NVM_CELLS_H

#include "sim/card/nvm.h"

/* Between the memory's pages (nvm.c) and its transactions (nvm_log.c). Addresses from nvm->capacity on are the log's;
 * the callers keep within it. */

#define OC_NVM_LOG (OC_NVM_PAGE * OC_NVM_FAN) /* bytes */

void oc_nvm_load(const oc_nvm *nvm, uint32_t at, void *out, size_t len);
/* To the cells, without a copy in the log. GONE when power fails on the way. */
OC_MUST_USE oc_result oc_nvm_store(oc_nvm *nvm, uint32_t at, oc_span bytes);

/* Copies to the log what lies at `at` and is about to change. */
OC_MUST_USE oc_result oc_nvm_log(oc_nvm *nvm, uint32_t at, oc_span there);
/* Erased cells are not stored. */
void oc_nvm_erase_log(oc_nvm *nvm);

#endif
