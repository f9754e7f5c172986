/* SPDX-License-Identifier: Apache-2.0 */
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/formats/format.h"
#include "reports/html/page.h"
#include "reports/reports.h"
#include "sim/base/file.h"

#define BATCH_LIMIT ((size_t)512 * 1024 * 1024)

static void transform_error(void *context, const char *format, ...) OC_PRINTF(2, 3);

/* libxslt reports a sentence in pieces; the first piece that says something is kept. */
static void transform_error(void *context, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text[strcspn(text, "\n")] = '\0';
    if (text[0] != '\0') {
        (void)oc_diag_fail(context, OC_E_INTERNAL, "the transform stopped: %s", text).code;
    }
}

/* Stylesheets read their own texts and nothing else; they write nothing and know no network. */
static xsltSecurityPrefs *closed_world(void)
{
    xsltSecurityPrefs *prefs = xsltNewSecurityPrefs();
    if (prefs != NULL && (xsltSetSecurityPrefs(prefs, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid) != 0 ||
                          xsltSetSecurityPrefs(prefs, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid) != 0 ||
                          xsltSetSecurityPrefs(prefs, XSLT_SECPREF_READ_NETWORK, xsltSecurityForbid) != 0 ||
                          xsltSetSecurityPrefs(prefs, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid) != 0)) {
        xsltFreeSecurityPrefs(prefs);
        prefs = NULL;
    }
    return prefs;
}

static oc_result load_stylesheet(xsltStylesheet **out, const char *path, oc_diag *diag)
{
    oc_xml_doc *source = NULL;
    OC_TRY(oc_xml_load(&source, path, NULL, diag));
    xmlDoc *copy = xmlCopyDoc(oc_xml_root(source)->doc, 1); /* the stylesheet takes over what it is made from */
    oc_xml_free(&source);
    *out = copy == NULL ? NULL : xsltParseStylesheetDoc(copy);
    if (*out == NULL) {
        xmlFreeDoc(copy);
        return oc_diag_fail_at(diag, OC_E_FORMAT, path, 0, "not a stylesheet that can be used");
    }
    return oc_ok();
}

static oc_result run_transform(xmlDoc **out, xsltStylesheet *style, xmlDoc *input, oc_diag *diag)
{
    xsltSecurityPrefs *prefs = closed_world();
    xsltTransformContext *context = xsltNewTransformContext(style, input);
    oc_diag said = {0};
    *out = NULL;
    if (prefs != NULL && context != NULL && xsltSetCtxtSecurityPrefs(prefs, context) == 0) {
        xsltSetTransformErrorFunc(context, &said, transform_error);
        *out = xsltApplyStylesheetUser(style, input, NULL, NULL, NULL, context);
        if (context->state != XSLT_STATE_OK) {
            xmlFreeDoc(*out);
            *out = NULL;
        }
    }
    xsltFreeTransformContext(context);
    xsltFreeSecurityPrefs(prefs);
    if (*out == NULL) {
        return oc_diag_fail(diag, OC_E_INTERNAL, "%s", said.reason[0] == '\0' ? "the transform stopped" : said.reason);
    }
    return oc_ok();
}

/* libxslt goes on where libxml2 had no memory for a piece of text: the report would lack it. */
static bool was_short_of_memory(void)
{
    const xmlError *last = xmlGetLastError();
    return last != NULL && last->code == XML_ERR_NO_MEMORY;
}

static oc_result transform_to(const char *stylesheet, xmlDoc *input, const char *out_path, oc_diag *diag)
{
    xsltStylesheet *style = NULL;
    xmlDoc *made = NULL;
    xmlChar *text = NULL;
    int len = 0;
    xmlResetLastError();
    OC_TRY(load_stylesheet(&style, stylesheet, diag));
    oc_result r = run_transform(&made, style, input, diag);
    if (oc_is_ok(r) && (xsltSaveResultToString(&text, &len, made, style) != 0 || text == NULL || len <= 0)) {
        r = oc_diag_fail_at(diag, OC_E_INTERNAL, stylesheet, 0, "the transform made nothing");
    }
    if (oc_is_ok(r) && was_short_of_memory()) {
        r = oc_diag_fail_at(diag, OC_E_MEMORY, stylesheet, 0, "no memory for all of the report");
    }
    if (oc_is_ok(r)) {
        r = oc_file_replace(out_path, oc_span_of(text, (size_t)len), diag);
    }
    xmlFree(text);
    xmlFreeDoc(made);
    xsltFreeStylesheet(style);
    return r;
}

oc_result oc_report_write(const char *kind, const oc_report_inputs *inputs, const char *out_path, oc_diag *diag)
{
    char stylesheet[4096];
    xmlDoc *tree = NULL;
    const oc_format *format = oc_format_find(kind);
    if (format != NULL) {
        return oc_formats_write(&(oc_format_request){format, out_path}, 1, inputs->result_path, diag);
    }
    if (strcmp(kind, "html") != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "no report of the kind %s", kind);
    }
    if (!oc_is_ok(oc_file_join(stylesheet, sizeof stylesheet, inputs->data_folder, "reports/transforms/html.xsl"))) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, inputs->data_folder, 0, "path too long");
    }
    OC_TRY(oc_html_page(&tree, inputs, diag));
    oc_result r = transform_to(stylesheet, tree, out_path, diag);
    xmlFreeDoc(tree);
    return r;
}

oc_result oc_report_sheet(const char *kind, const char *batch_path, const char *out_path, const char *data_folder,
                          oc_diag *diag)
{
    char stylesheet[4096];
    const char *name = strcmp(kind, "html") == 0 ? "reports/transforms/batch-html.xsl"
                                                 : "reports/transforms/batch-text.xsl";
    if (!oc_is_ok(oc_file_join(stylesheet, sizeof stylesheet, data_folder, name))) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, data_folder, 0, "path too long");
    }
    const oc_xml_limits limits = {.bytes = BATCH_LIMIT};
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_load(&doc, batch_path, &limits, diag));
    oc_result r = transform_to(stylesheet, oc_xml_root(doc)->doc, out_path, diag);
    oc_xml_free(&doc);
    return r;
}
