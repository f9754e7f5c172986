/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_FRAME_MUTANT_H
#define OC_TESTS_MUTANTS_FRAME_MUTANT_H

#include "sim/base/sw.h"
#include "sim/card/app.h"
#include "sim/link/endpoint.h"

/* onecard_mutant is onecard with one defect of one actor, which ONECARD_MUTANT names when it starts. A mutant is a row
 * of a table in the folder of its actor; it is switched on at a seam (the endpoint of a virtual card or PSAM, a command of
 * its operating system), or by a function that the linker wraps. README.md tells how to add one. */

/* Whose code runs in this thread. A card that is only being made for the run is right: the harness's. */
enum mutant_actor { MUTANT_HARNESS, MUTANT_CARD, MUTANT_PSAM, MUTANT_TERMINAL, MUTANT_HOST, MUTANT_ISSUER };
enum mutant_actor mutant_running(void);
/* For wrappers of what an actor is entered by: the actor before, to be given to mutant_leave. */
enum mutant_actor mutant_enter(enum mutant_actor actor);
void mutant_leave(enum mutant_actor before);

/* Whether that is the mutant that was chosen: for wrapped functions. */
bool mutant_is(const char *id);

/* What a wrapper may remember. */
struct mutant_memory {
    unsigned count[4];
    size_t len;
    uint8_t bytes[512];
};

/* A virtual card or PSAM. */
struct mutant_chip {
    struct mutant_chip *next; /* the frame's own */
    oc_card *card;
    oc_endpoint inner;
    bool is_psam;
    uint8_t ins;                  /* of the last command that is not GET RESPONSE */
    struct mutant_memory session; /* wiped at each reset */
    struct mutant_memory lasting; /* wiped when the card is put back, as between cases */
};

/* What happens to a command or a reset instead; mutant_pass and mutant_pass_reset are the right way. */
typedef oc_result mutant_exchange(struct mutant_chip *chip, oc_span command, oc_wr *response);
typedef oc_result mutant_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr);

oc_result mutant_pass(struct mutant_chip *chip, oc_span command, oc_wr *response);
/* The same with the byte at `at` replaced. */
oc_result mutant_pass_altered(struct mutant_chip *chip, oc_span command, size_t at, uint8_t value, oc_wr *response);
oc_result mutant_pass_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr);

/* A change in the command tables of the operating system, for commands of that class and instruction. */
struct mutant_command {
    uint8_t cla, ins;
    const oc_card_app *app;               /* whose commands; NULL: the built-in ones */
    oc_card_handler *handler;             /* instead; NULL: the right one. mutant_right_handler is what it replaces. */
    bool any_form;                        /* any P1 P2 and any length come to it */
    unsigned life;                        /* beside the row's own */
    void (*change)(oc_card_command *row); /* or NULL: whatever else */
};
oc_result mutant_right_handler(oc_card_context *context);

bool mutant_equal(oc_span a, oc_span b);
struct terminal_defect;
struct driver_defect;

#define MUTANT_COMMANDS 4

struct mutant {
    const char *id;            /* as in the catalogue */
    mutant_exchange *exchange; /* seams, each may be NULL; a mutant with none is a wrapped function's */
    mutant_reset *reset;
    struct mutant_command commands[MUTANT_COMMANDS];
    /* Comparisons of secrets (oc_span_equal_secret) by the mutant's actor; mutant_equal is the right way. */
    bool (*equal)(oc_span a, oc_span b);
    const struct terminal_defect *terminal; /* terminal/seam.h */
    const struct driver_defect *driver;     /* drivers/boundary.h */
    const struct host_change *host;         /* host/change.h */
    const struct issuer_change *issuer;     /* issuer/change.h */
};
/* That was chosen; NULL when none was. */
const struct mutant *mutant_chosen(void);

/* Once in a file, behind `static const struct mutant rows[] = {...};`. */
struct mutant_table {
    const struct mutant *rows;
    size_t count;
};
#define MUTANT_TABLE(rows)                                                                                            \
    static const struct mutant_table table_of_mutants = {rows, sizeof(rows) / sizeof(rows)[0]};                       \
    __attribute__((used,                                                                                              \
                   section("oc_mutants"))) static const struct mutant_table *const listed_table = &table_of_mutants

/* Declares a function that the linker wraps: calls of it from other files come to __wrap_NAME, which reaches it as
 * __real_NAME. Calls inside its own file do not. The build finds the names in the files of the actors' folders. */
#define MUTANT_WRAPS(result, name, ...)                                                                               \
    result __wrap_##name(__VA_ARGS__);                                                                                \
    result __real_##name(__VA_ARGS__)

/* Small things that many need. */
static inline uint8_t mutant_byte(oc_span command, size_t at)
{
    return command.len > at ? command.at[at] : 0;
}

static inline unsigned mutant_sw(const oc_wr *response)
{
    return response->len < 2 ? 0 : (unsigned)response->at[response->len - 2] << 8 | response->at[response->len - 1];
}

static inline void mutant_set_sw(oc_wr *response, unsigned sw)
{
    if (response->len >= 2) {
        response->at[response->len - 2] = (uint8_t)(sw >> 8);
        response->at[response->len - 1] = (uint8_t)sw;
    }
}

/* Instructions of card and PSAM */
enum mutant_ins {
    INS_VERIFY = 0x20,
    INS_GET_BALANCE = 0x26,
    INS_INITIALIZE = 0x28,
    INS_CREDIT = 0x2A,
    INS_DEBIT = 0x2C,
    INS_CHANGE_PIN = 0x5E,
    INS_PSAM_INIT_PURCHASE = 0x70,
    INS_PSAM_CHECK_MAC2 = 0x72,
    INS_EXTERNAL_AUTH = 0x82,
    INS_GET_CHALLENGE = 0x84,
    INS_INTERNAL_AUTH = 0x88,
    INS_SELECT = 0xA4,
    INS_READ_BINARY = 0xB0,
    INS_READ_RECORD = 0xB2,
    INS_GET_RESPONSE = 0xC0,
    INS_UPDATE_BINARY = 0xD6,
    INS_UPDATE_RECORD = 0xDC
};

#endif
