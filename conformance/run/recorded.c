/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/recorded.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Longest command that the link says it can carry. */
#define COMMAND_MAX 65544

void oc_recorded_free(oc_recorded *recorded)
{
    for (size_t i = 0; i < recorded->step_count; i++) {
        oc_fields_free(&recorded->steps[i].answers);
    }
    oc_arena_free(&recorded->arena);
    *recorded = (oc_recorded){0};
}

struct player {
    oc_recorded *const *recorded;
    const char *actor;
};

static oc_recorded_exchange *next_of(oc_recorded *recorded, const char *actor)
{
    for (size_t i = 0; i < recorded->exchange_count; i++) {
        oc_recorded_exchange *one = &recorded->exchanges[i];
        if (!one->used && strcmp(one->actor, actor) == 0) {
            return one;
        }
    }
    return NULL;
}

bool oc_recorded_uses(const oc_recorded *recorded, const char *actor)
{
    for (size_t i = 0; i < recorded->exchange_count; i++) {
        if (strcmp(recorded->exchanges[i].actor, actor) == 0) {
            return true;
        }
    }
    return false;
}

static oc_fault *fault_of(const oc_recorded *recorded, const char *actor)
{
    return strcmp(actor, "psam") == 0 ? recorded->psam_fault : recorded->card_fault;
}

static void strike(oc_fault *fault, const oc_recorded_exchange *one)
{
    snprintf(fault->text, sizeof fault->text, "%s", one->fault);
    fault->silent = one->failed && one->fault[0] != '\0';
    if (one->fault[0] == '\0') {
        return;
    }
    fault->order.met = true;
    fault->pieces_unmet = false;
    fault->unpowered = fault->silent;
}

static oc_result silence(const oc_recorded_exchange *one, oc_diag *diag)
{
    if (one->fault[0] == '\0') {
        return oc_diag_fail(diag, OC_E_TIMEOUT, "no answer from the %s, as in the record", one->actor);
    }
    bool gone = strncmp(one->fault, "mute", 4) != 0 && strncmp(one->fault, "delay", 5) != 0;
    return oc_diag_fail(diag, gone ? OC_E_GONE : OC_E_TIMEOUT, "no answer, through a fault: %s", one->fault);
}

/* Kept beside the diagnosis: a verdict that rests on it is none. */
static oc_result unanswered(oc_recorded *recorded, oc_diag *diag, const char *format, ...) OC_PRINTF(3, 4);

static oc_result unanswered(oc_recorded *recorded, oc_diag *diag, const char *format, ...)
{
    char text[sizeof recorded->unanswered];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (recorded->unanswered[0] == '\0') {
        memcpy(recorded->unanswered, text, sizeof text);
    }
    return oc_diag_fail(diag, OC_E_FORMAT, "%s", text);
}

static oc_result play(const struct player *player, const char *command, oc_buf *answer, oc_diag *diag)
{
    oc_recorded *recorded = *player->recorded;
    if (recorded == NULL || command == NULL) {
        return oc_fail(command == NULL ? OC_E_MEMORY : OC_E_INTERNAL);
    }
    oc_recorded_exchange *one = next_of(recorded, player->actor);
    if (one == NULL) {
        return unanswered(recorded, diag, "the record has no answer of the %s to %.80s", player->actor, command);
    }
    if (strcmp(one->command, command) != 0) {
        return unanswered(recorded, diag, "the %s got %.80s then, and is sent %.80s now", player->actor, one->command,
                          command);
    }
    one->used = true;
    strike(fault_of(recorded, one->actor), one);
    oc_buf_clear(answer);
    return one->failed ? silence(one, diag) : oc_buf_append(answer, one->response);
}

static oc_result play_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    (void)timeout_ms;
    const struct player *player = self;
    if (*player->recorded != NULL) {
        fault_of(*player->recorded, player->actor)->unpowered = false;
    }
    return play(player, kind == OC_RESET_COLD ? "reset cold" : "reset warm", atr, diag);
}

static oc_result play_command(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    (void)timeout_ms;
    const struct player *player = self;
    oc_arena scratch = {0};
    const char *masked = *player->recorded == NULL ? NULL
                                                   : oc_mask_command((*player->recorded)->mask, &scratch, command);
    oc_result r = play(player, masked, response, diag);
    oc_arena_free(&scratch);
    return r;
}

static enum oc_protocol play_protocol(void *self)
{
    const struct player *player = self;
    return *player->recorded == NULL ? OC_PROTOCOL_T0 : (*player->recorded)->protocol;
}

oc_result oc_recorded_link(oc_link **out, oc_recorded *const *recorded, const char *actor)
{
    static const oc_link_ops ops = {play_reset, play_command, free, play_protocol, NULL};
    *out = NULL;
    struct player *player = malloc(sizeof *player);
    if (player == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *player = (struct player){recorded, actor};
    return oc_link_new(out, &ops, (oc_link_traits){"record", true, true, COMMAND_MAX}, player);
}

bool oc_recorded_has(const oc_recorded *recorded, const char *id)
{
    for (size_t i = 0; i < recorded->step_count; i++) {
        if (strcmp(recorded->steps[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

oc_recorded_step *oc_recorded_next(oc_recorded *recorded, const char *id, const char *phase)
{
    for (size_t i = recorded->at_step; i < recorded->step_count; i++) {
        if (strcmp(recorded->steps[i].id, id) == 0 && strcmp(recorded->steps[i].phase, phase) == 0) {
            recorded->at_step = i + 1;
            return &recorded->steps[i];
        }
    }
    return NULL;
}

/* As the exchanges came to the harness then: whole, with their times. */
static void hand_over(const oc_recorded *recorded, oc_recorded_exchange *one, oc_exchange_log_reader *read,
                      void *context)
{
    bool is_reset = strncmp(one->command, "reset", 5) == 0;
    one->used = true;
    strike(fault_of(recorded, one->actor), one);
    oc_logged_exchange logged = {
        .actor = strcmp(one->actor, "psam") == 0 ? "psam" : "card",
        .exchange = {.is_reset = is_reset,
                     .reset = strstr(one->command, "warm") != NULL ? OC_RESET_WARM : OC_RESET_COLD,
                     .command = one->command_bytes,
                     .response = one->response,
                     .failed = one->failed,
                     .begin_ns = one->begin_ns,
                     .end_ns = one->begin_ns + one->duration_ns},
        .fault = one->fault,
        .silent = one->failed && one->fault[0] != '\0'};
    read(context, &logged);
}

oc_result oc_recorded_answer(oc_recorded *recorded, const char *id, const char *phase, oc_fields *answer,
                             oc_breach *breach, oc_exchange_log_reader *read, void *context, oc_diag *diag)
{
    oc_recorded_step *step = oc_recorded_next(recorded, id, phase);
    if (step == NULL || (!step->has_answers && step->breach.kind == OC_BREACH_NONE)) {
        return unanswered(recorded, diag, "the record has no answer of the one under test to step %s", id);
    }
    for (size_t i = 0; i < step->count && read != NULL; i++) {
        hand_over(recorded, &recorded->exchanges[step->first + i], read, context);
    }
    *breach = step->breach;
    for (size_t i = 0; i < step->answers.count; i++) {
        OC_TRY(oc_fields_set(answer, step->answers.at[i].name, oc_buf_span(&step->answers.at[i].value)));
    }
    return oc_ok();
}
