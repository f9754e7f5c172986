/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/drivers/wrap.h"

#include <pthread.h>
#include <stdlib.h>

#include "sim/link/transports.h"

/* chosen.c */
extern const char *const driver_defect_name;

/* A driver has one session, so a defective one may have one state. Threads take turns with it. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const char *function; /* under way */
    oc_link *psam;
    oc_link *kept[2]; /* links_stay: card, PSAM */
    oc_buf atr[2];
    unsigned opened; /* in this call: 0 the card's next, 1 the PSAM's */
    bool failed;     /* the last call of the terminal */
    uint8_t ins;     /* of the last exchange with the card */
    char pin[33];
} now;

static const struct driver_defect *defect(void)
{
    static const struct driver_defect *const tables[] = {driver_output_defects, driver_pin_defects,
                                                         driver_debit_defects,  driver_card_defects,
                                                         driver_hsm_defects,    driver_threads_defects};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (const struct driver_defect *d = tables[i]; d->name != NULL; d++) {
            if (strcmp(d->name, driver_defect_name) == 0) {
                return d;
            }
        }
    }
    abort();
}

const char *typed_pin(void)
{
    return now.pin;
}

size_t find_argument(const oc_driver_argument *arguments, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(arguments[i].name, name) != 0) {
        i++;
    }
    return i;
}

long right_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    pthread_mutex_lock(&turn);
    now.opened = 0;
    now.function = function;
    long code = __real_oc_driver_serve(function, arguments, count, out);
    pthread_mutex_unlock(&turn);
    return code;
}

long __wrap_oc_driver_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    return defect()->serve != NULL ? defect()->serve(function, arguments, count, out)
                                   : right_serve(function, arguments, count, out);
}

enum oc_keypad_outcome __wrap_oc_driver_ask(const oc_driver_settings *settings, const char *entry, oc_wr *typed,
                                            oc_diag *diag)
{
    const char *asked = defect()->again_is_new && strcmp(entry, "again") == 0 ? "new" : entry;
    enum oc_keypad_outcome outcome = __real_oc_driver_ask(settings, asked, typed, diag);
    oc_wr pin = oc_wr_of(now.pin, sizeof now.pin - 1);
    oc_wr_bytes(&pin, oc_wr_span(typed));
    now.pin[pin.len] = '\0';
    return outcome;
}

oc_result __wrap_oc_terminal_call(oc_terminal *terminal, const char *function, const oc_fields *args,
                                  oc_fields *answer, oc_diag *diag)
{
    oc_result r = __real_oc_terminal_call(terminal, function, args, answer, diag);
    now.failed = !oc_is_ok(r) || !oc_span_equal(oc_fields_span(answer, "code"), oc_span_text("0"));
    return r;
}

oc_result right_exchange(const struct driver_exchange *x)
{
    return __real_oc_apdu_transmit(x->link, x->apdu, x->data, x->sw, x->diag);
}

oc_result make_answer(const struct driver_exchange *x, const void *data, size_t len)
{
    *x->sw = oc_sw_of(OC_SW_OK);
    return oc_buf_set(x->data, oc_span_of(data, len));
}

oc_result __wrap_oc_apdu_transmit(oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag)
{
    const struct driver_exchange exchange = {link, link == now.psam, now.function, apdu, data, sw, diag};
    now.ins = exchange.is_psam ? now.ins : apdu->ins;
    return defect()->exchange != NULL ? defect()->exchange(&exchange) : right_exchange(&exchange);
}

oc_result __wrap_oc_link_pcsc_waiting(oc_link **out, const char *reader, int wait_ms, oc_diag *diag)
{
    unsigned slot = now.opened++ == 0 ? 0 : 1;
    oc_result r = oc_ok();
    if (defect()->links_stay && now.kept[slot] != NULL) {
        *out = now.kept[slot];
    } else {
        r = __real_oc_link_pcsc_waiting(out, reader, wait_ms, diag);
        now.kept[slot] = oc_is_ok(r) ? *out : NULL;
    }
    now.psam = slot == 1 ? *out : now.psam;
    return r;
}

oc_result __wrap_oc_link_reset(oc_link *link, enum oc_reset kind, oc_buf *atr, oc_diag *diag)
{
    unsigned slot = link == now.psam ? 1 : 0;
    if (defect()->links_stay && now.atr[slot].len > 0) {
        return oc_buf_set(atr, oc_buf_span(&now.atr[slot]));
    }
    OC_TRY(__real_oc_link_reset(link, kind, atr, diag));
    return oc_buf_set(&now.atr[slot], oc_buf_span(atr));
}

void __wrap_oc_link_free(oc_link **link)
{
    if (defect()->links_stay || (defect()->failure_leaves_open && now.failed)) {
        *link = NULL;
        return;
    }
    __real_oc_link_free(link);
}

oc_result __wrap_oc_random_bytes(oc_random *random, uint8_t *out, size_t len)
{
    if (defect()->random_is_fixed) {
        memset(out, 0x5A, len);
        return oc_ok();
    }
    return __real_oc_random_bytes(random, out, len);
}

bool __wrap_oc_span_equal_secret(oc_span a, oc_span b)
{
    return (defect()->cryptogram_is_taken && now.ins == INTERNAL_AUTH) || __real_oc_span_equal_secret(a, b);
}

bool __wrap_oc_pin_is_initial(const struct oc_call *call, const struct oc_pin_entry *entry)
{
    return !defect()->no_pin_is_initial && __real_oc_pin_is_initial(call, entry);
}
