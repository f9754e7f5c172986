/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/keys/outside.h"
#include "sim/link/dialogue.h"

/* The child that answers, and its protocol (keys.h). */

#define VERSION_LINE "onecard-keys 1\n"

struct exec_keys {
    oc_outside outside;
    oc_dialogue *dialogue;
    int timeout_ms;
    bool failed; /* it once did what no answer is */
    oc_buf line;
};

static oc_result add_text(oc_buf *line, const char *text)
{
    return oc_buf_append(line, oc_span_text(text));
}

/* A blank, then the bytes in hex. */
static oc_result add_bytes(oc_buf *line, oc_span bytes)
{
    OC_TRY(oc_buf_append_byte(line, ' '));
    if (bytes.len == 0) {
        return oc_buf_append_byte(line, '-');
    }
    char digits[2 * 64 + 1];
    for (size_t at = 0; at < bytes.len; at += 64) {
        oc_hex_encode(digits, sizeof digits, oc_span_slice(bytes, at, 64));
        OC_TRY(add_text(line, digits));
    }
    return oc_ok();
}

static oc_result add_factors(oc_buf *line, const oc_key_question *question)
{
    uint8_t room[OC_KEY_FACTORS_MAX * 8];
    oc_wr wr = oc_wr_of(room, sizeof room);
    for (size_t i = 0; i < question->factor_count && i < OC_KEY_FACTORS_MAX; i++) {
        oc_wr_bytes(&wr, question->factors[i]);
    }
    return wr.bad ? oc_fail(OC_E_LIMIT) : add_bytes(line, oc_wr_span(&wr));
}

static oc_result write_question(oc_buf *line, const oc_key_question *question, enum oc_alg alg)
{
    static const char *const uses[] = {[OC_KEY_ENCIPHER] = "encipher",
                                       [OC_KEY_DECIPHER] = "decipher",
                                       [OC_KEY_MAC] = "mac",
                                       [OC_KEY_RETAIL_MAC] = "retail-mac",
                                       [OC_KEY_TAC] = "tac"};
    const char version[] = {'#', (char)('0' + question->key.version), '\0'};
    oc_buf_clear(line);
    OC_TRY(add_text(line, uses[question->use]));
    OC_TRY(add_text(line, alg == OC_ALG_SM4 ? " sm4 " : " 3des "));
    OC_TRY(add_text(line, question->key.dir));
    OC_TRY(add_text(line, "/"));
    OC_TRY(add_text(line, question->key.name));
    OC_TRY(add_text(line, version));
    OC_TRY(add_factors(line, question));
    OC_TRY(add_bytes(line, question->session));
    OC_TRY(add_bytes(line, question->icv));
    OC_TRY(add_bytes(line, question->data));
    return oc_buf_append_byte(line, '\n');
}

static bool begins(oc_span line, const char *text)
{
    size_t len = strlen(text);
    return line.len >= len && memcmp(line.at, text, len) == 0;
}

/* "no REASON": what may be printed of it, without a control character. */
static oc_result refused(const struct exec_keys *self, const oc_key_name *key, oc_span reason, oc_diag *diag)
{
    char text[160];
    size_t len = reason.len < sizeof text - 1 ? reason.len : sizeof text - 1;
    for (size_t i = 0; i < len; i++) {
        text[i] = reason.at[i] >= 0x20 && reason.at[i] < 0x7F ? (char)reason.at[i] : '?';
    }
    text[len] = '\0';
    (void)self;
    return oc_outside_lacks(diag, key, len == 0 ? "the key program refuses" : text);
}

static oc_result take_answer(struct exec_keys *self, const oc_key_question *question, oc_span line, size_t len,
                             oc_wr *answer, oc_diag *diag)
{
    if (begins(line, "no ") || (line.len == 2 && begins(line, "no"))) {
        return refused(self, &question->key, oc_span_slice(line, 3, line.len), diag);
    }
    if (!begins(line, "ok ")) {
        return oc_dialogue_garbage(self->dialogue, "answered neither \"ok BYTES\" nor \"no REASON\"", line, diag);
    }
    oc_buf bytes = {0};
    bool fits = oc_is_ok(oc_hex_decode(&bytes, (const char *)line.at + 3, line.len - 3)) && bytes.len == len;
    if (fits) {
        oc_wr_bytes(answer, oc_buf_span(&bytes));
    }
    oc_buf_free(&bytes);
    if (!fits) {
        return oc_dialogue_garbage(self->dialogue, "did not answer with as many bytes as the question has an answer",
                                   line, diag);
    }
    return answer->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

static oc_result ask(struct exec_keys *self, const oc_key_question *question, enum oc_alg alg, oc_wr *answer,
                     oc_diag *diag)
{
    oc_span line;
    OC_TRY(write_question(&self->line, question, alg));
    OC_TRY(oc_dialogue_ask(self->dialogue, oc_buf_span(&self->line), self->timeout_ms, &line, diag));
    return take_answer(self, question, line, oc_outside_answer_len(question, alg), answer, diag);
}

static oc_result exec_alg(void *context, const oc_key_name *name, enum oc_alg *alg)
{
    const struct exec_keys *self = context;
    const oc_profile_key *key;
    OC_TRY(oc_outside_find(&self->outside, name, &key, NULL));
    *alg = key->alg;
    return oc_ok();
}

static oc_result exec_answer(void *context, const oc_key_question *question, oc_wr *answer, oc_diag *diag)
{
    struct exec_keys *self = context;
    const oc_profile_key *key;
    OC_TRY(oc_outside_find(&self->outside, &question->key, &key, diag));
    if (self->failed) {
        return oc_outside_lacks(diag, &question->key, "the key program was given up after an earlier failure");
    }
    oc_key_question complete = oc_outside_complete(&self->outside, question);
    oc_result r = ask(self, &complete, key->alg, answer, diag);
    self->failed = !oc_is_ok(r) && r.code != OC_E_UNAVAILABLE;
    return r;
}

static void exec_take_card(void *context, const oc_key_card *card)
{
    struct exec_keys *self = context;
    oc_outside_take_card(&self->outside, card);
}

static void exec_free(void *context)
{
    struct exec_keys *self = context;
    oc_dialogue_free(&self->dialogue);
    oc_buf_free(&self->line);
    free(self);
}

static oc_result greet(struct exec_keys *self, oc_diag *diag)
{
    oc_span line;
    OC_TRY(oc_dialogue_ask(self->dialogue, oc_span_text(VERSION_LINE), self->timeout_ms, &line, diag));
    if (!oc_span_equal(line, oc_span_text("ok"))) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE,
                            "the key program does not answer the greeting: it has to speak the lines of "
                            "sim/keys/keys.h");
    }
    return oc_ok();
}

oc_result oc_keys_exec(oc_key_provider *out, const char *command, const oc_keys_parts *parts, oc_diag *diag)
{
    static const oc_key_provider_ops ops = {"exec", exec_alg, exec_answer, exec_take_card, exec_free};
    static const oc_dialogue_peer peer = {.name = "key program", .is_secret = true};
    *out = (oc_key_provider){0};
    struct exec_keys *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    self->outside = oc_outside_of(parts->profile);
    self->timeout_ms = parts->timeout_ms;
    oc_result r = oc_dialogue_open(&self->dialogue, peer, command, diag);
    if (oc_is_ok(r)) {
        r = greet(self, diag);
    }
    if (!oc_is_ok(r)) {
        exec_free(self);
        return r;
    }
    *out = (oc_key_provider){&ops, self};
    return oc_ok();
}
