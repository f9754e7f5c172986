/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/documents.h"

#include <strings.h>

#include "reports/bundle/bundle.h"
#include "sim/base/hex.h"

bool oc_document_is_original(const char *path)
{
    static const char *const names[] = {"result.xml", "ics.xml", "lab.xml", OC_BUNDLE_CHALLENGE,
                                        OC_BUNDLE_CHALLENGE_SIGNATURE};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(path, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *objection(const oc_manifest *found, const char *name, const char *digest)
{
    const oc_manifest_entry *entry = oc_manifest_find(found, name);
    char digits[65];
    if (entry == NULL || digest[0] == '\0') {
        return entry == NULL && digest[0] != '\0' ? "missing, and the run was made with one" : NULL;
    }
    oc_hex_encode(digits, sizeof digits, oc_span_of(entry->sha256, sizeof entry->sha256));
    return strcasecmp(digits, digest) == 0 ? NULL : "not the one that the run was made with";
}

const char *oc_documents_objection(const oc_manifest *found, const oc_evidence *evidence, const char **file)
{
    const struct {
        const char *name;
        const char *digest;
        const char *without; /* why it may not be there where the record knows of none; NULL: it may */
    } documents[] = {
        {"ics.xml", evidence->ics_digest, "the run was made without a declaration"},
        {"lab.xml", evidence->lab_digest, NULL},
        {OC_BUNDLE_CHALLENGE, evidence->challenge_digest, "the run answers no challenge"},
        {OC_BUNDLE_CHALLENGE_SIGNATURE, "",
         evidence->challenge_digest[0] == '\0' ? "the run answers no challenge" : NULL},
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        bool is_there = oc_manifest_find(found, documents[i].name) != NULL;
        bool is_extra = is_there && documents[i].digest[0] == '\0' && documents[i].without != NULL;
        const char *why = is_extra ? documents[i].without : objection(found, documents[i].name, documents[i].digest);
        *file = documents[i].name;
        if (why != NULL) {
            return why;
        }
    }
    return evidence->challenge_digest[0] != '\0' && oc_manifest_find(found, *file) == NULL
               ? "missing, and the run answers a challenge"
               : NULL;
}
