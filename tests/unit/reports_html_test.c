/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/HTMLparser.h>
#include <libxml/hash.h>
#include <stdlib.h>

#include "reports/reports.h"
#include "sim/base/xml.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

static char *make(const char *folder, bool strict, unsigned cases)
{
    char result[128];
    char html[128];
    oc_diag diag = {0};
    oc_sample_result(folder, strict, cases);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(html, sizeof html, folder, "report.html");
    oc_result r = oc_report_write("html", &(oc_report_inputs){.result_path = result, .data_folder = "."}, html, &diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    return oc_sample_read(folder, "report.html");
}

struct page {
    xmlHashTablePtr ids;
    size_t tables;
    size_t dead_anchors;
    size_t scripts;
    unsigned round; /* 0: collect ids, 1: look at links */
};

/* No handler, form or fetch, and one script, the page's own; every table has a caption; ids are unique. */
static void walk(struct page *page, const xmlNode *node)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) {
            continue;
        }
        static const char *const forbidden[] = {"iframe", "img",   "link",  "object", "embed",
                                                "form",   "audio", "video", "base"};
        for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
            CU_ASSERT_FALSE(oc_xml_is(node, forbidden[i]));
        }
        for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
            const char *name = (const char *)attr->name;
            const char *value = attr->children == NULL ? "" : (const char *)attr->children->content;
            CU_ASSERT_NOT_EQUAL(strncmp(name, "on", 2), 0);
            CU_ASSERT_STRING_NOT_EQUAL(name, "src");
            if (strcmp(name, "id") == 0 && page->round == 0) {
                CU_ASSERT_EQUAL(xmlHashAddEntry(page->ids, (const xmlChar *)value, page), 0);
            }
            if (strcmp(name, "href") == 0) {
                CU_ASSERT_EQUAL(value[0], '#');
                page->dead_anchors += page->round == 1 && xmlHashLookup(page->ids, (const xmlChar *)value + 1) == NULL;
            }
        }
        page->scripts += page->round == 0 && oc_xml_is(node, "script");
        if (oc_xml_is(node, "svg")) {
            CU_ASSERT_PTR_NOT_NULL(oc_xml_attr(node, "aria-labelledby"));
            CU_ASSERT_PTR_NOT_NULL(oc_xml_child(node, "title"));
            CU_ASSERT_PTR_NOT_NULL(oc_xml_child(node, "desc"));
        }
        if (oc_xml_is(node, "table")) {
            page->tables++;
            CU_ASSERT_PTR_NOT_NULL(oc_xml_child(node, "caption"));
        }
        if (oc_xml_is(node, "th")) {
            CU_ASSERT_PTR_NOT_NULL(oc_xml_attr(node, "scope"));
        }
        walk(page, node->children);
    }
}

static void check_page(const char *text)
{
    htmlDocPtr doc = htmlReadMemory(text, (int)strlen(text), "report.html", "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct page page = {.ids = xmlHashCreate(256)};
    walk(&page, xmlDocGetRootElement(doc));
    page.round = 1;
    walk(&page, xmlDocGetRootElement(doc));
    CU_ASSERT_EQUAL(page.dead_anchors, 0);
    CU_ASSERT_TRUE(page.tables > 10);
    CU_ASSERT_EQUAL(page.scripts, 1);
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(xmlDocGetRootElement(doc), "lang"), "zh-CN");
    xmlHashFree(page.ids, NULL);
    xmlFreeDoc(doc);
}

static void the_page_stands_alone(void)
{
    char folder[64];
    oc_sample_folder(folder);
    char *text = make(folder, false, 30);
    check_page(text);
    CU_ASSERT_PTR_NULL(strstr(text, "http://"));
    CU_ASSERT_PTR_NULL(strstr(text, "https://"));
    for (const char *at = strstr(text, "url("); at != NULL; at = strstr(at + 1, "url(")) {
        CU_ASSERT_EQUAL(at[4], '#'); /* a texture of the same page */
    }
    CU_ASSERT_PTR_NULL(strstr(text, "@import"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "default-src 'none'"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    CU_ASSERT_EQUAL(strncmp(text, "<!DOCTYPE html", 14), 0);
    free(text);
    oc_sample_remove(folder);
}

static void both_languages_and_the_limits_are_there(void)
{
    static const char *const sentences[] = {
        ">不符合<",
        ">Does not conform<",
        "虚拟卡的时延不代表芯片",
        "The latency of a virtual card says nothing about silicon",
        "要求的文字是本项目自己的表述",
        "The wording of the requirements is this project's own",
        "不是经认可实验室的证书",
        "not an accredited laboratory's certificate",
        "验证PIN后可读医保基本数据",
        "Medical basic data are readable after the PIN",
        "4701<mark>12</mark>01020304050607<mark>08</mark>",
        "安全状态不满足",
        "SSC.DF04.EF05.READ",
        "key DF04/DLK version 01 is not at hand",
        "link.tpdu is false over pcsc",
        "报告结束",
        "Pairs of requirement and condition:",
        "passed / conditions",
        "fault of the case:",
    };
    char folder[64];
    oc_sample_folder(folder);
    char *text = make(folder, false, 0);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (strstr(text, sentences[i]) == NULL) {
            fprintf(stderr, "not there: %s\n", sentences[i]);
        }
        CU_ASSERT_PTR_NOT_NULL(strstr(text, sentences[i]));
    }
    free(text);
    oc_sample_remove(folder);
}

static void the_same_record_gives_the_same_bytes(void)
{
    static const char *const kinds[] = {"html", "junit"};
    char folder[64];
    char result[128];
    char out[128];
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 40);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(out, sizeof out, folder, "out");
    for (size_t i = 0; i < 2; i++) {
        OC_ASSERT_OK(
            oc_report_write(kinds[i], &(oc_report_inputs){.result_path = result, .data_folder = "."}, out, &diag));
        char *once = oc_sample_read(folder, "out");
        OC_ASSERT_OK(
            oc_report_write(kinds[i], &(oc_report_inputs){.result_path = result, .data_folder = "."}, out, &diag));
        char *twice = oc_sample_read(folder, "out");
        CU_ASSERT_STRING_EQUAL(once, twice);
        free(once);
        free(twice);
    }
    oc_sample_remove(folder);
}

static void an_empty_record_makes_a_page(void)
{
    char folder[64];
    char result[128];
    char html[128];
    oc_diag diag = {0};
    oc_record *record = NULL;
    oc_sample_folder(folder);
    oc_run_info info = oc_sample_run_info();
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, &diag));
    OC_ASSERT_OK(oc_record_finish(record, "e", true, 130, &diag));
    oc_record_free(&record);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(html, sizeof html, folder, "report.html");
    OC_ASSERT_OK(oc_report_write("html", &(oc_report_inputs){.result_path = result, .data_folder = "."}, html, &diag));
    char *text = oc_sample_read(folder, "report.html");
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">不确定<"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "The run was interrupted"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<strong>19</strong>"));
    free(text);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"the page stands alone", the_page_stands_alone},
        {"both languages and the limits are there", both_languages_and_the_limits_are_there},
        {"the same record gives the same bytes", the_same_record_gives_the_same_bytes},
        {"an empty record makes a page", an_empty_record_makes_a_page},
        {NULL, NULL},
    };
    return oc_test_main("reports: HTML", rows);
}
