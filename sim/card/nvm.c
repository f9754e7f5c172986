/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/nvm_cells.h"

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

/* The last node is the log's. */
static size_t node_count(const oc_nvm *nvm)
{
    return nvm->nodes == NULL ? 0 : nvm->capacity / NODE_BYTES + 1;
}

oc_result oc_nvm_init(oc_nvm *nvm, size_t capacity)
{
    *nvm = (oc_nvm){0};
    if (capacity == 0 || capacity > OC_NVM_CAPACITY_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    size_t count = (capacity + NODE_BYTES - 1) / NODE_BYTES;
    nvm->nodes = calloc(count + 1, sizeof *nvm->nodes);
    if (nvm->nodes == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    nvm->capacity = (uint32_t)(count * NODE_BYTES);
    nvm->tear_at = OC_NVM_NO_TEAR;
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
    size_t log = node_count(from) - 1;
    for (size_t i = 0; i < log; i++) {
        if (from->nodes[i] != NULL) {
            adopt(&from->nodes[i]->owners);
        }
        node_release(to->nodes[i]);
        to->nodes[i] = from->nodes[i];
    }
    oc_nvm_erase_log(to);
    return oc_ok();
}

void oc_nvm_erase_log(oc_nvm *nvm)
{
    struct oc_nvm_node **log = &nvm->nodes[node_count(nvm) - 1];
    node_release(*log);
    *log = NULL;
    nvm->log_used = 0;
    nvm->log_count = 0;
}

static const uint8_t *page_bytes(const oc_nvm *nvm, uint32_t at)
{
    const struct oc_nvm_node *node = nvm->nodes[at / NODE_BYTES];
    const struct page *page = node == NULL ? NULL : node->pages[at / OC_NVM_PAGE % OC_NVM_FAN];
    return page == NULL ? zeros : page->at;
}

void oc_nvm_read(const oc_nvm *nvm, uint32_t at, void *out, size_t len)
{
    if (at > nvm->capacity || len > nvm->capacity - at) {
        memset(out, 0, len);
        return;
    }
    oc_nvm_load(nvm, at, out, len);
}

void oc_nvm_load(const oc_nvm *nvm, uint32_t at, void *out, size_t len)
{
    uint8_t *to = out;
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

/* As many bytes as power lasts for. */
static size_t affordable(const oc_nvm *nvm, size_t len)
{
    uint64_t left = nvm->tear_at - nvm->written;
    return nvm->tear_at == OC_NVM_NO_TEAR || left >= len ? len : (size_t)left;
}

static oc_result store_in_page(oc_nvm *nvm, uint32_t at, oc_span bytes)
{
    size_t n = affordable(nvm, bytes.len);
    if (n > 0) {
        struct page *page;
        OC_TRY(own_page(nvm, at, &page));
        memcpy(page->at + at % OC_NVM_PAGE, bytes.at, n);
        nvm->written += n;
    }
    if (n < bytes.len) {
        nvm->torn = true;
        nvm->tear_at = OC_NVM_NO_TEAR;
        return oc_fail(OC_E_GONE);
    }
    return oc_ok();
}

oc_result oc_nvm_store(oc_nvm *nvm, uint32_t at, oc_span bytes)
{
    if (nvm->torn) {
        return oc_fail(OC_E_GONE);
    }
    while (bytes.len > 0) {
        size_t left = OC_NVM_PAGE - at % OC_NVM_PAGE;
        oc_span part = oc_span_slice(bytes, 0, left);
        if (memcmp(page_bytes(nvm, at) + at % OC_NVM_PAGE, part.at, part.len) != 0) {
            OC_TRY(store_in_page(nvm, at, part));
        }
        at += (uint32_t)part.len;
        bytes = oc_span_slice(bytes, part.len, bytes.len);
    }
    return oc_ok();
}

oc_result oc_nvm_write(oc_nvm *nvm, uint32_t at, oc_span bytes)
{
    if (at > nvm->capacity || bytes.len > nvm->capacity - at) {
        return oc_fail(OC_E_LIMIT);
    }
    if (nvm->torn) {
        return oc_fail(OC_E_GONE);
    }
    while (bytes.len > 0) {
        size_t left = OC_NVM_PAGE - at % OC_NVM_PAGE;
        oc_span part = oc_span_slice(bytes, 0, left);
        const uint8_t *there = page_bytes(nvm, at) + at % OC_NVM_PAGE;
        if (memcmp(there, part.at, part.len) != 0) {
            OC_TRY(oc_nvm_log(nvm, at, oc_span_of(there, part.len)));
            OC_TRY(store_in_page(nvm, at, part));
        }
        at += (uint32_t)part.len;
        bytes = oc_span_slice(bytes, part.len, bytes.len);
    }
    return oc_ok();
}

oc_result oc_nvm_fill_new(oc_nvm *nvm, uint32_t at, uint8_t value, size_t len)
{
    if (at > nvm->capacity || len > nvm->capacity - at) {
        return oc_fail(OC_E_LIMIT);
    }
    uint8_t block[OC_NVM_PAGE];
    memset(block, value, sizeof block);
    while (len > 0) {
        size_t n = len < sizeof block ? len : sizeof block;
        OC_TRY(oc_nvm_store(nvm, at, oc_span_of(block, n)));
        at += (uint32_t)n;
        len -= n;
    }
    return oc_ok();
}

static void share_pages(struct oc_nvm_node *to, const struct oc_nvm_node *from)
{
    for (size_t i = 0; i < OC_NVM_FAN; i++) {
        struct page *own = to->pages[i];
        struct page *other = from->pages[i];
        if (own != other && own != NULL && other != NULL && memcmp(own->at, other->at, OC_NVM_PAGE) == 0) {
            adopt(&other->owners);
            to->pages[i] = other;
            page_release(own);
        }
    }
}

static bool same_pages(const struct oc_nvm_node *a, const struct oc_nvm_node *b)
{
    return memcmp(a->pages, b->pages, sizeof a->pages) == 0;
}

void oc_nvm_share_equal(oc_nvm *to, const oc_nvm *from)
{
    for (size_t i = 0; to->capacity == from->capacity && i + 1 < node_count(to); i++) {
        struct oc_nvm_node *own = to->nodes[i];
        struct oc_nvm_node *other = from->nodes[i];
        if (own == other || own == NULL || other == NULL || !sole(&own->owners)) {
            continue;
        }
        share_pages(own, other);
        if (same_pages(own, other)) {
            adopt(&other->owners);
            to->nodes[i] = other;
            node_release(own);
        }
    }
}

bool oc_nvm_equal(const oc_nvm *a, const oc_nvm *b)
{
    if (a->capacity != b->capacity) {
        return false;
    }
    for (uint32_t at = 0; at < a->capacity; at += OC_NVM_PAGE) {
        const uint8_t *left = page_bytes(a, at);
        const uint8_t *right = page_bytes(b, at);
        if (left != right && memcmp(left, right, OC_NVM_PAGE) != 0) {
            return false;
        }
    }
    return true;
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
