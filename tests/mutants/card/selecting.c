/* SPDX-License-Identifier: Apache-2.0 */
/* SELECT: what is found, and what is told of it. */
#include "sim/base/tlv.h"
#include "tests/mutants/card/inside.h"

MUTANT_WRAPS(uint32_t, oc_fs_by_name, const oc_nvm *nvm, oc_span name, unsigned *which);
MUTANT_WRAPS(uint32_t, oc_fs_resolve, const oc_nvm *nvm, uint32_t dir, uint16_t fid);

/* The name of an environment, 社会保障 behind sx1.sh., begins names that are cut. */
enum { NAME_MIN = 5 };

uint32_t __wrap_oc_fs_by_name(const oc_nvm *nvm, oc_span name, unsigned *which)
{
    uint32_t found = __real_oc_fs_by_name(nvm, name, which);
    if (found != OC_FS_NONE || !is_card_with("card.select.partial-name") || name.len < NAME_MIN) {
        return found;
    }
    for (uint32_t file = oc_fs_child(nvm, OC_FS_MF, 0xDDF1); file != OC_FS_NONE;) {
        oc_dir dir;
        oc_fs_load_dir(nvm, file, &dir);
        for (unsigned i = 0; i < OC_FS_NAMES; i++) {
            if (dir.name_len[i] > name.len && memcmp(dir.names[i], name.at, name.len) == 0) {
                *which = i;
                return file;
            }
        }
        return OC_FS_NONE;
    }
    return OC_FS_NONE;
}

uint32_t __wrap_oc_fs_resolve(const oc_nvm *nvm, uint32_t dir, uint16_t fid)
{
    uint32_t found = __real_oc_fs_resolve(nvm, dir, fid);
    if (found == OC_FS_NONE || found == OC_FS_MF) {
        return found;
    }
    bool below = oc_fs_parent(nvm, found) == dir;
    if (is_card_with("card.select.below-only") && oc_fs_is_dir(nvm, found) && !below && found != dir &&
        oc_fs_environment(nvm, dir) != found) {
        return OC_FS_NONE;
    }
    return found;
}

/* EFs of the directories above are found as directories are. */
static oc_result files_above(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    oc_span fid = body_of(command);
    if (mutant_byte(command, 1) != INS_SELECT || mutant_sw(response) != OC_SW_FILE_NOT_FOUND || fid.len != 2) {
        return oc_ok();
    }
    uint32_t file = oc_fs_child(&chip->card->nvm, session_of(chip)->environment,
                                (uint16_t)(fid.at[0] << 8 | fid.at[1]));
    if (file != OC_FS_NONE && session_of(chip)->environment != OC_FS_MF) {
        session_of(chip)->ef = file;
        return answer_only(response, OC_SW_OK);
    }
    return oc_ok();
}

/* The FCI that waits, or that was given, by that length. */
static oc_result alter_fci(struct mutant_chip *chip, oc_wr *response, size_t cut)
{
    oc_session *session = session_of(chip);
    uint8_t *fci = session->waiting + session->waiting_at;
    if (mutant_sw(response) >> 8 != 0x61 || session->waiting_len <= cut || fci[0] != 0x6F || fci[1] < cut) {
        return oc_ok();
    }
    fci[1] = (uint8_t)(fci[1] - cut);
    session->waiting_len = (uint16_t)(session->waiting_len - cut);
    return answer_only(response, 0x6100u | session->waiting_len);
}

/* The FCI ends with the name. */
static oc_result fci_without_dir(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    enum { DIR_LEN = 5 /* A5 03 88 01 SFI */ };
    OC_TRY(mutant_pass(chip, command, response));
    const oc_session *session = session_of(chip);
    bool has_dir = session->waiting_len > DIR_LEN &&
                   session->waiting[session->waiting_at + session->waiting_len - DIR_LEN] == 0xA5;
    return mutant_byte(command, 1) == INS_SELECT && has_dir ? alter_fci(chip, response, DIR_LEN) : oc_ok();
}

/* P2 0C is taken, and the FCI comes all the same. */
static oc_result fci_always(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool none = mutant_byte(command, 1) == INS_SELECT && mutant_byte(command, 3) == 0x0C;
    return none ? mutant_pass_altered(chip, command, 3, 0x00, response) : mutant_pass(chip, command, response);
}

/* P1 is taken as it comes where it means nothing. */
static oc_result any_p1(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_SELECT) && mutant_sw(response) == OC_SW_WRONG_P1P2 &&
        (mutant_byte(command, 3) == 0x00 || mutant_byte(command, 3) == 0x0C)) {
        response->len = 0;
        return mutant_pass_altered(chip, command, 2, 0x00, response);
    }
    return oc_ok();
}

/* Of three bytes the first two are the identifier. */
static oc_result long_identifier(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_SELECT) && mutant_sw(response) == OC_SW_WRONG_LENGTH &&
        mutant_byte(command, 2) == 0x00 && body_of(command).len > 2) {
        uint8_t cut[7];
        memcpy(cut, command.at, sizeof cut);
        cut[4] = 2;
        return pass_again(chip, oc_span_of(cut, sizeof cut), response);
    }
    return oc_ok();
}

/* A directory that is selected while it is current loses what was passed in it. */
static oc_result again_loses_keys(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint32_t dir = session_of(chip)->dir;
    OC_TRY(mutant_pass(chip, command, response));
    oc_session *session = session_of(chip);
    if (mutant_byte(command, 1) == INS_SELECT && is_done(response) && session->dir == dir &&
        session->ef == OC_FS_NONE) {
        memset(session->keys, 0, sizeof session->keys);
    }
    return oc_ok();
}

static oc_result warm_atr(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (kind == OC_RESET_WARM && atr->len > 2) {
        atr->at[2] = 0x01; /* TC1, the guard time, as after a negotiation */
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.select.partial-name"},
    {.id = "card.select.below-only"},
    {.id = "card.select.files-above", .exchange = files_above},
    {.id = "card.select.fci-without-dir", .exchange = fci_without_dir},
    {.id = "card.select.fci-always", .exchange = fci_always},
    {.id = "card.select.any-p1", .exchange = any_p1},
    {.id = "card.select.long-identifier", .exchange = long_identifier},
    {.id = "card.select.again-loses-keys", .exchange = again_loses_keys},
    {.id = "card.reset.warm-atr", .reset = warm_atr},
};
MUTANT_TABLE(rows);
