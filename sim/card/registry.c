/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/card/card_internal.h"

/* Command tables compiled for two look-ups a command: class, then instruction; rows that share both hang
 * together in table order. */
#define ROWS_MAX 1024u

struct oc_card_os {
    uint8_t class_of[256]; /* 0: unknown, else 1 + index into `first` */
    uint16_t (*first)[256];
    size_t classes;
    struct oc_card_row *rows; /* row 0 is not used */
    size_t row_count;
    const oc_card_app *const *apps;
    size_t app_count;
    size_t *state_at; /* offset of each application's volatile bytes */
    size_t state_size;
};

static const oc_card_family *const families[] = {
    &oc_card_select_family, &oc_card_response_family, &oc_card_record_family,
    &oc_card_binary_family, &oc_card_pin_family,      &oc_card_pin_reset_family,
    &oc_card_auth_family,   &oc_card_block_family,    &oc_card_perso_family,
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

static bool claims(const oc_card_os *os, uint16_t app)
{
    return app != OC_APP_NONE && os->apps[app]->environment_count > 0;
}

/* Two rows that would take the same command in the same directories are a mistake of whoever registers them. */
static oc_result add_row(oc_card_os *os, const oc_card_command *command, uint16_t app)
{
    OC_TRY(add_class(os, command->cla));
    bool claimed = claims(os, app);
    if (os->row_count >= ROWS_MAX || command->handler == NULL) {
        return oc_fail(OC_E_LIMIT);
    }
    uint16_t *link = &os->first[os->class_of[command->cla] - 1][command->ins];
    while (*link != OC_ROW_NONE) {
        const struct oc_card_row *row = &os->rows[*link];
        bool together = row->app == app || (!row->claims && !claimed);
        if (together && same_row(row->command, command)) {
            return oc_fail(OC_E_USAGE);
        }
        link = &os->rows[*link].next;
    }
    *link = (uint16_t)os->row_count;
    os->rows[os->row_count++] = (struct oc_card_row){command, app, claimed, OC_ROW_NONE};
    return oc_ok();
}

static oc_result add_apps(oc_card_os *os, bool claiming)
{
    for (size_t a = 0; a < os->app_count; a++) {
        for (size_t i = 0; claims(os, (uint16_t)a) == claiming && i < os->apps[a]->command_count; i++) {
            OC_TRY(add_row(os, &os->apps[a]->commands[i], (uint16_t)a));
        }
    }
    return oc_ok();
}

static oc_result compile(oc_card_os *os)
{
    os->row_count = 1;
    OC_TRY(add_apps(os, true)); /* before the built-in rows, so that they come first where they are there */
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
        for (size_t i = 0; i < families[f]->count; i++) {
            OC_TRY(add_row(os, &families[f]->commands[i], OC_APP_NONE));
        }
    }
    OC_TRY(add_apps(os, false));
    for (size_t a = 0; a < os->app_count; a++) {
        os->state_at[a] = os->state_size;
        os->state_size += (os->apps[a]->state_size + 7) / 8 * 8;
    }
    return oc_ok();
}

oc_result oc_card_os_new(oc_card_os **out, const oc_card_app *const *apps, size_t count)
{
    *out = NULL;
    if (count >= OC_APP_NONE) {
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

bool oc_card_os_knows_class(const oc_card_os *os, uint8_t cla)
{
    return os->class_of[cla] != 0;
}

static const struct oc_card_row *row_at(const oc_card_os *os, uint16_t at)
{
    return at == OC_ROW_NONE ? NULL : &os->rows[at];
}

const struct oc_card_row *oc_card_os_first(const oc_card_os *os, uint8_t cla, uint8_t ins)
{
    unsigned known = os->class_of[cla];
    return known == 0 ? NULL : row_at(os, os->first[known - 1][ins]);
}

const struct oc_card_row *oc_card_os_next(const oc_card_os *os, const struct oc_card_row *row)
{
    return row_at(os, row->next);
}

static bool is_named(const oc_dir *dir, oc_span name)
{
    for (unsigned i = 0; i < OC_FS_NAMES; i++) {
        if (oc_span_equal(oc_span_of(dir->names[i], dir->name_len[i]), name)) {
            return true;
        }
    }
    return false;
}

static bool claims_dir(const oc_card_app *app, const oc_dir *dir)
{
    for (size_t e = 0; e < app->environment_count; e++) {
        if (is_named(dir, app->environments[e])) {
            return true;
        }
    }
    return false;
}

uint16_t oc_card_os_owner(const oc_card_os *os, const oc_nvm *nvm, uint32_t dir)
{
    for (size_t a = 0; a < os->app_count; a++) {
        for (uint32_t at = dir; claims(os, (uint16_t)a) && at != OC_FS_NONE; at = oc_fs_parent(nvm, at)) {
            oc_dir above;
            oc_fs_load_dir(nvm, at, &above);
            if (claims_dir(os->apps[a], &above)) {
                return (uint16_t)a;
            }
        }
    }
    return OC_APP_NONE;
}

void *oc_card_state(oc_card *card, uint16_t app)
{
    return app == OC_APP_NONE ? NULL : (uint8_t *)card->states + card->os->state_at[app];
}

void oc_card_tell_select(oc_card *card)
{
    for (size_t a = 0; a < card->os->app_count; a++) {
        if (card->os->apps[a]->on_select != NULL) {
            card->os->apps[a]->on_select(oc_card_state(card, (uint16_t)a));
        }
    }
}

oc_result oc_card_tell_key(oc_card_context *context, const oc_stored_key *key)
{
    oc_card *card = context->card;
    for (size_t a = 0; a < card->os->app_count; a++) {
        if (card->os->apps[a]->on_key != NULL) {
            void *own = context->state;
            context->state = oc_card_state(card, (uint16_t)a);
            oc_result r = card->os->apps[a]->on_key(context, key);
            context->state = own;
            OC_TRY(r);
        }
    }
    return oc_ok();
}
