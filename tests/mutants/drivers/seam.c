/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "sim/link/transports.h"
#include "sim/terminal/driver/entries.h"
#include "sim/terminal/driver/readers.h"
#include "tests/mutants/drivers/boundary.h"
#include "tests/mutants/terminal/seam.h"

MUTANT_WRAPS(long, oc_driver_serve, const char *function, const oc_driver_argument *arguments, size_t count,
             char *out);
MUTANT_WRAPS(enum oc_keypad_outcome, oc_driver_ask, const oc_driver_settings *settings, const char *entry,
             oc_wr *typed, oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_driver_choose, oc_driver_slots *out, const oc_pcsc_readers *readers,
             const oc_driver_settings *settings, int type, oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_link_pcsc_waiting, oc_link **out, const char *reader, int wait_ms, oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_link_reset, oc_link *link, enum oc_reset kind, oc_buf *atr, oc_diag *diag);
MUTANT_WRAPS(void, oc_link_free, oc_link **link);

/* A driver has one session, so a defective one may have one state. Threads take turns with it. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static struct {
    oc_link *psam;
    oc_link *kept[2]; /* links_stay: card, PSAM */
    oc_buf atr[2];
    unsigned opened; /* in this call: 0 the card's next, 1 the PSAM's */
    char pin[33];
} now;

static const struct driver_defect *defect(void)
{
    static const struct driver_defect none;
    const struct mutant *mutant = mutant_chosen();
    return mutant == NULL || mutant->driver == NULL ? &none : mutant->driver;
}

const char *driver_typed_pin(void)
{
    return now.pin;
}

size_t driver_argument(const oc_driver_argument *arguments, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(arguments[i].name, name) != 0) {
        i++;
    }
    return i;
}

long driver_right_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    pthread_mutex_lock(&turn);
    now.opened = 0;
    long code = __real_oc_driver_serve(function, arguments, count, out);
    pthread_mutex_unlock(&turn);
    return code;
}

long __wrap_oc_driver_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = defect()->serve != NULL ? defect()->serve(function, arguments, count, out)
                                        : driver_right_serve(function, arguments, count, out);
    return defect()->code == NULL ? code : defect()->code((int)code);
}

enum oc_keypad_outcome __wrap_oc_driver_ask(const oc_driver_settings *settings, const char *entry, oc_wr *typed,
                                            oc_diag *diag)
{
    enum oc_keypad_outcome outcome = __real_oc_driver_ask(settings, entry, typed, diag);
    oc_wr pin = oc_wr_of(now.pin, sizeof now.pin - 1);
    oc_wr_bytes(&pin, oc_wr_span(typed));
    now.pin[pin.len] = '\0';
    return outcome;
}

oc_result __wrap_oc_driver_choose(oc_driver_slots *out, const oc_pcsc_readers *readers,
                                  const oc_driver_settings *settings, int type, oc_diag *diag)
{
    OC_TRY(__real_oc_driver_choose(out, readers, settings, type, diag));
    if (defect()->slots_swapped && out->psam != NULL) {
        *out = (oc_driver_slots){.card = out->psam, .psam = out->card};
    }
    return oc_ok();
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
    return defect()->links_stay ? oc_buf_set(&now.atr[slot], oc_buf_span(atr)) : oc_ok();
}

void __wrap_oc_link_free(oc_link **link)
{
    if (defect()->links_stay || (defect()->failure_leaves_open && terminal_failed())) {
        *link = NULL;
        return;
    }
    __real_oc_link_free(link);
}
