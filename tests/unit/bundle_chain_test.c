/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "reports/bundle/chain.h"
#include "reports/bundle/plan_lines.h"
#include "sim/base/xml.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define RUN "R-20260302T011500Z-0A1B2C3D"

static void link_of(oc_chain *chain, const xmlNode *one, const char *run, char out[OC_CHAIN_DIGITS + 1])
{
    const oc_chain_seed seed = {.run_id = run, .pass = oc_xml_attr(one, "pass"), .case_id = oc_xml_attr(one, "id")};
    OC_ASSERT_OK(oc_chain_case(chain, &seed, one, NULL, NULL, out));
}

static oc_xml_doc *load_sample(void)
{
    char folder[64];
    oc_xml_doc *doc = NULL;
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *text = oc_sample_read(folder, "result.xml");
    const oc_xml_limits limits = {.bytes = OC_BUF_MAX};
    OC_ASSERT_OK(oc_xml_parse(&doc, oc_span_text(text), "result.xml", &limits, NULL));
    free(text);
    oc_sample_remove(folder);
    return doc;
}

static void the_record_alone_gives_every_link(void)
{
    oc_xml_doc *doc = load_sample();
    oc_chain *chain = NULL;
    char digits[OC_CHAIN_DIGITS + 1];
    unsigned cases = 0;
    OC_ASSERT_OK(oc_chain_new(&chain));
    for (const xmlNode *one = oc_xml_child(oc_xml_root(doc), "case"); one != NULL; one = oc_xml_next(one, "case")) {
        link_of(chain, one, RUN, digits);
        CU_ASSERT_STRING_EQUAL(digits, oc_xml_attr(one, "chain"));
        link_of(chain, one, "R-20260302T011500Z-0A1B2C3E", digits);
        CU_ASSERT_STRING_NOT_EQUAL(digits, oc_xml_attr(one, "chain"));
        cases++;
    }
    CU_ASSERT(cases > 10);
    oc_chain_free(&chain);
    oc_xml_free(&doc);
}

static const xmlNode *failed_case(const oc_xml_doc *doc)
{
    const xmlNode *one = oc_xml_child(oc_xml_root(doc), "case");
    while (one != NULL && strcmp(oc_xml_attr(one, "id"), "CARD.SAMPLE.00005") != 0) {
        one = oc_xml_next(one, "case");
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(one);
    return one;
}

/* Whether the case's chain still ends where it did; puts nothing back. */
static bool holds(const xmlNode *one)
{
    oc_chain *chain = NULL;
    char digits[OC_CHAIN_DIGITS + 1];
    OC_ASSERT_OK(oc_chain_new(&chain));
    link_of(chain, one, RUN, digits);
    oc_chain_free(&chain);
    return strcmp(digits, oc_xml_attr(one, "chain")) == 0;
}

/* Every attribute and text of the subtree, each altered and put back. */
static unsigned alter_each(const xmlNode *one, xmlNode *element)
{
    unsigned altered = 0;
    for (xmlAttr *attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        if ((element == one && xmlStrEqual(attribute->name, BAD_CAST "chain")) || attribute->children == NULL) {
            continue;
        }
        xmlChar *text = attribute->children->content;
        text[0] ^= 1;
        CU_ASSERT_FALSE(holds(one));
        text[0] ^= 1;
        altered++;
    }
    for (xmlNode *child = element->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            altered += alter_each(one, child);
        } else if (child->type == XML_TEXT_NODE) {
            child->content[0] ^= 1;
            CU_ASSERT_FALSE(holds(one));
            child->content[0] ^= 1;
            altered++;
        }
    }
    return altered;
}

static void an_altered_value_breaks_the_chain(void)
{
    oc_xml_doc *doc = load_sample();
    xmlNode *one = (xmlNode *)(uintptr_t)failed_case(doc);
    CU_ASSERT_TRUE(holds(one));
    CU_ASSERT(alter_each(one, one) > 40);
    CU_ASSERT_TRUE(holds(one));
    oc_xml_free(&doc);
}

static void elements_cannot_be_moved(void)
{
    oc_xml_doc *doc = load_sample();
    xmlNode *one = (xmlNode *)(uintptr_t)failed_case(doc);
    xmlNode *first = oc_xml_child(one, "step");
    xmlNode *second = oc_xml_next(first, "step");
    xmlNode *exchange = oc_xml_child(first, "exchange");

    xmlUnlinkNode(exchange); /* taken out, and brought in elsewhere */
    CU_ASSERT_FALSE(holds(one));
    xmlAddChild(second, exchange);
    CU_ASSERT_FALSE(holds(one));
    xmlUnlinkNode(exchange);
    xmlAddChild(one, exchange); /* one level up */
    CU_ASSERT_FALSE(holds(one));
    xmlUnlinkNode(exchange);
    xmlAddChild(first, exchange);
    CU_ASSERT_TRUE(holds(one));

    xmlUnlinkNode(second); /* exchanged */
    xmlAddPrevSibling(first, second);
    CU_ASSERT_FALSE(holds(one));
    xmlUnlinkNode(second);
    xmlAddNextSibling(first, second);
    CU_ASSERT_TRUE(holds(one));

    xmlNode *copy = xmlCopyNode(second, 1); /* doubled */
    xmlAddNextSibling(second, copy);
    CU_ASSERT_FALSE(holds(one));
    xmlUnlinkNode(copy);
    xmlFreeNode(copy);
    CU_ASSERT_TRUE(holds(one));

    xmlNode *last = one->last; /* cut off */
    xmlUnlinkNode(last);
    CU_ASSERT_FALSE(holds(one));
    xmlFreeNode(last);
    oc_xml_free(&doc);
}

/* What another tool may change while it reads and writes: the order of attributes, the layout. */
static void layout_does_not_matter(void)
{
    oc_xml_doc *doc = load_sample();
    xmlNode *one = (xmlNode *)(uintptr_t)failed_case(doc);
    xmlAttr *first = one->properties;
    xmlAttr *second = first->next;
    first->next = second->next;
    second->next->prev = first;
    second->next = first;
    second->prev = NULL;
    first->prev = second;
    one->properties = second;
    xmlAddPrevSibling(one->children, xmlNewText(BAD_CAST "\n  "));
    CU_ASSERT_TRUE(holds(one));
    oc_xml_free(&doc);
}

struct seen {
    unsigned count;
    char last[OC_CHAIN_DIGITS + 1];
};

static void count_link(void *self, const xmlNode *element, const char *link)
{
    struct seen *seen = self;
    CU_ASSERT_EQUAL(element->type, XML_ELEMENT_NODE);
    CU_ASSERT_STRING_NOT_EQUAL(seen->last, link);
    snprintf(seen->last, sizeof seen->last, "%s", link);
    seen->count++;
}

static unsigned elements_in(const xmlNode *element)
{
    unsigned count = 1;
    for (const xmlNode *child = oc_xml_child(element, NULL); child != NULL; child = oc_xml_next(child, NULL)) {
        count += elements_in(child);
    }
    return count;
}

static void every_link_is_shown(void)
{
    oc_xml_doc *doc = load_sample();
    const xmlNode *one = failed_case(doc);
    const oc_chain_seed seed = {.run_id = RUN, .pass = oc_xml_attr(one, "pass"), .case_id = oc_xml_attr(one, "id")};
    oc_chain *chain = NULL;
    char digits[OC_CHAIN_DIGITS + 1];
    struct seen seen = {0};
    OC_ASSERT_OK(oc_chain_new(&chain));
    OC_ASSERT_OK(oc_chain_case(chain, &seed, one, count_link, &seen, digits));
    CU_ASSERT_EQUAL(seen.count, elements_in(one));
    CU_ASSERT_STRING_EQUAL(seen.last, digits);
    oc_chain_free(&chain);
    oc_xml_free(&doc);
}

/* The form itself, by hand: seed and record, written by hand, through sha256sum. */
static void the_form_is_as_described(void)
{
    static const oc_chain_seed seed = {"R", "P", "", NULL, "p", "C", NULL};
    oc_chain *chain = NULL;
    char digits[OC_CHAIN_DIGITS + 1];
    OC_ASSERT_OK(oc_chain_new(&chain));
    oc_chain_begin(chain, &seed);
    oc_chain_open(chain, "case");
    oc_chain_attribute(chain, "id", oc_span_text("C"));
    oc_chain_attribute(chain, "a", oc_span_text("1"));
    oc_chain_text(chain, oc_span_text("t"));
    oc_chain_close(chain);
    OC_ASSERT_OK(oc_chain_end(chain, digits));
    CU_ASSERT_STRING_EQUAL(digits, "592F61C09BDD55D1DDD641A3C027188010201B05620FAF67A6D22695D52B9A5B");
    oc_chain_free(&chain);
}

static void misuse_is_noticed(void)
{
    static const oc_chain_seed seed = {"R", "P", "", NULL, "p", "C", NULL};
    oc_chain *chain = NULL;
    char digits[OC_CHAIN_DIGITS + 1];
    OC_ASSERT_OK(oc_chain_new(&chain));
    oc_chain_begin(chain, &seed);
    oc_chain_open(chain, "case");
    OC_ASSERT_CODE(oc_chain_end(chain, digits), OC_E_INTERNAL); /* still open */
    oc_chain_begin(chain, &seed);
    for (unsigned i = 0; i < 100; i++) {
        oc_chain_open(chain, "deep");
    }
    for (unsigned i = 0; i < 100; i++) {
        oc_chain_close(chain);
    }
    OC_ASSERT_CODE(oc_chain_end(chain, digits), OC_E_INTERNAL);
    oc_chain_free(&chain);
}

static void a_plan_is_a_set(void)
{
    oc_plan_lines one = {0};
    oc_plan_lines other = {0};
    char digest[2][65];
    OC_ASSERT_OK(oc_plan_lines_add(&one, "p", "B", 1));
    OC_ASSERT_OK(oc_plan_lines_add(&one, "p", "A", 12));
    OC_ASSERT_OK(oc_plan_lines_add(&one, "p", "B", 1));
    OC_ASSERT_OK(oc_plan_lines_add(&other, "p", "A", 12));
    OC_ASSERT_OK(oc_plan_lines_add(&other, "p", "B", 1));
    OC_ASSERT_OK(oc_plan_lines_digest(&one, digest[0]));
    OC_ASSERT_OK(oc_plan_lines_digest(&other, digest[1]));
    CU_ASSERT_EQUAL(one.count, 2);
    CU_ASSERT_STRING_EQUAL(digest[0], digest[1]);
    /* printf 'p\tA\t12\np\tB\t1\n' | sha256sum */
    CU_ASSERT_STRING_EQUAL(digest[0], "56E814BDB9386DA3EF7B62A2D3B8D79FF8659B82B54AF7B32871A69FA8D26B66");
    OC_ASSERT_OK(oc_plan_lines_add(&other, "p", "B", 2));
    OC_ASSERT_OK(oc_plan_lines_digest(&other, digest[1]));
    CU_ASSERT_STRING_NOT_EQUAL(digest[0], digest[1]);
    oc_plan_lines_free(&one);
    oc_plan_lines_free(&other);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"the record alone gives every link", the_record_alone_gives_every_link},
        {"an altered value breaks the chain", an_altered_value_breaks_the_chain},
        {"elements cannot be moved", elements_cannot_be_moved},
        {"layout does not matter", layout_does_not_matter},
        {"every link is shown", every_link_is_shown},
        {"the form is as described", the_form_is_as_described},
        {"misuse is noticed", misuse_is_noticed},
        {"a plan is a set", a_plan_is_a_set},
        {NULL, NULL},
    };
    return oc_test_main("bundle: chains and plan", rows);
}
