/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_REGION_INTERNAL_H
#define OC_HOST_MEDICAL_REGION_INTERNAL_H

#include "sim/base/arena.h"
#include "sim/base/xml.h"
#include "sim/host/medical/region.h"

#define OC_MED_MESSAGES_MAX 64
#define OC_MED_DICTIONARIES_MAX 64
#define OC_MED_LISTS_MAX 4096

struct oc_region {
    oc_arena arena;
    const char *id;
    const char *admdvs;
    const char *number_from; /* SSC items of mdtrt_cert_no and card_sn */
    const char *card_from;
    const char *user_id;
    const char *app_id;
    const char *secret;
    const char *signing_seed;
    enum oc_med_signature signature;
    oc_med_rules rules;
    oc_med_dictionary dictionaries[OC_MED_DICTIONARIES_MAX];
    size_t dictionary_count;
    oc_med_message messages[OC_MED_MESSAGES_MAX];
    size_t message_count;
    oc_med_node request;
    oc_med_node response;
    const oc_med_benefit *benefits;
    size_t benefit_count;
    const oc_med_serious *serious;
    size_t serious_count;
    const oc_med_item *items;
    size_t item_count;
    const oc_med_institution *institutions;
    size_t institution_count;
    oc_med_persons persons;
};

/* A file while it is read into a region. */
struct oc_region_reader {
    oc_region *region;
    const oc_xml_doc *doc;
    oc_diag *diag;
};

/* An attribute's text in the region's arena; `out` stays as it is when the attribute is absent. */
OC_MUST_USE oc_result oc_region_keep(struct oc_region_reader *reader, const xmlNode *node, const char *name,
                                     const char **out);
/* A decimal number within [0, max]; `out` stays as it is when the attribute is absent. The schema saw digits. */
OC_MUST_USE oc_result oc_region_number(struct oc_region_reader *reader, const xmlNode *node, const char *name,
                                       uint64_t max, uint64_t *out);
bool oc_region_yes(const xmlNode *node, const char *name, bool otherwise);

/* messages.xml: dictionaries, envelopes, messages. */
OC_MUST_USE oc_result oc_region_read_messages(struct oc_region_reader *reader);
/* <dictionary> adds to one that is there already. */
OC_MUST_USE oc_result oc_region_read_dictionary(struct oc_region_reader *reader, const xmlNode *node);
/* <change>: fields of one node added, or replaced where they have the name of one that is there. */
OC_MUST_USE oc_result oc_region_read_change(struct oc_region_reader *reader, const xmlNode *node);
/* <insurance>, <catalogue>, <institution>. */
OC_MUST_USE oc_result oc_region_read_benefits(struct oc_region_reader *reader, const xmlNode *root);

#endif
