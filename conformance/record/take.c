/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that come from another record. */
#include <libxml/xmlsave.h>
#include <string.h>

#include "conformance/record/fragment.h"
#include "conformance/record/state.h"
#include "sim/base/xml.h"

bool oc_record_has_pass(const oc_record *record, const char *id)
{
    return id != NULL && oc_record_find_pass(record, id) != NULL;
}

oc_result oc_record_element(oc_buf *out, const xmlNode *element)
{
    xmlBufferPtr buffer = xmlBufferCreateSize(4096);
    if (buffer == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    xmlBufferSetAllocationScheme(buffer, XML_BUFFER_ALLOC_DOUBLEIT);
    bool written = xmlNodeDump(buffer, element->doc, (xmlNode *)(uintptr_t)element, 0, 0) >= 0;
    oc_result r = written ? oc_fragment_on_one_line(out, xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer))
                          : oc_fail(OC_E_MEMORY);
    xmlBufferFree(buffer);
    return r;
}

/* In this record the case stands under another run's name. */
static oc_result chain_again(oc_record *record, const xmlNode *one, oc_buf *entry)
{
    const char *pass_id = oc_xml_attr(one, "pass");
    const char *old = oc_xml_attr(one, "chain");
    const struct oc_record_pass *pass = pass_id == NULL ? NULL : oc_record_find_pass(record, pass_id);
    char digits[OC_CHAIN_DIGITS + 1];
    if (record->chain == NULL || old == NULL || pass == NULL) {
        return oc_ok();
    }
    const oc_chain_seed seed = {.run_id = record->info.run_id,
                                .plan = record->info.plan_digest,
                                .declaration = record->info.declaration.digest,
                                .challenge = record->info.challenge.digest,
                                .driver = pass->driver,
                                .pass = pass->id,
                                .case_id = oc_xml_attr(one, "id")};
    OC_TRY(oc_chain_case(record->chain, &seed, one, NULL, NULL, digits));
    return oc_fragment_set_chain(entry, 0, old, digits);
}

oc_result oc_record_take(oc_record *record, const xmlNode *element, oc_diag *diag)
{
    oc_buf entry = {0};
    off_t at = 0;
    oc_result r = oc_record_element(&entry, element);
    pthread_mutex_lock(&record->lock);
    if (oc_is_ok(r) && oc_xml_is(element, "case")) {
        r = chain_again(record, element, &entry);
    }
    if (oc_is_ok(r)) {
        r = oc_journal_write(record->journal, oc_buf_span(&entry), &at, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_record_replay(record, 0, at, oc_buf_span(&entry), diag);
    }
    pthread_mutex_unlock(&record->lock);
    oc_buf_free(&entry);
    return r;
}
