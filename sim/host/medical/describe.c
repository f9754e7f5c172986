/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A page while it is written. What cannot be appended is remembered. */
struct page {
    oc_buf *out;
    const oc_region *region;
    const oc_region *const *others;
    size_t other_count;
    oc_result result;
};

static void say(struct page *page, const char *format, ...) OC_PRINTF(2, 3);

static void say(struct page *page, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (oc_is_ok(page->result)) {
        page->result = oc_buf_append(page->out, oc_span_text(text));
    }
}

static const char *const types[] = {"text",    "digits", "hex",      "code",  "integer",
                                    "decimal", "date",   "datetime", "base64"};

static void length_of(const oc_med_field *field, char out[24])
{
    snprintf(out, 24, field->decimals > 0 ? "%s%u,%u" : "%s%u", field->exact ? "=" : "", field->len, field->decimals);
}

static void presence_of(const oc_med_field *field, char out[96])
{
    if (field->when_field == NULL) {
        snprintf(out, 96, "%s", field->required ? "mandatory" : "optional");
    } else {
        snprintf(out, 96, field->when_value == NULL ? "with %s" : "with %s=%s", field->when_field, field->when_value);
    }
}

/* All that is the same, but for the sample. */
static bool same_field(const oc_med_field *a, const oc_med_field *b)
{
    char a_when[96];
    char b_when[96];
    presence_of(a, a_when);
    presence_of(b, b_when);
    return a->type == b->type && a->len == b->len && a->decimals == b->decimals && a->exact == b->exact &&
           a->is_signed == b->is_signed && strcmp(a_when, b_when) == 0;
}

static const oc_med_field *field_named(const oc_med_node *node, const char *name)
{
    for (size_t i = 0; node != NULL && i < node->field_count; i++) {
        if (strcmp(node->fields[i].name, name) == 0) {
            return &node->fields[i];
        }
    }
    return NULL;
}

/* Of a dictionary, what that of another region has beside. */
static void say_codes_beside(struct page *page, const oc_med_dictionary *own, const oc_region *other)
{
    const oc_med_dictionary *theirs = own == NULL ? NULL : oc_region_dictionary(other, own->id);
    for (size_t i = 0; theirs != NULL && i < theirs->count; i++) {
        if (oc_med_dictionary_find(own, theirs->codes[i].code) == NULL) {
            say(page, "; %s: also %s %s", oc_region_id(other), theirs->codes[i].code, theirs->codes[i].en);
        }
    }
}

static void say_form(struct page *page, const oc_med_field *field)
{
    char length[24];
    char presence[96];
    length_of(field, length);
    presence_of(field, presence);
    say(page, "%-8s %-8s %-24s %c", types[field->type], length, presence, field->source);
}

/* `theirs` are the same node in the other regions. */
static void say_field(struct page *page, const oc_med_field *field, const oc_med_node *const *theirs)
{
    say(page, "    %-20s ", field->name);
    say_form(page, field);
    if (field->dictionary != NULL) {
        say(page, "  %s", field->dictionary->id);
    }
    for (size_t i = 0; i < page->other_count; i++) {
        const oc_med_field *other = field_named(theirs[i], field->name);
        char length[24];
        char presence[96];
        if (other != NULL && !same_field(field, other)) {
            length_of(other, length);
            presence_of(other, presence);
            say(page, "; %s: %s %s %s", oc_region_id(page->others[i]), types[other->type], length, presence);
        }
        say_codes_beside(page, field->dictionary, page->others[i]);
    }
    say(page, "\n");
}

#define OTHERS_MAX 16

static void say_node(struct page *page, const char *lead, const oc_med_node *node, const oc_med_node *const *theirs)
{
    say(page, "  %s %s%s%s\n", lead, node->name, node->many ? "[]" : "", node->optional ? " (optional)" : "");
    for (size_t i = 0; i < node->field_count; i++) {
        say_field(page, &node->fields[i], theirs);
    }
    for (size_t k = 0; k < page->other_count; k++) {
        for (size_t i = 0; theirs[k] != NULL && i < theirs[k]->field_count; i++) {
            const oc_med_field *field = &theirs[k]->fields[i];
            if (field_named(node, field->name) == NULL) {
                say(page, "  + %-20s ", field->name);
                say_form(page, field);
                say(page, "  %s only\n", oc_region_id(page->others[k]));
            }
        }
    }
}

static const oc_med_node *node_named(const oc_med_message *message, bool in, const char *name)
{
    const oc_med_node *nodes = message == NULL ? NULL : in ? message->in : message->out;
    size_t count = message == NULL ? 0 : in ? message->in_count : message->out_count;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(nodes[i].name, name) == 0) {
            return &nodes[i];
        }
    }
    return NULL;
}

static void say_nodes(struct page *page, const oc_med_message *message, bool in)
{
    const oc_med_node *theirs[OTHERS_MAX] = {NULL};
    const oc_med_node *nodes = in ? message->in : message->out;
    for (size_t i = 0; i < (in ? message->in_count : message->out_count); i++) {
        for (size_t k = 0; k < page->other_count; k++) {
            theirs[k] = node_named(oc_region_message(page->others[k], message->infno), in, nodes[i].name);
        }
        say_node(page, in ? "input" : "output", &nodes[i], theirs);
    }
}

static void say_message(struct page *page, const oc_med_message *message)
{
    say(page, "\n%s%s%s  %s / %s  (%c%s)\n", message->infno, message->also == NULL ? "" : ", ",
        message->also == NULL ? "" : message->also, message->en, message->zh, message->source,
        message->local ? ", not of the platform" : "");
    if (message->path != NULL) {
        say(page, "  /fsi/api/%s\n", message->path);
    }
    say_nodes(page, message, true);
    say_nodes(page, message, false);
}

static void say_envelopes(struct page *page)
{
    const oc_med_node *theirs[OTHERS_MAX] = {NULL};
    say(page, "\n" OC_MED_ENVELOPE " / 报文信封\n");
    for (size_t k = 0; k < page->other_count; k++) {
        theirs[k] = oc_region_request(page->others[k]);
    }
    say_node(page, "of a", oc_region_request(page->region), theirs);
    for (size_t k = 0; k < page->other_count; k++) {
        theirs[k] = oc_region_response(page->others[k]);
    }
    say_node(page, "of a", oc_region_response(page->region), theirs);
}

/* The dictionaries that the message's fields name, once each. */
static void say_dictionaries(struct page *page, const oc_med_message *message)
{
    const oc_med_dictionary *said[64];
    size_t count = 0;
    for (size_t n = 0; n < message->in_count + message->out_count; n++) {
        const oc_med_node *node = n < message->in_count ? &message->in[n] : &message->out[n - message->in_count];
        for (size_t i = 0; i < node->field_count; i++) {
            const oc_med_dictionary *dictionary = node->fields[i].dictionary;
            bool known = dictionary == NULL || count == 64;
            for (size_t k = 0; k < count && !known; k++) {
                known = said[k] == dictionary;
            }
            if (!known) {
                said[count++] = dictionary;
            }
        }
    }
    for (size_t k = 0; k < count; k++) {
        say(page, "  %s:", said[k]->id);
        for (size_t i = 0; i < said[k]->count; i++) {
            say(page, "%s %s %s / %s", i == 0 ? "" : ";", said[k]->codes[i].code, said[k]->codes[i].en,
                said[k]->codes[i].zh);
        }
        say(page, "\n");
    }
}

static void say_rules(struct page *page, const oc_region *region)
{
    static const char *const signatures[] = {"no signature", "SM3 of the input", "SM3 with SM2", "gateway headers",
                                             "mobile envelope with SM4"};
    const oc_med_rules *rules = oc_region_rules(region);
    say(page, "  %-10s infver %s; msgid ends in %u digits; %s; sign_no %s; %s reads the medium; 2601 reverses %s\n",
        oc_region_id(region), rules->infver, rules->msgid_serial, signatures[oc_region_signature(region)],
        rules->sign_no_required ? "required" : "optional", rules->component ? "the local component" : "the HIS",
        rules->reversible);
}

static void say_legend(struct page *page)
{
    say(page, "name, type, longest length (=exact; digits,decimals), when it is there, B several sources, C one, P "
              "our choice; "
              "dictionary; what regions change\n"
              "名称、类型、最大长度（=为定长；总位数,小数位）、必填 mandatory / 选填 optional / 条件必填 with、"
              "B多个来源，C一个来源，P本项目选择；字典；地区差异\n");
}

static struct page begin(oc_buf *out, const oc_region *region, const oc_region *const *others, size_t other_count)
{
    return (struct page){.out = out,
                         .region = region,
                         .others = others,
                         .other_count = other_count < OTHERS_MAX ? other_count : OTHERS_MAX,
                         .result = oc_ok()};
}

oc_result oc_med_describe(oc_buf *out, const oc_region *region, const oc_region *const *others, size_t other_count,
                          const char *infno)
{
    struct page page = begin(out, region, others, other_count);
    const oc_med_message *message = oc_region_message(region, infno);
    say_legend(&page);
    if (strcmp(infno, OC_MED_ENVELOPE) == 0) {
        say_envelopes(&page);
    } else if (message != NULL) {
        say_message(&page, message);
        say_dictionaries(&page, message);
    } else {
        return oc_fail(OC_E_NOT_FOUND);
    }
    return page.result;
}

oc_result oc_med_describe_all(oc_buf *out, const oc_region *region, const oc_region *const *others, size_t other_count)
{
    struct page page = begin(out, region, others, other_count);
    const oc_med_message *message;
    say_legend(&page);
    say(&page, "\nregions / 地区\n");
    say_rules(&page, region);
    for (size_t i = 0; i < page.other_count; i++) {
        say_rules(&page, others[i]);
    }
    say_envelopes(&page);
    for (size_t i = 0; (message = oc_region_message_at(region, i)) != NULL; i++) {
        say_message(&page, message);
        say_dictionaries(&page, message);
    }
    return page.result;
}
