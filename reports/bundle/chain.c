/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/chain.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/xml.h"

#define FORM "onecard-chain-2"
#define LINK_BYTES 32
#define ATTRIBUTES_MAX 64
#define DEPTH_MAX 9
/* So many bytes of a case wait at most for the digest, but for one element. */
#define WAITING_MAX ((size_t)64 * 1024)

struct attribute {
    size_t name; /* offset into `bytes` */
    size_t len;  /* of name, zero, value, zero */
};

struct oc_chain {
    EVP_MD *digest;
    EVP_MD_CTX *context;                         /* what of the case was digested */
    EVP_MD_CTX *so_far;                          /* scratch: its copy, ended */
    oc_buf bytes;                                /* what of the case was not digested yet */
    oc_buf sorted;                               /* scratch */
    struct attribute attributes[ATTRIBUTES_MAX]; /* of the open element */
    size_t attribute_count;
    size_t text;         /* where its text begins */
    bool has_attributes; /* they may still come */
    bool is_sorted;      /* those so far */
    bool is_pending;     /* text may still come */
    unsigned depth;      /* open elements */
    bool bad;
};

oc_result oc_chain_new(oc_chain **out)
{
    oc_chain *chain = calloc(1, sizeof *chain);
    *out = chain;
    if (chain == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    chain->digest = EVP_MD_fetch(NULL, "SHA256", NULL);
    chain->context = EVP_MD_CTX_new();
    chain->so_far = EVP_MD_CTX_new();
    if (chain->digest == NULL || chain->context == NULL || chain->so_far == NULL) {
        oc_chain_free(out);
        return oc_fail(OC_E_CRYPTO);
    }
    return oc_ok();
}

void oc_chain_free(oc_chain **chain)
{
    if (*chain == NULL) {
        return;
    }
    oc_buf_free(&(*chain)->bytes);
    oc_buf_free(&(*chain)->sorted);
    EVP_MD_CTX_free((*chain)->context);
    EVP_MD_CTX_free((*chain)->so_far);
    EVP_MD_free((*chain)->digest);
    free(*chain);
    *chain = NULL;
}

/* `more` bytes at the end, to be filled by the caller; NULL when memory is out. */
static uint8_t *grow(oc_chain *chain, size_t more)
{
    oc_buf *bytes = &chain->bytes;
    if (more > bytes->room - bytes->len && !oc_is_ok(oc_buf_reserve(bytes, bytes->len + more))) {
        chain->bad = true;
        return NULL;
    }
    uint8_t *at = bytes->at + bytes->len;
    bytes->len += more;
    return at;
}

static void put_byte(oc_chain *chain, uint8_t byte)
{
    uint8_t *at = grow(chain, 1);
    if (at != NULL) {
        *at = byte;
    }
}

/* With the closing zero. */
static void put_text(oc_chain *chain, const char *text)
{
    const char *known = text == NULL ? "" : text;
    size_t len = strlen(known) + 1;
    uint8_t *at = grow(chain, len);
    if (at != NULL) {
        memcpy(at, known, len);
    }
}

void oc_chain_begin(oc_chain *chain, const oc_chain_seed *seed)
{
    const char *const texts[] = {FORM,         seed->run_id, seed->plan,   seed->declaration,
                                 seed->driver, seed->pass,   seed->case_id};
    chain->is_pending = false;
    chain->depth = 0;
    chain->bad = EVP_DigestInit_ex2(chain->context, chain->digest, NULL) != 1;
    oc_buf_clear(&chain->bytes);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put_text(chain, texts[i]);
    }
    if (seed->challenge != NULL && seed->challenge[0] != '\0') {
        put_text(chain, seed->challenge);
    }
}

/* Few, and mostly in order already. */
static void sort_attributes(oc_chain *chain)
{
    struct attribute *attributes = chain->attributes;
    const char *text = (const char *)chain->bytes.at;
    size_t begin = attributes[0].name;
    for (size_t i = 1; i < chain->attribute_count; i++) {
        struct attribute moved = attributes[i];
        size_t at = i;
        for (; at > 0 && strcmp(text + attributes[at - 1].name, text + moved.name) > 0; at--) {
            attributes[at] = attributes[at - 1];
        }
        attributes[at] = moved;
    }
    oc_buf_clear(&chain->sorted);
    for (size_t i = 0; i < chain->attribute_count && !chain->bad; i++) {
        chain->bad = !oc_is_ok(
            oc_buf_append(&chain->sorted, oc_span_of(chain->bytes.at + attributes[i].name, attributes[i].len)));
    }
    if (!chain->bad) {
        memcpy(chain->bytes.at + begin, chain->sorted.at, chain->sorted.len);
    }
}

static void end_attributes(oc_chain *chain)
{
    if (chain->has_attributes && !chain->bad) {
        if (!chain->is_sorted) {
            sort_attributes(chain);
        }
        put_byte(chain, 0);
        chain->text = chain->bytes.len;
    }
    chain->has_attributes = false;
}

/* Closes the pending record. What stands before a child element is the layout of the file. */
static void settle(oc_chain *chain, bool has_children)
{
    if (!chain->is_pending) {
        return;
    }
    end_attributes(chain);
    if (has_children && !chain->bad) {
        chain->bytes.len = chain->text;
    }
    put_byte(chain, 0);
    chain->is_pending = false;
}

/* All records that are closed join the digest; it is as yet open. */
static void digest_closed(oc_chain *chain)
{
    chain->bad = chain->bad || EVP_DigestUpdate(chain->context, chain->bytes.at, chain->bytes.len) != 1;
    oc_buf_clear(&chain->bytes);
}

void oc_chain_open(oc_chain *chain, const char *element)
{
    settle(chain, true);
    if (chain->bytes.len > WAITING_MAX) {
        digest_closed(chain);
    }
    chain->bad = chain->bad || chain->depth > DEPTH_MAX;
    put_byte(chain, (uint8_t)('0' + chain->depth % (DEPTH_MAX + 1)));
    put_text(chain, element);
    chain->depth++;
    chain->attribute_count = 0;
    chain->has_attributes = true;
    chain->is_sorted = true;
    chain->is_pending = true;
}

void oc_chain_attribute(oc_chain *chain, const char *name, oc_span value)
{
    if (!chain->has_attributes || !chain->is_pending || chain->attribute_count == ATTRIBUTES_MAX) {
        chain->bad = true;
        return;
    }
    size_t begin = chain->bytes.len;
    size_t len = strlen(name) + 1;
    uint8_t *at = grow(chain, len + value.len + 1);
    if (at == NULL) {
        return;
    }
    memcpy(at, name, len);
    if (value.len > 0) {
        memcpy(at + len, value.at, value.len);
    }
    at[len + value.len] = 0;
    if (chain->attribute_count > 0 && chain->is_sorted) {
        const uint8_t *before = chain->bytes.at + chain->attributes[chain->attribute_count - 1].name;
        chain->is_sorted = strcmp((const char *)before, name) < 0;
    }
    chain->attributes[chain->attribute_count++] = (struct attribute){begin, len + value.len + 1};
}

void oc_chain_text(oc_chain *chain, oc_span text)
{
    if (!chain->is_pending || text.len == 0) {
        return;
    }
    end_attributes(chain);
    uint8_t *at = grow(chain, text.len);
    if (at != NULL) {
        memcpy(at, text.at, text.len);
    }
}

void oc_chain_close(oc_chain *chain)
{
    settle(chain, false);
    chain->bad = chain->bad || chain->depth == 0;
    chain->depth -= chain->depth > 0;
}

void oc_chain_leaf(oc_chain *chain, const char *element, oc_span text)
{
    settle(chain, true);
    chain->bad = chain->bad || chain->depth > DEPTH_MAX;
    size_t len = strlen(element) + 1;
    uint8_t *at = grow(chain, 1 + len + 1 + text.len + 1);
    if (at == NULL) {
        return;
    }
    *at++ = (uint8_t)('0' + chain->depth % (DEPTH_MAX + 1));
    memcpy(at, element, len);
    at += len;
    *at++ = 0;
    if (text.len > 0) {
        memcpy(at, text.at, text.len);
    }
    at[text.len] = 0;
}

oc_result oc_chain_end(oc_chain *chain, char out[OC_CHAIN_DIGITS + 1])
{
    uint8_t link[LINK_BYTES];
    if (chain->bad || chain->depth != 0) {
        return oc_fail(OC_E_INTERNAL);
    }
    digest_closed(chain);
    if (chain->bad || EVP_DigestFinal_ex(chain->context, link, NULL) != 1) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_hex_encode(out, OC_CHAIN_DIGITS + 1, oc_span_of(link, LINK_BYTES));
    return oc_ok();
}

struct walk {
    oc_chain *chain;
    oc_chain_visit *visit;
    void *self;
};

/* The record of the element is closed: its link is the digest of all up to it. */
static void tell(struct walk *walk, const xmlNode *element)
{
    oc_chain *chain = walk->chain;
    uint8_t link[LINK_BYTES];
    char digits[OC_CHAIN_DIGITS + 1];
    if (walk->visit == NULL || chain->bad) {
        return;
    }
    digest_closed(chain);
    chain->bad = chain->bad || EVP_MD_CTX_copy_ex(chain->so_far, chain->context) != 1 ||
                 EVP_DigestFinal_ex(chain->so_far, link, NULL) != 1;
    if (!chain->bad) {
        oc_hex_encode(digits, sizeof digits, oc_span_of(link, LINK_BYTES));
        walk->visit(walk->self, element, digits);
    }
}

static void walk_attributes(oc_chain *chain, const xmlNode *element, bool is_case)
{
    for (const xmlAttr *attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        if (is_case && strcmp(name, "chain") == 0) {
            continue;
        }
        const char *value = oc_xml_attr(element, name);
        chain->bad = chain->bad || value == NULL;
        oc_chain_attribute(chain, name, oc_span_text(value == NULL ? "" : value));
    }
}

/* The depth is bounded: past DEPTH_MAX the chain is bad. */
static const xmlNode *walk_text(oc_chain *chain, const xmlNode *child)
{
    for (; child != NULL && child->type != XML_ELEMENT_NODE; child = child->next) {
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content != NULL) {
            oc_chain_text(chain, oc_span_text((const char *)child->content));
        }
    }
    return child;
}

/* The depth is bounded: past DEPTH_MAX the chain is bad. */
static void walk_element(struct walk *walk, const xmlNode *element, bool is_case)
{
    oc_chain *chain = walk->chain;
    oc_chain_open(chain, oc_xml_name(element));
    walk_attributes(chain, element, is_case);
    const xmlNode *child = walk_text(chain, element->children);
    settle(chain, child != NULL);
    tell(walk, element);
    for (; child != NULL && !chain->bad; child = oc_xml_next(child, NULL)) {
        walk_element(walk, child, false);
    }
    oc_chain_close(chain);
}

oc_result oc_chain_case(oc_chain *chain, const oc_chain_seed *seed, const xmlNode *one_case, oc_chain_visit *visit,
                        void *self, char out[OC_CHAIN_DIGITS + 1])
{
    struct walk walk = {chain, visit, self};
    oc_chain_begin(chain, seed);
    walk_element(&walk, one_case, true);
    return oc_chain_end(chain, out);
}
