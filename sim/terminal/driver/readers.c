/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/driver/readers.h"

#include <string.h>

enum { TYPE_CONTACT = 1, TYPE_CONTACTLESS = 2, TYPE_CONTACT_FIRST = 3, TYPE_CONTACTLESS_FIRST = 4 };

/* "Maker Model 00 01": number of the reader, number of its slot. */
static bool has_slot_number(const char *name, size_t len)
{
    return len > 3 && name[len - 3] == ' ' && strspn(name + len - 2, "0123456789ABCDEFabcdef") == 2;
}

static bool is_for_psam(const oc_pcsc_reader *reader)
{
    size_t len = strlen(reader->name);
    return strstr(reader->name, "SAM") != NULL ||
           (has_slot_number(reader->name, len) && strcmp(reader->name + len - 2, "00") != 0);
}

static const oc_pcsc_reader *first_for_card(const oc_pcsc_readers *readers)
{
    const oc_pcsc_reader *empty = NULL;
    for (size_t i = 0; i < readers->count; i++) {
        const oc_pcsc_reader *reader = &readers->at[i];
        if (is_for_psam(reader)) {
            continue;
        }
        if (reader->present) {
            return reader;
        }
        empty = empty == NULL ? reader : empty;
    }
    return empty != NULL ? empty : &readers->at[0];
}

static const oc_pcsc_reader *first_with_psam(const oc_pcsc_readers *readers, const oc_pcsc_reader *card)
{
    const oc_pcsc_reader *after = NULL;
    for (size_t i = 0; i < readers->count; i++) {
        const oc_pcsc_reader *reader = &readers->at[i];
        if (!reader->present || reader == card) {
            continue;
        }
        if (is_for_psam(reader)) {
            return reader;
        }
        after = after == NULL && reader > card ? reader : after;
    }
    return after;
}

static oc_result choose_card(const oc_pcsc_reader **out, const oc_pcsc_readers *readers,
                             const oc_driver_settings *settings, int type, oc_diag *diag)
{
    const oc_pcsc_reader *contact = NULL;
    const oc_pcsc_reader *contactless = NULL;
    if (settings->card[0] != '\0') {
        OC_TRY(oc_pcsc_list_find(&contact, readers, settings->card, diag));
    }
    if (settings->contactless[0] != '\0') {
        OC_TRY(oc_pcsc_list_find(&contactless, readers, settings->contactless, diag));
    }
    contact = contact != NULL ? contact : contactless != NULL ? contactless : first_for_card(readers);
    contactless = contactless != NULL ? contactless : contact;
    bool is_contactless = type == TYPE_CONTACTLESS || type == TYPE_CONTACTLESS_FIRST;
    *out = is_contactless ? contactless : contact;
    if (!(*out)->present && (type == TYPE_CONTACT_FIRST || type == TYPE_CONTACTLESS_FIRST)) {
        const oc_pcsc_reader *other = is_contactless ? contact : contactless;
        *out = other->present ? other : *out;
    }
    return oc_ok();
}

oc_result oc_driver_choose(oc_driver_slots *out, const oc_pcsc_readers *readers, const oc_driver_settings *settings,
                           int type, oc_diag *diag)
{
    *out = (oc_driver_slots){NULL, NULL};
    if (readers->count == 0) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "pcscd has no reader");
    }
    OC_TRY(choose_card(&out->card, readers, settings, type, diag));
    if (settings->psam[0] == '\0') {
        out->psam = first_with_psam(readers, out->card);
        return oc_ok();
    }
    OC_TRY(oc_pcsc_list_find(&out->psam, readers, settings->psam, diag));
    out->psam = out->psam->present ? out->psam : NULL;
    return oc_ok();
}
