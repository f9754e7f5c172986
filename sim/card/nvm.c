/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/nvm.h"

#include <stdatomic.h>
#include <stdlib.h>

#define NODE_BYTES (OC_NVM_PAGE * OC_NVM_FAN)

struct page {
    atomic_uint owners;
    uint8_t at[OC_NVM_PAGE];
};

struct oc_nvm_node {
    atomic_uint owners;
    struct page *pages[OC_NVM_FAN];
};

static const uint8_t zeros[OC_NVM_PAGE];

static void adopt(atomic_uint *owners)
{
    atomic_fetch_add_explicit(owners, 1, memory_order_relaxed);
}

/* True when the last owner let go. */
static bool release(atomic_uint *owners)
{
    return atomic_fetch_sub_explicit(owners, 1, memory_order_acq_rel) == 1;
}

static bool sole(atomic_uint *owners)
{
    return atomic_load_explicit(owners, memory_order_acquire) == 1;
}

static void page_release(struct page *page)
{
    if (page != NULL && release(&page->owners)) {
        oc_wipe(page->at, sizeof page->at); /* pages hold keys */
        free(page);
    }
}

static void node_release(struct oc_nvm_node *node)
{
    if (node != NULL && release(&node->owners)) {
        for (size_t i = 0; i < OC_NVM_FAN; i++) {
            page_release(node->pages[i]);
        }
        free(node);
    }
}

static size_t node_count(const oc_nvm *nvm)
{
    return nvm->capacity / NODE_BYTES;
}

oc_result oc_nvm_init(oc_nvm *nvm, size_t capacity)
{
    *nvm = (oc_nvm){0};
    if (capacity == 0 || capacity > OC_NVM_CAPACITY_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    size_t count = (capacity + NODE_BYTES - 1) / NODE_BYTES;
    nvm->nodes = calloc(count, sizeof *nvm->nodes);
    if (nvm->nodes == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    nvm->capacity = (uint32_t)(count * NODE_BYTES);
    return oc_ok();
}

void oc_nvm_close(oc_nvm *nvm)
{
    for (size_t i = 0; i < node_count(nvm); i++) {
        node_release(nvm->nodes[i]);
    }
    free(nvm->nodes);
    *nvm = (oc_nvm){0};
}

oc_result oc_nvm_share(oc_nvm *to, const oc_nvm *from)
{
    if (to->capacity != from->capacity) {
        oc_nvm fresh;
        OC_TRY(oc_nvm_init(&fresh, from->capacity));
        oc_nvm_close(to);
        *to = fresh;
    }
    for (size_t i = 0; i < node_count(from); i++) {
        if (from->nodes[i] != NULL) {
            adopt(&from->nodes[i]->owners);
        }
        node_release(to->nodes[i]);
        to->nodes[i] = from->nodes[i];
    }
    return oc_ok();
}

static const uint8_t *page_bytes(const oc_nvm *nvm, uint32_t at)
{
    const struct oc_nvm_node *node = nvm->nodes[at / NODE_BYTES];
    const struct page *page = node == NULL ? NULL : node->pages[at / OC_NVM_PAGE % OC_NVM_FAN];
    return page == NULL ? zeros : page->at;
}

void oc_nvm_read(const oc_nvm *nvm, uint32_t at, void *out, size_t len)
{
    uint8_t *to = out;
    if (at > nvm->capacity || len > nvm->capacity - at) {
        memset(to, 0, len);
        return;
    }
    while (len > 0) {
        size_t off = at % OC_NVM_PAGE;
        size_t n = OC_NVM_PAGE - off < len ? OC_NVM_PAGE - off : len;
        memcpy(to, page_bytes(nvm, at) + off, n);
        at += (uint32_t)n;
        to += n;
        len -= n;
    }
}

const uint8_t *oc_nvm_view(const oc_nvm *nvm, uint32_t at, size_t len)
{
    size_t off = at % OC_NVM_PAGE;
    if (at >= nvm->capacity || len > OC_NVM_PAGE - off) {
        return zeros;
    }
    return page_bytes(nvm, at) + off;
}

/* The node and page that hold `at`, made or copied so that nobody else sees the write. */
static oc_result own_page(oc_nvm *nvm, uint32_t at, struct page **out)
{
    struct oc_nvm_node **node = &nvm->nodes[at / NODE_BYTES];
    if (*node == NULL || !sole(&(*node)->owners)) {
        struct oc_nvm_node *fresh = calloc(1, sizeof *fresh);
        if (fresh == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        atomic_init(&fresh->owners, 1);
        for (size_t i = 0; *node != NULL && i < OC_NVM_FAN; i++) {
            fresh->pages[i] = (*node)->pages[i];
            if (fresh->pages[i] != NULL) {
                adopt(&fresh->pages[i]->owners);
            }
        }
        node_release(*node);
        *node = fresh;
    }
    struct page **page = &(*node)->pages[at / OC_NVM_PAGE % OC_NVM_FAN];
    if (*page == NULL || !sole(&(*page)->owners)) {
        struct page *fresh = malloc(sizeof *fresh);
        if (fresh == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        atomic_init(&fresh->owners, 1);
        memcpy(fresh->at, *page == NULL ? zeros : (*page)->at, OC_NVM_PAGE);
        page_release(*page);
        *page = fresh;
    }
    *out = *page;
    return oc_ok();
}

oc_result oc_nvm_write(oc_nvm *nvm, uint32_t at, oc_span bytes)
{
    if (at > nvm->capacity || bytes.len > nvm->capacity - at) {
        return oc_fail(OC_E_LIMIT);
    }
    while (bytes.len > 0) {
        size_t off = at % OC_NVM_PAGE;
        size_t n = OC_NVM_PAGE - off < bytes.len ? OC_NVM_PAGE - off : bytes.len;
        if (memcmp(page_bytes(nvm, at) + off, bytes.at, n) != 0) {
            struct page *page;
            OC_TRY(own_page(nvm, at, &page));
            memcpy(page->at + off, bytes.at, n);
        }
        at += (uint32_t)n;
        bytes = oc_span_of(bytes.at + n, bytes.len - n);
    }
    return oc_ok();
}

oc_result oc_nvm_fill(oc_nvm *nvm, uint32_t at, uint8_t value, size_t len)
{
    uint8_t block[OC_NVM_PAGE];
    memset(block, value, sizeof block);
    while (len > 0) {
        size_t n = len < sizeof block ? len : sizeof block;
        OC_TRY(oc_nvm_write(nvm, at, oc_span_of(block, n)));
        at += (uint32_t)n;
        len -= n;
    }
    return oc_ok();
}

size_t oc_nvm_own(const oc_nvm *nvm)
{
    size_t bytes = node_count(nvm) * sizeof *nvm->nodes;
    for (size_t i = 0; i < node_count(nvm); i++) {
        struct oc_nvm_node *node = nvm->nodes[i];
        if (node == NULL || !sole(&node->owners)) {
            continue;
        }
        bytes += sizeof *node;
        for (size_t k = 0; k < OC_NVM_FAN; k++) {
            if (node->pages[k] != NULL && sole(&node->pages[k]->owners)) {
                bytes += sizeof *node->pages[k];
            }
        }
    }
    return bytes;
}
