/* SPDX-License-Identifier: Apache-2.0 */
/* The XML reader in front of profiles, vectors and records. */
#include "sim/base/xml.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void walk(const xmlNode *node)
{
    FUZZ_DEMAND(oc_xml_name(node) != NULL && oc_xml_line(node) >= 0);
    (void)oc_xml_attr(node, "id");
    (void)oc_xml_attr(node, "xml:lang");
    for (const xmlNode *child = oc_xml_child(node, NULL); child != NULL; child = oc_xml_next(child, NULL)) {
        walk(child);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    oc_xml_doc *doc = NULL;
    oc_diag diag = {0};
    oc_result r = oc_xml_parse(&doc, oc_span_of(data, size), "fuzz.xml", NULL, &diag);
    if (!oc_is_ok(r)) {
        FUZZ_DEMAND(doc == NULL && diag.reason[0] != '\0');
        return 0;
    }
    walk(oc_xml_root(doc));
    oc_buf text = {0};
    FUZZ_DEMAND(oc_is_ok(oc_xml_text(&text, oc_xml_root(doc))));
    oc_buf_free(&text);
    oc_xml_free(&doc);
    return 0;
}
