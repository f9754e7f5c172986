/* SPDX-License-Identifier: Apache-2.0 */
/* What a region asks for beyond the national tables, or leaves out. */
#include "tests/mutants/host/change.h"

#define OVERLOOKS(function)                                                                                           \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .overlooks = function                                                                                         \
    }

static bool is_at(const oc_med_finding *finding, enum oc_med_flaw flaw, const char *part)
{
    return finding->flaw == flaw && strstr(finding->path, part) != NULL;
}

static bool magnetic_card(const oc_med_finding *finding)
{
    return is_at(finding, OC_MED_FLAW_DICTIONARY, "mdtrt_cert_type");
}

static bool no_receiver(const oc_med_finding *finding)
{
    return is_at(finding, OC_MED_FLAW_MISSING, "recer_admdvs");
}

static bool receiver_of_any_length(const oc_med_finding *finding)
{
    return is_at(finding, OC_MED_FLAW_LENGTH, "recer_admdvs");
}

static bool no_card_data(const oc_med_finding *finding)
{
    return is_at(finding, OC_MED_FLAW_MISSING, "hcard_");
}

static const struct mutant rows[] = {
    {.id = "host.region.magnetic-everywhere", OVERLOOKS(magnetic_card)},
    {.id = "host.region.receiver-unasked", OVERLOOKS(no_receiver)},
    {.id = "host.region.receiver-of-any-length", OVERLOOKS(receiver_of_any_length)},
    {.id = "host.region.card-data-unasked", OVERLOOKS(no_card_data)},
    {.id = "host.region.variants-unknown"},
    {.id = "host.message.unknown-refused", .host = &(const struct host_change){.refuses_unknown = true}},
};
MUTANT_TABLE(rows);
