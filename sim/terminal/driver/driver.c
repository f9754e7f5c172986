/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/driver/driver.h"

#include <stdlib.h>
#include <sys/random.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/link/transports.h"
#include "sim/terminal/driver/entries.h"
#include "sim/terminal/driver/log.h"
#include "sim/terminal/driver/readers.h"
#include "sim/terminal/functions.h"
#include "sim/terminal/terminal.h"

/* What one call, or the steps of one _HSM_ function, works with. */
struct opened {
    oc_link *card;
    oc_link *psam;
    oc_terminal *terminal;
};

struct oc_driver {
    oc_driver_settings settings;
    oc_diag wrong; /* why the settings cannot be used; "" when they can */
    struct opened opened;
    const char *step; /* the function that was called last in it; NULL: nothing is open */
    oc_diag *diag;    /* of the call under way */
    oc_clock clock;
    oc_random random;
};

static void let_go(oc_driver *driver)
{
    oc_terminal_free(&driver->opened.terminal);
    oc_link_free(&driver->opened.card);
    oc_link_free(&driver->opened.psam);
    driver->step = NULL;
}

/* Challenges of this process; 32 bytes of the system's randomness make the label. */
static oc_result seed(oc_random *random)
{
    uint8_t bytes[32];
    char label[2 * sizeof bytes + 1];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return oc_fail(OC_E_IO);
    }
    oc_hex_encode(label, sizeof label, oc_span_of(bytes, sizeof bytes));
    oc_random_init(random, 0, label);
    return oc_ok();
}

oc_result oc_driver_new(oc_driver **out)
{
    char path[PATH_MAX];
    *out = NULL;
    oc_driver *driver = calloc(1, sizeof *driver);
    if (driver == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    driver->settings = oc_driver_settings_default();
    oc_result r = seed(&driver->random);
    if (!oc_is_ok(r)) {
        free(driver);
        return r;
    }
    if (oc_driver_settings_find(path) && !oc_is_ok(oc_driver_settings_load(&driver->settings, path, &driver->wrong))) {
        driver->settings = oc_driver_settings_default();
    }
    *out = driver;
    return oc_ok();
}

void oc_driver_free(oc_driver **driver)
{
    if (*driver != NULL) {
        let_go(*driver);
        oc_wipe(*driver, sizeof **driver);
        free(*driver);
        *driver = NULL;
    }
}

static enum oc_keypad_outcome ask(void *self, const char *entry, oc_wr *digits)
{
    oc_driver *driver = self;
    return oc_driver_ask(&driver->settings, entry, digits, driver->diag);
}

/* What a link or the simulator reports, as a return code. */
static int code_of(oc_result r)
{
    switch (r.code) {
    case OC_E_GONE:
        return OC_CODE_NO_CARD;
    case OC_E_TIMEOUT:
    case OC_E_GARBAGE:
        return OC_CODE_NO_ANSWER;
    case OC_E_UNAVAILABLE:
    case OC_E_NOT_FOUND:
        return OC_CODE_READER;
    case OC_E_OK:
    case OC_E_USAGE:
    case OC_E_FORMAT:
    case OC_E_LIMIT:
    case OC_E_IO:
    case OC_E_MEMORY:
    case OC_E_CRYPTO:
    case OC_E_INTERNAL:
        break;
    }
    return OC_CODE_NOT_CONNECTED;
}

/* One that leaves meanwhile, or is silent, is none: the functions that need it say so. */
static oc_result open_psam(oc_driver *driver, const char *reader, oc_diag *diag)
{
    oc_diag unsaid = {0};
    oc_result r = oc_link_pcsc_waiting(&driver->opened.psam, reader, 0, &unsaid);
    if (r.code == OC_E_GONE || r.code == OC_E_TIMEOUT || r.code == OC_E_GARBAGE) {
        return oc_ok();
    }
    return oc_is_ok(r) ? r : oc_diag_fail(diag, r.code, "%s", unsaid.reason);
}

static oc_result open_readers(oc_driver *driver, const oc_fields *args, oc_diag *diag)
{
    oc_pcsc_readers readers;
    oc_driver_slots slots;
    oc_span type = oc_fields_span(args, "type");
    OC_TRY(oc_pcsc_list(&readers, diag));
    OC_TRY(oc_driver_choose(&slots, &readers, &driver->settings, type.len == 1 ? type.at[0] - '0' : 0, diag));
    OC_TRY(oc_link_pcsc_waiting(&driver->opened.card, slots.card->name, driver->settings.wait_ms, diag));
    if (slots.psam != NULL) {
        OC_TRY(open_psam(driver, slots.psam->name, diag));
    }
    driver->clock = oc_clock_wall();
    const oc_terminal_parts parts = {.card = driver->opened.card,
                                     .psam = driver->opened.psam,
                                     .clock = &driver->clock,
                                     .random = &driver->random,
                                     .keypad = {driver, ask},
                                     .settings = &driver->settings.terminal,
                                     .silence_is_code = true};
    return oc_terminal_new(&driver->opened.terminal, &parts);
}

static bool is_long(const char *function)
{
    return strcmp(function, "iReadCard") == 0 || strcmp(function, "iReadCard_HSM_Step2") == 0 ||
           strcmp(function, "iReadDebitRecord") == 0;
}

/* The NUL-terminated string that the caller sees; false when it does not fit. */
static bool write_out(const oc_driver *driver, const char *function, oc_span text, char *out)
{
    size_t room = is_long(function) ? driver->settings.long_room : OC_DRIVER_OUT_ROOM;
    if (text.len >= room || memchr(text.at, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(out, text.at, text.len);
    out[text.len] = '\0';
    return true;
}

static void write_reason(int code, char *out)
{
    oc_buf text = {0};
    out[0] = '\0';
    if (oc_is_ok(oc_text_to_card(&text, oc_span_text(oc_terminal_code_text(code)))) && text.len < OC_DRIVER_OUT_ROOM) {
        memcpy(out, text.at, text.len);
        out[text.len] = '\0';
    }
    oc_buf_free(&text);
}

static int fail(oc_driver *driver, int code, char *out)
{
    let_go(driver);
    write_reason(code, out);
    return code;
}

int oc_driver_refuse(oc_driver *driver, int code, char *out)
{
    return fail(driver, code, out);
}

/* Decimal text, not NUL-terminated. */
static int code_in(const oc_fields *answer)
{
    char text[16] = "";
    oc_wr wr = oc_wr_of(text, sizeof text - 1);
    oc_wr_bytes(&wr, oc_fields_span(answer, "code"));
    return wr.len == 0 ? OC_CODE_NOT_CONNECTED : (int)strtol(text, NULL, 10);
}

static int finish(oc_driver *driver, const oc_function *function, const oc_fields *answer, char *out)
{
    int code = code_in(answer);
    if (code != OC_CODE_OK) {
        return fail(driver, code, out);
    }
    if (!write_out(driver, function->name, oc_fields_span(answer, "out"), out)) {
        return fail(driver, OC_CODE_DATA_LENGTH, out);
    }
    if (oc_terminal_is_open(driver->opened.terminal)) {
        driver->step = function->name;
    } else {
        let_go(driver);
    }
    return OC_CODE_OK;
}

static oc_result work(oc_driver *driver, const oc_function *function, const oc_fields *args, oc_fields *answer,
                      oc_diag *diag)
{
    driver->diag = diag;
    if (driver->step == NULL) {
        OC_TRY(open_readers(driver, args, diag));
    }
    return oc_terminal_call(driver->opened.terminal, function->name, args, answer, diag);
}

int oc_driver_call(oc_driver *driver, const char *name, const oc_fields *args, char *out)
{
    const oc_function *function = oc_function_named(name);
    if (driver->wrong.reason[0] != '\0') {
        oc_driver_log(driver->settings.log, name, &driver->wrong);
        return fail(driver, OC_CODE_LIBRARY, out);
    }
    if (function == NULL) {
        return fail(driver, OC_CODE_NOT_SUPPORTED, out);
    }
    bool continues = function->follows != NULL && driver->step != NULL && strcmp(driver->step, function->follows) == 0;
    if (function->follows != NULL && !continues) {
        return fail(driver, OC_CODE_NOT_CONNECTED, out);
    }
    if (!continues && !driver->settings.terminal.keep_open) {
        let_go(driver);
    }
    oc_fields answer = {0};
    oc_diag diag = {0};
    oc_result r = work(driver, function, args, &answer, &diag);
    if (diag.reason[0] != '\0') {
        oc_driver_log(driver->settings.log, name, &diag);
    }
    int code = oc_is_ok(r) ? finish(driver, function, &answer, out) : fail(driver, code_of(r), out);
    oc_fields_free(&answer);
    return code;
}
