/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical_own.h"

#include <stdio.h>
#include <string.h>

#define CARD_LIST "card-list"
#define HOLDER "holder"

bool oc_medical_own_knows(const char *name)
{
    return strcmp(name, CARD_LIST) == 0 || strcmp(name, HOLDER) == 0;
}

static void text_of(const oc_fields *in, const char *name, const char *otherwise, char *out, size_t room)
{
    oc_span value = oc_fields_span(in, name);
    snprintf(out, room, "%.*s", value.len == 0 ? (int)strlen(otherwise) : (int)value.len,
             value.len == 0 ? otherwise : (const char *)value.at);
}

static oc_result list_card(oc_medical *medical, const oc_fields *in, oc_diag *diag)
{
    char card_id[34];
    char state[16];
    text_of(in, "card-id", "", card_id, sizeof card_id);
    text_of(in, "state", "", state, sizeof state);
    if (strlen(card_id) != 32) {
        return oc_diag_fail(diag, OC_E_USAGE, "card-id has 32 hex digits");
    }
    if (state[0] != '\0' && strcmp(state, "lost") != 0 && strcmp(state, "replaced") != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "a card is lost or replaced, or the state is absent");
    }
    return oc_medical_list_card(medical, card_id, state[0] == '\0' ? NULL : state, diag);
}

static oc_result standing_of(const oc_fields *in, enum oc_med_standing *out, oc_diag *diag)
{
    static const char *const names[] = {"insured", "suspended", "ended", "deceased"};
    char name[16];
    text_of(in, "standing", "insured", name, sizeof name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum oc_med_standing)i;
            return oc_ok();
        }
    }
    return oc_diag_fail(diag, OC_E_USAGE, "nobody's standing is \"%s\"", name);
}

static oc_result tell_holder(oc_medical *medical, const oc_medical_holder *at_hand, const oc_fields *in, oc_diag *diag)
{
    oc_medical_holder told;
    text_of(in, "name", at_hand->name, told.name, sizeof told.name);
    text_of(in, "id-number", at_hand->id_number, told.id_number, sizeof told.id_number);
    text_of(in, "card-number", at_hand->card_number, told.card_number, sizeof told.card_number);
    text_of(in, "card-id", at_hand->card_id, told.card_id, sizeof told.card_id);
    oc_med_holder holder = oc_medical_holder_insured(&told);
    holder.injured = oc_fields_span(in, "injured").len > 0;
    OC_TRY(standing_of(in, &holder.standing, diag));
    return oc_medical_set_holder(medical, &holder);
}

oc_result oc_medical_own_message(oc_medical *medical, const oc_medical_holder *at_hand, const char *name,
                                 const oc_fields *in, oc_fields *answer, oc_diag *diag)
{
    OC_TRY(strcmp(name, CARD_LIST) == 0 ? list_card(medical, in, diag) : tell_holder(medical, at_hand, in, diag));
    return oc_fields_set_text(answer, "infcode", "0");
}
