/* SPDX-License-Identifier: Apache-2.0 */
/* What power lost in mid-command leaves. */
#include "sim/card/nvm_cells.h"
#include "tests/mutants/card/inside.h"

/* Writes of one command go without a copy of what was there. */
static _Thread_local bool unlogged;

MUTANT_WRAPS(oc_result, oc_nvm_log, oc_nvm *nvm, uint32_t at, oc_span there);

oc_result __wrap_oc_nvm_log(oc_nvm *nvm, uint32_t at, oc_span there)
{
    return unlogged ? oc_ok() : __real_oc_nvm_log(nvm, at, there);
}

static oc_result pass_unlogged(struct mutant_chip *chip, oc_span command, oc_wr *response, bool is_so)
{
    unlogged = is_so;
    oc_result r = mutant_pass(chip, command, response);
    unlogged = false;
    return r;
}

static oc_result binary_unlogged(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_unlogged(chip, command, response, is_command(command, 0x00, INS_UPDATE_BINARY));
}

static oc_result secured_unlogged(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_unlogged(chip, command, response, mutant_byte(command, 0) == 0x04);
}

/* PINs: erased, or given their tries, before the new value is there. */
MUTANT_WRAPS(oc_result, oc_key_replace, oc_nvm *nvm, oc_stored_key *key, const uint8_t secret[OC_KEY_SIZE]);

oc_result __wrap_oc_key_replace(oc_nvm *nvm, oc_stored_key *key, const uint8_t secret[OC_KEY_SIZE])
{
    enum { AT_SECRET = 12 };
    bool is_pin = key->kind == OC_KEY_KIND_PIN;
    if (is_pin && is_card_with("card.tear.pin-erased-first")) {
        uint8_t erased[OC_KEY_SIZE];
        memset(erased, 0xFF, sizeof erased);
        OC_TRY(oc_nvm_write(nvm, key->at + AT_SECRET, oc_span_of(erased, sizeof erased)));
        OC_TRY(oc_nvm_commit(nvm));
    }
    if (is_pin && is_card_with("card.tear.tries-before-pin")) {
        OC_TRY(oc_key_restore(nvm, key));
        OC_TRY(oc_nvm_commit(nvm));
    }
    return __real_oc_key_replace(nvm, key, secret);
}

/* The recovery calls itself done, then puts the copies back: nvm_log.c has the log's form. */
MUTANT_WRAPS(oc_result, oc_nvm_power_up, oc_nvm *nvm);

static oc_result recover_late(oc_nvm *nvm)
{
    enum { HEAD = 6 };
    uint8_t log[OC_NVM_LOG];
    uint32_t at[UINT8_MAX];
    nvm->torn = false;
    oc_nvm_load(nvm, nvm->capacity, log, sizeof log);
    uint32_t next = 1;
    for (unsigned i = 0; i < log[0]; i++) {
        at[i] = next;
        next += HEAD + ((uint32_t)log[next + 4] << 8 | log[next + 5]);
    }
    nvm->log_count = log[0];
    OC_TRY(oc_nvm_commit(nvm));
    for (unsigned i = log[0]; i > 0; i--) {
        oc_rd rd = oc_rd_of(oc_span_of(log + at[i - 1], sizeof log - at[i - 1]));
        uint32_t to = oc_rd_u32(&rd);
        OC_TRY(oc_nvm_store(nvm, to, oc_rd_bytes(&rd, oc_rd_u16(&rd))));
    }
    oc_nvm_erase_log(nvm);
    return oc_ok();
}

oc_result __wrap_oc_nvm_power_up(oc_nvm *nvm)
{
    return is_card_with("card.tear.recovery-done-first") ? recover_late(nvm) : __real_oc_nvm_power_up(nvm);
}

static const struct mutant rows[] = {
    {.id = "card.tear.binary-unlogged", .exchange = binary_unlogged},
    {.id = "card.tear.secured-unlogged", .exchange = secured_unlogged},
    {.id = "card.tear.pin-erased-first"},
    {.id = "card.tear.tries-before-pin"},
    {.id = "card.tear.recovery-done-first"},
};
MUTANT_TABLE(rows);
