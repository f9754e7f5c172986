/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/chain.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/xml.h"

#define FORM "onecard-chain-1"
#define LINK_BYTES 32
#define LENGTH_BYTES 8
#define RECORD_HEAD (LINK_BYTES + LENGTH_BYTES)
#define ATTRIBUTES_MAX 64
#define DEPTH_MAX 9

struct attribute {
    size_t name; /* offsets into `attributes_text` */
    size_t len;  /* of name, zero, value, zero */
};

struct oc_chain {
    EVP_MD *digest;
    EVP_MD_CTX *context;
    uint8_t link[LINK_BYTES];
    oc_buf record; /* RECORD_HEAD bytes, then the pending one, but for its text */
    oc_buf attributes_text;
    struct attribute attributes[ATTRIBUTES_MAX];
    size_t attribute_count;
    oc_buf text;
    unsigned depth; /* open elements */
    bool is_pending;
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
    if (chain->digest == NULL || chain->context == NULL) {
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
    oc_buf_free(&(*chain)->record);
    oc_buf_free(&(*chain)->attributes_text);
    oc_buf_free(&(*chain)->text);
    EVP_MD_CTX_free((*chain)->context);
    EVP_MD_free((*chain)->digest);
    free(*chain);
    *chain = NULL;
}

static void put(oc_chain *chain, oc_buf *buf, oc_span bytes)
{
    chain->bad = chain->bad || !oc_is_ok(oc_buf_append(buf, bytes));
}

/* With the closing zero. */
static void put_text(oc_chain *chain, oc_buf *buf, const char *text)
{
    const char *known = text == NULL ? "" : text;
    put(chain, buf, oc_span_of(known, strlen(known) + 1));
}

static void digest(oc_chain *chain, oc_span bytes)
{
    chain->bad = chain->bad || EVP_DigestInit_ex2(chain->context, chain->digest, NULL) != 1 ||
                 EVP_DigestUpdate(chain->context, bytes.at, bytes.len) != 1 ||
                 EVP_DigestFinal_ex(chain->context, chain->link, NULL) != 1;
}

/* The record stands behind room for link and length, so that one call digests all three. */
static void digest_record(oc_chain *chain)
{
    if (chain->bad) {
        return;
    }
    uint64_t len = chain->record.len - RECORD_HEAD;
    memcpy(chain->record.at, chain->link, LINK_BYTES);
    for (unsigned i = 0; i < LENGTH_BYTES; i++) {
        chain->record.at[LINK_BYTES + i] = (uint8_t)(len >> (56 - 8 * i));
    }
    digest(chain, oc_buf_span(&chain->record));
}

void oc_chain_begin(oc_chain *chain, const oc_chain_seed *seed)
{
    const char *const texts[] = {FORM,         seed->run_id, seed->plan,   seed->declaration,
                                 seed->driver, seed->pass,   seed->case_id};
    chain->bad = false;
    chain->is_pending = false;
    chain->depth = 0;
    oc_buf_clear(&chain->record);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put_text(chain, &chain->record, texts[i]);
    }
    if (seed->challenge != NULL && seed->challenge[0] != '\0') {
        put_text(chain, &chain->record, seed->challenge);
    }
    digest(chain, oc_buf_span(&chain->record));
}

/* Few, and mostly in order already. */
static void sort_attributes(oc_chain *chain)
{
    const char *text = (const char *)chain->attributes_text.at;
    for (size_t i = 1; i < chain->attribute_count; i++) {
        struct attribute moved = chain->attributes[i];
        size_t at = i;
        for (; at > 0 && strcmp(text + chain->attributes[at - 1].name, text + moved.name) > 0; at--) {
            chain->attributes[at] = chain->attributes[at - 1];
        }
        chain->attributes[at] = moved;
    }
}

/* Closes the pending record. What stands before a child element is the layout of the file. */
static void settle(oc_chain *chain, bool has_children)
{
    if (!chain->is_pending) {
        return;
    }
    sort_attributes(chain);
    for (size_t i = 0; i < chain->attribute_count; i++) {
        put(chain, &chain->record,
            oc_span_of(chain->attributes_text.at + chain->attributes[i].name, chain->attributes[i].len));
    }
    put_text(chain, &chain->record, "");
    if (!has_children) {
        put(chain, &chain->record, oc_buf_span(&chain->text));
    }
    put_text(chain, &chain->record, "");
    digest_record(chain);
    chain->is_pending = false;
}

void oc_chain_open(oc_chain *chain, const char *element)
{
    settle(chain, true);
    oc_buf_clear(&chain->record);
    oc_buf_clear(&chain->attributes_text);
    oc_buf_clear(&chain->text);
    chain->attribute_count = 0;
    static const uint8_t head[RECORD_HEAD] = {0};
    put(chain, &chain->record, oc_span_of(head, sizeof head));
    chain->bad = chain->bad || chain->depth > DEPTH_MAX ||
                 !oc_is_ok(oc_buf_append_byte(&chain->record, (uint8_t)('0' + chain->depth)));
    put_text(chain, &chain->record, element);
    chain->depth++;
    chain->is_pending = true;
}

void oc_chain_attribute(oc_chain *chain, const char *name, oc_span value)
{
    if (!chain->is_pending || chain->attribute_count == ATTRIBUTES_MAX) {
        chain->bad = true;
        return;
    }
    struct attribute *attribute = &chain->attributes[chain->attribute_count++];
    attribute->name = chain->attributes_text.len;
    put_text(chain, &chain->attributes_text, name);
    put(chain, &chain->attributes_text, value);
    put_text(chain, &chain->attributes_text, "");
    attribute->len = chain->attributes_text.len - attribute->name;
}

void oc_chain_text(oc_chain *chain, oc_span text)
{
    if (chain->is_pending) {
        put(chain, &chain->text, text);
    }
}

void oc_chain_close(oc_chain *chain)
{
    settle(chain, false);
    chain->bad = chain->bad || chain->depth == 0;
    chain->depth -= chain->depth > 0;
}

oc_result oc_chain_end(oc_chain *chain, char out[OC_CHAIN_DIGITS + 1])
{
    if (chain->bad || chain->depth != 0) {
        return oc_fail(OC_E_INTERNAL);
    }
    oc_hex_encode(out, OC_CHAIN_DIGITS + 1, oc_span_of(chain->link, LINK_BYTES));
    return oc_ok();
}

struct walk {
    oc_chain *chain;
    oc_chain_visit *visit;
    void *self;
    const xmlNode *pending; /* told, but not in the chain yet */
};

static void tell(struct walk *walk)
{
    char link[OC_CHAIN_DIGITS + 1];
    if (walk->visit != NULL && walk->pending != NULL && !walk->chain->bad) {
        oc_hex_encode(link, sizeof link, oc_span_of(walk->chain->link, LINK_BYTES));
        walk->visit(walk->self, walk->pending, link);
    }
    walk->pending = NULL;
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
static void walk_element(struct walk *walk, const xmlNode *element, bool is_case)
{
    oc_chain_open(walk->chain, oc_xml_name(element));
    tell(walk);
    walk->pending = element;
    walk_attributes(walk->chain, element, is_case);
    for (const xmlNode *child = element->children; child != NULL && !walk->chain->bad; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            walk_element(walk, child, false);
        } else if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content != NULL) {
            oc_chain_text(walk->chain, oc_span_text((const char *)child->content));
        }
    }
    oc_chain_close(walk->chain);
    tell(walk);
}

oc_result oc_chain_case(oc_chain *chain, const oc_chain_seed *seed, const xmlNode *one_case, oc_chain_visit *visit,
                        void *self, char out[OC_CHAIN_DIGITS + 1])
{
    struct walk walk = {chain, visit, self, NULL};
    oc_chain_begin(chain, seed);
    walk_element(&walk, one_case, true);
    return oc_chain_end(chain, out);
}
