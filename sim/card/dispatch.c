/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/card/card_internal.h"

/* Command tables compiled for two look-ups a command: class, then instruction; rows that share both hang
 * together in table order. */
#define NO_ROW 0u
#define BUILT_IN UINT16_MAX
#define ROWS_MAX 1024u
#define SW_MORE 0x6100u
#define SW_EXACT 0x6C00u

struct row {
    const oc_card_command *command;
    uint16_t app;  /* index, or BUILT_IN */
    uint16_t next; /* row number or NO_ROW */
};

struct oc_card_os {
    uint8_t class_of[256]; /* 0: unknown, else 1 + index into `first` */
    uint16_t (*first)[256];
    size_t classes;
    struct row *rows; /* row 0 is not used */
    size_t row_count;
    const oc_card_app *const *apps;
    size_t app_count;
    size_t *state_at; /* offset of each application's volatile bytes */
    size_t state_size;
};

static const oc_card_family *const families[] = {
    &oc_card_select_family, &oc_card_response_family,  &oc_card_record_family, &oc_card_binary_family,
    &oc_card_pin_family,    &oc_card_pin_reset_family, &oc_card_auth_family,   &oc_card_perso_family,
};

static bool same_row(const oc_card_command *a, const oc_card_command *b)
{
    return a->cla == b->cla && a->ins == b->ins && a->p1 == b->p1 && a->p1_mask == b->p1_mask && a->p2 == b->p2 &&
           a->p2_mask == b->p2_mask && a->parameters == b->parameters;
}

static oc_result add_class(oc_card_os *os, uint8_t cla)
{
    if (os->class_of[cla] != 0) {
        return oc_ok();
    }
    if (os->classes == UINT8_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    void *more = realloc(os->first, (os->classes + 1) * sizeof *os->first);
    if (more == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    os->first = more;
    memset(os->first[os->classes], 0, sizeof *os->first);
    os->class_of[cla] = (uint8_t)++os->classes;
    return oc_ok();
}

/* Two applications that claim one command are a mistake of whoever registers them. */
static oc_result add_row(oc_card_os *os, const oc_card_command *command, uint16_t app)
{
    OC_TRY(add_class(os, command->cla));
    if (os->row_count >= ROWS_MAX || command->handler == NULL) {
        return oc_fail(OC_E_LIMIT);
    }
    uint16_t *link = &os->first[os->class_of[command->cla] - 1][command->ins];
    while (*link != NO_ROW) {
        if (same_row(os->rows[*link].command, command)) {
            return oc_fail(OC_E_USAGE);
        }
        link = &os->rows[*link].next;
    }
    *link = (uint16_t)os->row_count;
    os->rows[os->row_count++] = (struct row){command, app, NO_ROW};
    return oc_ok();
}

static oc_result compile(oc_card_os *os)
{
    os->row_count = 1;
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
        for (size_t i = 0; i < families[f]->count; i++) {
            OC_TRY(add_row(os, &families[f]->commands[i], BUILT_IN));
        }
    }
    for (size_t a = 0; a < os->app_count; a++) {
        for (size_t i = 0; i < os->apps[a]->command_count; i++) {
            OC_TRY(add_row(os, &os->apps[a]->commands[i], (uint16_t)a));
        }
        os->state_at[a] = os->state_size;
        os->state_size += (os->apps[a]->state_size + 7) / 8 * 8;
    }
    return oc_ok();
}

oc_result oc_card_os_new(oc_card_os **out, const oc_card_app *const *apps, size_t count)
{
    *out = NULL;
    if (count >= BUILT_IN) {
        return oc_fail(OC_E_LIMIT);
    }
    oc_card_os *os = calloc(1, sizeof *os);
    if (os == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    os->apps = apps;
    os->app_count = count;
    os->rows = calloc(ROWS_MAX, sizeof *os->rows);
    os->state_at = calloc(count + 1, sizeof *os->state_at);
    oc_result r = os->rows == NULL || os->state_at == NULL ? oc_fail(OC_E_MEMORY) : compile(os);
    if (!oc_is_ok(r)) {
        oc_card_os_free(&os);
        return r;
    }
    *out = os;
    return oc_ok();
}

void oc_card_os_free(oc_card_os **os)
{
    if (os == NULL || *os == NULL) {
        return;
    }
    free((*os)->first);
    free((*os)->rows);
    free((*os)->state_at);
    free(*os);
    *os = NULL;
}

size_t oc_card_os_state_size(const oc_card_os *os)
{
    return os->state_size;
}

static void *state_of(oc_card *card, size_t app)
{
    return (uint8_t *)card->states + card->os->state_at[app];
}

void oc_card_tell_select(oc_card *card)
{
    for (size_t a = 0; a < card->os->app_count; a++) {
        if (card->os->apps[a]->on_select != NULL) {
            card->os->apps[a]->on_select(state_of(card, a));
        }
    }
}

oc_result oc_card_tell_key(oc_card_context *context, const oc_stored_key *key)
{
    oc_card *card = context->card;
    for (size_t a = 0; a < card->os->app_count; a++) {
        if (card->os->apps[a]->on_key != NULL) {
            void *own = context->state;
            context->state = state_of(card, a);
            oc_result r = card->os->apps[a]->on_key(context, key);
            context->state = own;
            OC_TRY(r);
        }
    }
    return oc_ok();
}

static bool takes(const oc_card_command *row, uint8_t p1, uint8_t p2)
{
    return (p1 & row->p1_mask) == row->p1 && (p2 & row->p2_mask) == row->p2 &&
           (row->parameters == NULL || row->parameters(p1, p2));
}

/* The row that runs, or why none does. Personalisation commands are not there once the card is issued. */
static const struct row *find_row(const oc_card *card, const uint8_t *head, enum oc_card_life life, unsigned *sw)
{
    const oc_card_os *os = card->os;
    unsigned cls = os->class_of[head[0]];
    *sw = OC_SW_CLA;
    if (cls == 0) {
        return NULL;
    }
    *sw = OC_SW_INS;
    for (uint16_t at = os->first[cls - 1][head[1]]; at != NO_ROW; at = os->rows[at].next) {
        const struct row *row = &os->rows[at];
        if (life == OC_LIFE_ISSUED && row->command->life == OC_LIFE_BLANK) {
            continue;
        }
        *sw = OC_SW_WRONG_P1P2;
        if (takes(row->command, head[2], head[3])) {
            return row;
        }
    }
    return NULL;
}

static bool length_fits(const oc_card_command *row, const oc_card_context *context)
{
    if (row->flow == OC_FLOW_OUT) {
        return context->body.len == 0;
    }
    return context->body.len == context->p3 && context->p3 >= row->p3_min && context->p3 <= row->p3_max;
}

static void drop_waiting(oc_session *session)
{
    if (session->waiting_len > 0) {
        oc_wipe(session->waiting, (size_t)session->waiting_at + session->waiting_len);
        session->waiting_at = 0;
        session->waiting_len = 0;
    }
}

/* Data of a command with a body wait for GET RESPONSE; data of one without must be as many as Le says. */
static void deliver(const oc_card_command *row, oc_card_context *context, oc_wr *response)
{
    oc_session *session = &context->card->session;
    size_t len = context->out.len;
    if (row->flow == OC_FLOW_IN) {
        if (len > 0 && oc_sw_ok(context->sw)) {
            memcpy(session->waiting, context->out.at, len);
            session->waiting_at = 0;
            session->waiting_len = (uint16_t)len;
            context->sw = oc_sw_of(SW_MORE | (len & 0xFF));
        }
    } else if (oc_sw_ok(context->sw) && len != (context->p3 == 0 ? OC_CARD_DATA_MAX : context->p3)) {
        context->sw = oc_sw_of(len == 0 ? OC_SW_WRONG_LENGTH : SW_EXACT | (len & 0xFF));
    } else if (oc_sw_ok(context->sw) || context->sw.value >> 8 == SW_MORE >> 8) {
        oc_wr_bytes(response, oc_wr_span(&context->out));
    }
}

oc_result oc_card_dispatch(oc_card *card, oc_span command, oc_wr *response)
{
    unsigned sw = OC_SW_WRONG_LENGTH;
    enum oc_card_life life = oc_card_issued(card) ? OC_LIFE_ISSUED : OC_LIFE_BLANK;
    const struct row *row = command.len < 4 ? NULL : find_row(card, command.at, life, &sw);
    if (row == NULL || row->command->handler != oc_card_response_family.commands->handler) {
        drop_waiting(&card->session);
    }
    if (row == NULL) {
        oc_wr_u16(response, (uint16_t)sw);
        return oc_ok();
    }
    uint8_t data[OC_CARD_DATA_MAX];
    const uint8_t *c = command.at;
    oc_card_context context = {.card = card,
                               .cla = c[0],
                               .ins = c[1],
                               .p1 = c[2],
                               .p2 = c[3],
                               .p3 = command.len > 4 ? c[4] : 0,
                               .body = oc_span_slice(command, 5, command.len),
                               .out = oc_wr_of(data, sizeof data),
                               .sw = {OC_SW_OK},
                               .nvm = &card->nvm,
                               .crypto = card->crypto,
                               .dir = card->session.dir,
                               .environment = card->session.environment,
                               .state = row->app == BUILT_IN ? NULL : state_of(card, row->app)};
    if (!length_fits(row->command, &context)) {
        context.sw = oc_sw_of(OC_SW_WRONG_LENGTH);
    } else if ((row->command->life & life) == 0) {
        context.sw = oc_sw_of(OC_SW_CONDITIONS);
    } else {
        OC_TRY(row->command->handler(&context));
        if (context.out.bad) {
            return oc_fail(OC_E_INTERNAL);
        }
        deliver(row->command, &context, response);
    }
    oc_wr_u16(response, context.sw.value);
    return oc_ok();
}
