/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/oc_test.h"

static const char schema_text[] =
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:onecard:t' xmlns='urn:onecard:t'\n"
    "  elementFormDefault='qualified'>\n"
    "<xs:element name='list'><xs:complexType><xs:sequence>\n"
    "<xs:element name='item' maxOccurs='unbounded'><xs:complexType>\n"
    "<xs:attribute name='size' type='xs:unsignedByte' use='required'/></xs:complexType></xs:element>\n"
    "</xs:sequence></xs:complexType></xs:element></xs:schema>";

struct refused {
    const char *text;
    enum oc_code code;
    long line;
    const char *reason; /* part of it */
};

static const struct refused refused[] = {
    {"", OC_E_FORMAT, 0, "empty"},
    {"   \n  ", OC_E_FORMAT, 2, ""},
    {"not xml", OC_E_FORMAT, 1, "Start tag expected"},
    {"<a>\n<b>\n</a>", OC_E_FORMAT, 3, "mismatch"},
    {"<a>\n&nobody;</a>", OC_E_FORMAT, 2, "nobody"},
    {"<a xmlns:p='urn:x'>\n<q:b/></a>", OC_E_FORMAT, 2, "prefix q"},
    {"<!DOCTYPE a>\n<a/>", OC_E_FORMAT, 1, "DOCTYPE"},
    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<a/>", OC_E_FORMAT, 1, "DOCTYPE"},
    {"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<a>&x;</a>", OC_E_FORMAT, 1, "DOCTYPE"},
    {"<!DOCTYPE a [<!ENTITY x 'xxxx'><!ENTITY y '&x;&x;&x;'>]>\n<a>&y;</a>", OC_E_FORMAT, 1, "DOCTYPE"},
    {"<a/>\n<b/>", OC_E_FORMAT, 2, "Extra content"},
    {"<a b='1'\n b='2'/>", OC_E_FORMAT, 2, "redefined"},
    {"<?xml version='1.0' encoding='no-such-code'?>\n<a/>", OC_E_FORMAT, 1, "UTF-8, it says no-such-code"},
    {"<?xml version='1.0' encoding = \"GB18030\"?>\n<a>\xD1\xF9\x81</a>", OC_E_FORMAT, 1, "UTF-8, it says GB18030"},
    {"<?xml version='1.0' encoding='UTF-16'?>\n<a/>", OC_E_FORMAT, 1, "UTF-8, it says UTF-16"},
    {"\xFF\xFE<a", OC_E_FORMAT, 1, "UTF-8"},
    {"\x4C\x6F\xA7\x94", OC_E_FORMAT, 1, "UTF-8"},
    {"<?xml version='1.0' encoding='utf-8'?>\n<a>\xD1\xF9</a>", OC_E_FORMAT, 2, "UTF-8"},
    {"<a>\xFF\xFE</a>", OC_E_FORMAT, 1, ""},
};

static void refuses_with_line_and_reason(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        oc_diag diag = {0};
        oc_xml_doc *doc = NULL;
        OC_ASSERT_CODE(oc_xml_parse(&doc, oc_span_text(refused[i].text), "bad.xml", NULL, &diag), refused[i].code);
        CU_ASSERT_PTR_NULL(doc);
        CU_ASSERT_STRING_EQUAL(diag.file, "bad.xml");
        CU_ASSERT_EQUAL(diag.line, refused[i].line);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, refused[i].reason));
        CU_ASSERT(diag.reason[0] != '\0' && strchr(diag.reason, '\n') == NULL);
        oc_xml_free(&doc);
    }
}

static void keeps_its_limits(void)
{
    oc_buf text = {0};
    for (int i = 0; i < 64; i++) {
        OC_ASSERT_OK(oc_buf_append(&text, oc_span_text("<a>")));
    }
    for (int i = 0; i < 64; i++) {
        OC_ASSERT_OK(oc_buf_append(&text, oc_span_text("</a>")));
    }
    oc_diag diag = {0};
    oc_xml_doc *doc = NULL;
    OC_ASSERT_OK(oc_xml_parse(&doc, oc_buf_span(&text), "deep.xml", NULL, &diag));
    oc_xml_free(&doc);
    OC_ASSERT_CODE(oc_xml_parse(&doc, oc_buf_span(&text), "deep.xml", &(oc_xml_limits){.depth = 63}, &diag),
                   OC_E_LIMIT);
    CU_ASSERT_STRING_EQUAL(diag.reason, "elements are nested deeper than 63 levels");
    oc_diag_clear(&diag);
    OC_ASSERT_CODE(oc_xml_parse(&doc, oc_buf_span(&text), "deep.xml", &(oc_xml_limits){.bytes = text.len - 1}, &diag),
                   OC_E_LIMIT);
    oc_buf_free(&text);
}

static void says_nothing_on_stderr(void)
{
    char path[] = "/tmp/oc_xml_test_XXXXXX";
    int held = mkstemp(path);
    CU_ASSERT_FATAL(held >= 0);
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    dup2(held, STDERR_FILENO);
    refuses_with_line_and_reason();
    oc_xml_schema *schema = NULL;
    OC_ASSERT_CODE(oc_xml_schema_parse(&schema, oc_span_text("<a/>"), "x.xsd", NULL), OC_E_FORMAT);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    CU_ASSERT_EQUAL(lseek(held, 0, SEEK_END), 0);
    close(held);
    unlink(path);
}

static void reads_nodes(void)
{
    oc_xml_doc *doc = NULL;
    oc_span text = oc_span_text("<r xml:lang='zh' lang='x' none=''>\n<!-- c --><a v='&amp;&#x20;&lt;é'>t<![CDATA[&]]>"
                                "<b>u</b></a>text\n<c/>\n<a/></r>");
    OC_ASSERT_OK(oc_xml_parse(&doc, text, "good.xml", NULL, NULL));
    const xmlNode *root = oc_xml_root(doc);
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(root, "xml:lang"), "zh");
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(root, "lang"), "x");
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(root, "none"), "");
    CU_ASSERT_PTR_NULL(oc_xml_attr(root, "absent"));
    const xmlNode *a = oc_xml_child(root, "a");
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(a, "v"), "& <é");
    CU_ASSERT_EQUAL(oc_xml_line(a), 2);
    oc_buf got = {0};
    OC_ASSERT_OK(oc_xml_text(&got, a));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&got), oc_span_text("t&u")));
    oc_buf_free(&got);
    CU_ASSERT_STRING_EQUAL(oc_xml_name(oc_xml_next(a, NULL)), "c");
    CU_ASSERT_EQUAL(oc_xml_line(oc_xml_next(a, "a")), 4);
    CU_ASSERT_PTR_NULL(oc_xml_next(oc_xml_next(a, "a"), NULL));
    CU_ASSERT_PTR_NULL(oc_xml_child(oc_xml_next(a, "c"), NULL));
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_xml_fail(doc, a, &diag, OC_E_LIMIT, "too %s", "much"), OC_E_LIMIT);
    CU_ASSERT_STRING_EQUAL(diag.file, "good.xml");
    CU_ASSERT_EQUAL(diag.line, 2);
    CU_ASSERT_STRING_EQUAL(diag.reason, "too much");
    oc_xml_free(&doc);
}

static void validates(void)
{
    oc_xml_schema *schema = NULL;
    OC_ASSERT_OK(oc_xml_schema_parse(&schema, oc_span_text(schema_text), "t.xsd", NULL));
    static const struct refused documents[] = {
        {"<list xmlns='urn:onecard:t'><item size='9'/></list>", OC_E_OK, 0, ""},
        {"<list xmlns='urn:onecard:t'>\n<item size='900'/></list>", OC_E_FORMAT, 2,
         "Element 'item', attribute 'size'"},
        {"<list xmlns='urn:onecard:t'>\n\n<thing/></list>", OC_E_FORMAT, 3, "Element 'thing'"},
        {"<list xmlns='urn:other'/>", OC_E_FORMAT, 1, "list"},
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        oc_diag diag = {0};
        oc_xml_doc *doc = NULL;
        OC_ASSERT_OK(oc_xml_parse(&doc, oc_span_text(documents[i].text), "d.xml", NULL, &diag));
        OC_ASSERT_CODE(oc_xml_validate(doc, schema, &diag), documents[i].code);
        CU_ASSERT_EQUAL(diag.line, documents[i].line);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, documents[i].reason));
        oc_xml_free(&doc);
    }
    oc_xml_schema_free(&schema);
}

static void names_a_missing_file(void)
{
    oc_diag diag = {0};
    oc_xml_doc *doc = NULL;
    OC_ASSERT_CODE(oc_xml_load(&doc, "/nowhere/at/all.xml", NULL, &diag), OC_E_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(diag.file, "/nowhere/at/all.xml");
    oc_xml_schema *schema = NULL;
    OC_ASSERT_CODE(oc_xml_schema_new(&schema, "/nowhere/at/all.xsd", NULL), OC_E_NOT_FOUND);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"refuses with line and reason", refuses_with_line_and_reason},
        {"keeps its limits", keeps_its_limits},
        {"says nothing on stderr", says_nothing_on_stderr},
        {"reads nodes", reads_nodes},
        {"validates", validates},
        {"names a missing file", names_a_missing_file},
        {NULL, NULL},
    };
    return oc_test_main("xml", rows);
}
