/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/guarded_link.h"

#include <stdlib.h>

struct guarded {
    oc_link *inner;
    oc_watch *watch;
};

static oc_result guarded_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    struct guarded *guarded = self;
    oc_link_set_timeout(guarded->inner, timeout_ms);
    oc_guard_follow(&guarded->watch->guard.place, oc_span_empty(), oc_sw_of(0));
    return oc_link_reset(guarded->inner, kind, atr, diag);
}

static oc_sw last_word(const oc_buf *response)
{
    return oc_sw_of(
        response->len < 2 ? 0 : (unsigned)response->at[response->len - 2] << 8 | response->at[response->len - 1]);
}

#define PKI_VERIFY_P1 0x01 /* ssc-card sheet 9 */

/* Asks the card for the tries of a PIN: VERIFY without a body costs none. */
static oc_result ask_tries(struct guarded *guarded, oc_guard_reference pin, oc_diag *diag)
{
    bool pki = (pin >> 20 & 0x0F) == OC_GUARD_PKI;
    const uint8_t query[] = {0x00, 0x20, pki ? PKI_VERIFY_P1 : 0x00, (uint8_t)(pin >> 8), 0x00};
    /* P3 of a TPDU is Lc; in an APDU it would be Le */
    size_t len = oc_link_protocol(guarded->inner) == OC_PROTOCOL_T1 ? sizeof query - 1 : sizeof query;
    oc_buf response = {0};
    oc_result r = oc_link_transmit(guarded->inner, oc_span_of(query, len), &response, diag);
    oc_sw sw = last_word(&response);
    if (oc_is_ok(r) && (sw.value & 0xFFF0) == 0x63C0) {
        oc_guard_told(&guarded->watch->guard, pin, sw.value & 0x0F);
    } else if (oc_is_ok(r) && sw.value == OC_SW_BLOCKED) {
        oc_guard_told(&guarded->watch->guard, pin, 0);
    }
    oc_buf_free(&response);
    return r;
}

/* Before a PIN is presented for the first time, and where its tries seem to be too few. */
static oc_result ask_in_time(struct guarded *guarded, const oc_presentation *presentation, const uint8_t *proof,
                             oc_diag *diag)
{
    const oc_guard *guard = &guarded->watch->guard;
    const oc_guard_entry *entry = oc_guard_find(guard, presentation->reference);
    bool first = !presentation->wrong && (entry == NULL || !entry->counted);
    bool few = entry != NULL && entry->known && !oc_guard_permits(guard, presentation, proof);
    bool asks = presentation->reference >> 24 == OC_GUARD_KIND_PIN && (first || few);
    return asks ? ask_tries(guarded, presentation->reference, diag) : oc_ok();
}

static const char *change_text(unsigned touches)
{
    return (touches & OC_TOUCH_LIFECYCLE) != 0 ? "life cycle"
           : (touches & OC_TOUCH_KEYS) != 0    ? "PIN or keys"
           : (touches & OC_TOUCH_PURSE) != 0   ? "purse"
                                               : "records";
}

static oc_result check(struct guarded *guarded, oc_span command, const oc_presentation *presentation,
                       const uint8_t *proof, oc_diag *diag)
{
    const oc_watch *watch = guarded->watch;
    unsigned changes = oc_guard_changes(command) & ~watch->allowed;
    if (changes != 0) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "not sent: it could change the card's %s for good (see --allow)",
                            change_text(changes));
    }
    if (oc_guard_is_chained(command)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE,
                            "not sent: what a chain of commands presents or changes does not show in its parts");
    }
    OC_TRY(ask_in_time(guarded, presentation, proof, diag));
    if (!oc_guard_permits(&watch->guard, presentation, proof)) {
        char name[OC_GUARD_NAME_ROOM];
        oc_guard_name(presentation->reference, name);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE,
                            "not sent: it could leave the card's %s %s with fewer than two tries, if it failed or "
                            "power did (see --allow counters)",
                            presentation->reference >> 24 == OC_GUARD_KIND_PIN ? "PIN" : "key", name);
    }
    return oc_ok();
}

/* The ledger as it has to stand if nothing more is heard of what is now sent. */
static oc_result note_ahead(const oc_watch *watch, const oc_presentation *presentation, const uint8_t *proof,
                            oc_diag *diag)
{
    oc_guard worst = watch->guard;
    oc_guard_learn(&worst, presentation, proof, false, oc_sw_of(0));
    oc_result r = oc_sample_ledger_keep(watch->ledger, &worst, diag);
    oc_guard_wipe(&worst);
    return r;
}

static bool find_proof(const oc_watch *watch, const oc_presentation *presentation, uint8_t proof[OC_GUARD_PROOF])
{
    return presentation->reference != OC_GUARD_NONE && !presentation->wrong && watch->prove != NULL &&
           watch->prove(watch->context, presentation, proof);
}

/* What the card booked uses up its transaction counters (ssc-card sheet 7: B0 2A credits, B0 2C debits). */
static bool count_use(oc_guard *guard, oc_span command, oc_sw sw)
{
    bool done = oc_sw_ok(sw) || sw.value >> 8 == 0x61;
    bool load = done && (oc_guard_changes(command) & OC_TOUCH_PURSE) != 0 && command.at[1] == 0x2A;
    bool debit = done && (oc_guard_changes(command) & OC_TOUCH_PURSE) != 0 && command.at[1] == 0x2C;
    guard->loads += load;
    guard->debits += debit;
    return load || debit;
}

static oc_result guarded_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct guarded *guarded = self;
    oc_watch *watch = guarded->watch;
    oc_presentation presentation = oc_guard_presentation(watch->guard.place, command, watch->wrong);
    bool presents = presentation.reference != OC_GUARD_NONE;
    if (presents && watch->limit != NULL) {
        presentation.limit = watch->limit(watch->context, presentation.reference);
    }
    watch->guard.spending = (watch->allowed & OC_TOUCH_COUNTERS) != 0;
    uint8_t room[OC_GUARD_PROOF];
    const uint8_t *proof = find_proof(watch, &presentation, room) ? room : NULL;
    oc_link_set_timeout(guarded->inner, timeout_ms);
    OC_TRY(check(guarded, command, &presentation, proof, diag));
    if (presents && watch->ledger != NULL) {
        OC_TRY(note_ahead(watch, &presentation, proof, diag));
    }
    oc_result r = oc_link_transmit(guarded->inner, command, response, diag);
    bool answered = oc_is_ok(r) && response->len >= 2;
    oc_sw sw = answered ? last_word(response) : oc_sw_of(0);
    oc_guard_learn(&watch->guard, &presentation, proof, answered, sw);
    oc_guard_follow(&watch->guard.place, command, sw);
    bool booked = count_use(&watch->guard, command, sw);
    if ((presents || booked) && watch->ledger != NULL) {
        oc_result kept = oc_sample_ledger_keep(watch->ledger, &watch->guard, diag);
        return oc_is_ok(r) ? kept : r;
    }
    return r;
}

static enum oc_protocol guarded_protocol(void *self)
{
    const struct guarded *guarded = self;
    return oc_link_protocol(guarded->inner);
}

static void guarded_free(void *self)
{
    struct guarded *guarded = self;
    oc_link_free(&guarded->inner);
    free(guarded);
}

oc_result oc_guarded_link(oc_link **out, oc_link *inner, oc_watch *watch)
{
    static const oc_link_ops ops = {guarded_reset, guarded_transmit, guarded_free, guarded_protocol, NULL};
    *out = NULL;
    struct guarded *guarded = malloc(sizeof *guarded);
    if (guarded == NULL) {
        oc_link_free(&inner);
        return oc_fail(OC_E_MEMORY);
    }
    *guarded = (struct guarded){inner, watch};
    return oc_link_new(out, &ops, oc_link_traits_of(inner), guarded);
}
