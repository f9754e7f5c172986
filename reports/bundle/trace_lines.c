/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/trace_lines.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/xml.h"

/* Of one part of a path; a longer id is cut and told apart by its digest. */
#define PART_MAX 200
#define PART_KEPT 150

static bool stands_as_it_is(unsigned char c, size_t at)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           (c == '.' && at > 0);
}

static oc_result put_part(oc_buf *out, const char *id)
{
    char escaped[4];
    size_t before = out->len;
    for (size_t i = 0; id[i] != '\0'; i++) {
        if (stands_as_it_is((unsigned char)id[i], i)) {
            OC_TRY(oc_buf_append_byte(out, (uint8_t)id[i]));
        } else {
            snprintf(escaped, sizeof escaped, "%%%02X", (unsigned char)id[i]);
            OC_TRY(oc_buf_append(out, oc_span_text(escaped)));
        }
    }
    if (out->len - before > PART_MAX) {
        uint8_t digest[32];
        char digits[33];
        if (EVP_Digest(id, strlen(id), digest, NULL, EVP_sha256(), NULL) != 1) {
            return oc_fail(OC_E_CRYPTO);
        }
        oc_hex_encode(digits, sizeof digits, oc_span_of(digest, 16));
        out->len = before + PART_KEPT;
        return oc_buf_append(out, oc_span_text(digits));
    }
    return oc_ok();
}

oc_result oc_trace_path(char out[OC_TRACE_PATH_MAX], const xmlNode *one_case)
{
    const char *repeat = oc_xml_attr(one_case, "repeat");
    oc_buf pass = {0};
    oc_buf id = {0};
    oc_result r = put_part(&pass, oc_xml_attr(one_case, "pass"));
    if (oc_is_ok(r)) {
        r = put_part(&id, oc_xml_attr(one_case, "id"));
    }
    if (oc_is_ok(r)) {
        snprintf(out, OC_TRACE_PATH_MAX, "traces/%.*s/%.*s%s%.10s.jsonl", (int)pass.len, (const char *)pass.at,
                 (int)id.len, (const char *)id.at, repeat == NULL ? "" : "~", repeat == NULL ? "" : repeat);
    }
    oc_buf_free(&pass);
    oc_buf_free(&id);
    return r;
}

struct lines {
    oc_buf *out;
    const xmlNode *one_case;
    size_t number;
    bool bad;
};

static json_t *attributes_of(const xmlNode *element, bool is_case)
{
    json_t *attributes = json_object();
    for (const xmlAttr *attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        if (!is_case || strcmp(name, "chain") != 0) {
            (void)json_object_set_new(attributes, name, json_string(oc_xml_attr(element, name)));
        }
    }
    return attributes;
}

static void add_line(void *self, const xmlNode *element, const char *link)
{
    struct lines *lines = self;
    oc_buf text = {0};
    int depth = 0;
    for (const xmlNode *above = element; above != lines->one_case && above != NULL; above = above->parent) {
        depth++;
    }
    bool leaf = oc_xml_child(element, NULL) == NULL;
    bool good = !lines->bad && (!leaf || oc_is_ok(oc_xml_text(&text, element)));
    json_t *line = !good ? NULL
                         : json_pack("{sI, ss, si, so, ss%, ss}", "n", (json_int_t)++lines->number, "element",
                                     oc_xml_name(element), "depth", depth, "attributes",
                                     attributes_of(element, element == lines->one_case), "text",
                                     text.at == NULL ? "" : (const char *)text.at, text.len, "link", link);
    char *shown = line == NULL ? NULL : json_dumps(line, JSON_COMPACT);
    lines->bad = lines->bad || shown == NULL || !oc_is_ok(oc_buf_append(lines->out, oc_span_text(shown))) ||
                 !oc_is_ok(oc_buf_append_byte(lines->out, '\n'));
    free(shown);
    json_decref(line);
    oc_buf_free(&text);
}

oc_result oc_trace_lines(oc_buf *out, oc_chain *chain, const oc_chain_seed *seed, const xmlNode *one_case,
                         char last[OC_CHAIN_DIGITS + 1])
{
    struct lines lines = {.out = out, .one_case = one_case};
    OC_TRY(oc_chain_case(chain, seed, one_case, add_line, &lines, last));
    return lines.bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}
