/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/lab.h"

#include "sim/base/file.h"
#include "sim/base/xml.h"

static oc_result load(oc_xml_doc **out, const char *path, const char *schema_path, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_schema_new(&schema, schema_path, diag));
    oc_result r = oc_xml_load(out, path, NULL, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_validate(*out, schema, diag);
    }
    oc_xml_schema_free(&schema);
    return r;
}

oc_result oc_lab_write(oc_pen *pen, xmlNode *parent, const char *path, const char *data_folder, oc_diag *diag)
{
    char schema[4096];
    oc_xml_doc *doc = NULL;
    if (!oc_is_ok(oc_file_join(schema, sizeof schema, data_folder, "reports/lab.xsd"))) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, data_folder, 0, "path too long");
    }
    oc_result r = load(&doc, path, schema, diag);
    xmlNode *into = oc_is_ok(r) ? oc_pen_add(pen, parent, "lab", NULL) : NULL;
    xmlNode *copy = into == NULL ? NULL : xmlDocCopyNode(oc_xml_root(doc), parent->doc, 1);
    if (oc_is_ok(r) && (copy == NULL || xmlAddChild(into, copy) == NULL)) {
        xmlFreeNode(copy);
        r = oc_diag_fail(diag, OC_E_MEMORY, "no memory for the report");
    }
    oc_xml_free(&doc);
    return r;
}
