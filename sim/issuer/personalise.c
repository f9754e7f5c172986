/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"
#include "sim/base/hex.h"
#include "sim/crypto/ssc.h"
#include "sim/issuer/issuer.h"
#include "sim/issuer/perso.h"
#include "sim/issuer/pki_issue.h"

/* Issues a card from its profile. The order is that of the vendor example (ssc-card 10): transport key, then each
 * directory with its master key, other keys, PIN, files, records and content; the end comes last. */

struct session {
    oc_perso perso;
    oc_crypto *crypto;
    const oc_issue_order *order;
    oc_span pin;
    bool pin_is_initial;
    oc_span historical; /* of the chip */
};

#define SERIAL 4 /* last historical bytes: the card's serial number (ssc-card 2.1) */

typedef oc_result dir_step(struct session *session, const oc_profile_dir *dir);

static bool in_ssse(const oc_profile_dir *dir)
{
    return strcmp(dir->name, "SSSE") == 0;
}

static oc_result create_directory(struct session *session, const oc_profile_dir *dir)
{
    return oc_perso_create_dir(&session->perso, dir);
}

static unsigned levels_of(const struct session *session, const oc_profile_key *key)
{
    bool chosen = strcmp(key->name.dir, "SSSE") == 0 &&
                  (strcmp(key->name.name, "UK") == 0 || strcmp(key->name.name, "IRK") == 0);
    return session->order->fault == OC_ISSUE_KEY_NOT_DIVERSIFIED && chosen ? OC_HSM_CITY : OC_HSM_CHIP;
}

/* The PSAM usage belongs to the partner key; the chip itself has to know which key locks a directory. */
static uint8_t use_of(const oc_profile_key *key)
{
    bool locks = key->kind == OC_KEY_KIND_EXTERNAL && strcmp(key->name.name, "LK") == 0;
    return locks ? OC_KEY_USE_LOCK : 0;
}

/* The certificate application has PINs of its own: the user's with id 81, the administrator's with 00. */
static oc_span pin_of(const struct session *session, const oc_profile_key *key)
{
    const oc_profile_pki *pki = oc_profile_pki_of(session->order->profile);
    if (pki == NULL || strcmp(key->name.dir, OC_PKI_DIR) != 0) {
        return session->pin;
    }
    return (key->id & 0x80) != 0 ? pki->user_pin : pki->administrator_pin;
}

/* A card that is to refuse the initial PIN is told when it gets that one. */
static uint8_t options_of(const struct session *session, const oc_profile_key *key)
{
    if (key->kind != OC_KEY_KIND_PIN) {
        return oc_profile_key_options(session->order->profile, key);
    }
    const char *pays = oc_profile_setting(session->order->profile, "initial-pin-pays");
    bool initial = session->pin_is_initial && strcmp(key->name.dir, "SSSE") == 0;
    return strcmp(pays, "off") == 0 && initial ? OC_KEY_OPTION_INITIAL_PIN : 0;
}

static oc_result load_key(struct session *session, const oc_profile_dir *dir, const oc_profile_key *key)
{
    oc_hsm_load load = {.dir = dir->name, .name = key->name};
    uint8_t alg = (uint8_t)key->alg;
    load.is_master = key->kind == OC_KEY_KIND_MASTER;
    load.levels = levels_of(session, key);
    if (key->kind == OC_KEY_KIND_PIN) {
        load.pin = pin_of(session, key);
        alg = (uint8_t)load.pin.len;
    }
    oc_wr wr = oc_wr_of(load.header, sizeof load.header);
    oc_wr_u8(&wr, (uint8_t)key->kind);
    oc_wr_u8(&wr, key->id);
    oc_wr_u8(&wr, key->name.version);
    oc_wr_u8(&wr, use_of(key));
    oc_wr_u8(&wr, (uint8_t)(key->tries << 4 | key->tries));
    oc_wr_u8(&wr, alg);
    oc_wr_u8(&wr, key->index);
    oc_wr_u8(&wr, options_of(session, key));
    return oc_perso_load_key(&session->perso, &load);
}

/* The master key protects the other loads, and the PIN closes them. */
static unsigned rank_of(const oc_profile_key *key)
{
    return key->kind == OC_KEY_KIND_MASTER ? 0 : key->kind == OC_KEY_KIND_PIN ? 2 : 1;
}

static oc_result load_keys(struct session *session, const oc_profile_dir *dir)
{
    for (unsigned rank = 0; rank <= 2; rank++) {
        for (size_t i = 0; i < dir->keys_count; i++) {
            if (rank_of(&dir->keys[i]) == rank) {
                OC_TRY(load_key(session, dir, &dir->keys[i]));
            }
        }
    }
    return oc_ok();
}

static bool left_out(const struct session *session, const oc_profile_dir *dir, const oc_profile_file *file)
{
    return session->order->fault == OC_ISSUE_FILE_MISSING && in_ssse(dir) && file == &dir->files[dir->files_count - 1];
}

static oc_result create_files(struct session *session, const oc_profile_dir *dir)
{
    for (size_t i = 0; i < dir->files_count; i++) {
        if (!left_out(session, dir, &dir->files[i])) {
            OC_TRY(oc_perso_create_file(&session->perso, dir->name, &dir->files[i]));
        }
    }
    return oc_ok();
}

/* Another holder than ordered; made up like every person here. */
static oc_span other_holder(uint8_t tag)
{
    static const uint8_t name[30] = {0xD1, 0xF9, 0xB1, 0xBE, 0xB1, 0xFB}; /* GB18030 of 样本丙 */
    static const char number[] = "99010019750101001X";
    return tag == 0x09 ? oc_span_of(name, sizeof name) : oc_span_text(number);
}

/* A card id code of another city, with check bytes that hold. */
static oc_result other_city(struct session *session, oc_span id, uint8_t out[16])
{
    memcpy(out, id.at, 16);
    out[1] ^= 0x02;
    return oc_hsm_card_id_check(session->perso.hsm, oc_span_of(out, 12), out + 12, session->perso.diag);
}

/* A card id code with the chip's own serial number. */
static oc_result own_card_id(struct session *session, oc_span id, uint8_t out[16])
{
    memcpy(out, id.at, 16);
    memcpy(out + 8, session->historical.at + session->historical.len - SERIAL, SERIAL);
    return oc_hsm_card_id_check(session->perso.hsm, oc_span_of(out, 12), out + 12, session->perso.diag);
}

/* The next card number, with a check digit that holds. */
static oc_span next_number(oc_span number, uint8_t out[9])
{
    memcpy(out, number.at, 9);
    out[7] = out[7] == '9' ? '0' : (uint8_t)(out[7] + 1);
    out[8] = (uint8_t)oc_ssc_card_number_check(oc_span_of(out, 8));
    return oc_span_of(out, 9);
}

/* The same record of another profile, where it has one of this length; `otherwise` elsewhere. */
static oc_result record_of(const oc_profile *profile, uint8_t tag, oc_span otherwise, oc_buf *out)
{
    oc_result r = oc_profile_value(profile, tag == 0x09 ? "SSSE/EF06/09" : "SSSE/EF06/08", out);
    if (r.code == OC_E_NOT_FOUND || (oc_is_ok(r) && out->len != otherwise.len)) {
        return oc_buf_set(out, otherwise);
    }
    return r;
}

static oc_result append_record(struct session *session, const oc_profile_dir *dir, const oc_profile_file *file,
                               const oc_profile_record *record)
{
    uint8_t bytes[2 + UINT8_MAX];
    uint8_t id[16];
    uint8_t number[9];
    oc_buf theirs = {0};
    oc_span value = record->value;
    bool holder = in_ssse(dir) && file->fid == 0xEF06 && (record->tag == 0x08 || record->tag == 0x09);
    bool card_id = in_ssse(dir) && file->fid == 0xEF05 && record->tag == 0x01 && record->len == sizeof id;
    if (session->order->fault == OC_ISSUE_HOLDER_DIFFERS && holder && other_holder(record->tag).len == record->len) {
        value = other_holder(record->tag);
    }
    if (session->order->fault == OC_ISSUE_WRONG_CITY && card_id) {
        OC_TRY(other_city(session, value, id));
        value = oc_span_of(id, sizeof id);
    }
    if (session->order->own_serial && card_id) {
        OC_TRY(own_card_id(session, value, id));
        value = oc_span_of(id, sizeof id);
    }
    if (session->order->new_number && in_ssse(dir) && file->fid == 0xEF05 && record->tag == 0x07 &&
        value.len == sizeof number) {
        value = next_number(value, number);
    }
    oc_result r = oc_ok();
    if (session->order->holder_of != NULL && holder) {
        r = record_of(session->order->holder_of, record->tag, value, &theirs);
        value = oc_buf_span(&theirs);
    }
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u8(&wr, record->tag);
    oc_wr_u8(&wr, record->len);
    oc_wr_bytes(&wr, value);
    r = oc_is_ok(r) ? oc_perso_append(&session->perso, file, oc_wr_span(&wr)) : r;
    oc_buf_free(&theirs);
    return r;
}

static oc_result append_records(struct session *session, const oc_profile_dir *dir)
{
    for (size_t f = 0; f < dir->files_count; f++) {
        const oc_profile_file *file = &dir->files[f];
        for (size_t r = 0; r < file->records_count && !left_out(session, dir, file); r++) {
            OC_TRY(append_record(session, dir, file, &file->records[r]));
        }
    }
    return oc_ok();
}

static oc_result write_contents(struct session *session, const oc_profile_dir *dir)
{
    for (size_t f = 0; f < dir->files_count; f++) {
        const oc_profile_file *file = &dir->files[f];
        if (file->content.len != 0 && !left_out(session, dir, file)) {
            OC_TRY(oc_perso_write(&session->perso, file, file->content));
        }
    }
    return oc_ok();
}

static oc_result make_certificates(struct session *session, const oc_profile_dir *dir)
{
    return strcmp(dir->name, OC_PKI_DIR) == 0
               ? oc_pki_issue(&session->perso, session->crypto, session->order->profile, dir)
               : oc_ok();
}

static dir_step *const dir_steps[] = {create_directory, load_keys,      create_files,
                                      append_records,   write_contents, make_certificates};

static oc_result run(struct session *session)
{
    OC_TRY(oc_perso_check_transport(&session->perso));
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(session->order->profile, &count);
    for (size_t d = 0; d < count; d++) {
        for (size_t s = 0; s < sizeof dir_steps / sizeof dir_steps[0]; s++) {
            OC_TRY(dir_steps[s](session, &dirs[d]));
        }
    }
    return session->order->fault == OC_ISSUE_NOT_ENDED ? oc_ok() : oc_perso_end(&session->perso);
}

static oc_result compare_initial(struct session *session)
{
    oc_buf initial = {0};
    oc_result r = oc_profile_value(session->order->profile, "initial-pin", &initial);
    session->pin_is_initial = oc_is_ok(r) && oc_span_equal(session->pin, oc_buf_span(&initial));
    oc_buf_free(&initial);
    return r;
}

/* The profile's chip, but for the serial number where the order lets the chip have its own. */
static bool chip_fits(struct session *session, oc_span atr)
{
    oc_span expected = oc_profile_atr(session->order->profile);
    oc_span wanted;
    if (!oc_atr_historical(atr, &session->historical) || !oc_atr_historical(expected, &wanted)) {
        return false;
    }
    if (!session->order->own_serial) {
        return oc_span_equal(atr, expected);
    }
    return wanted.len == session->historical.len && wanted.len >= SERIAL &&
           memcmp(wanted.at, session->historical.at, wanted.len - SERIAL) == 0;
}

static oc_result with_chip(struct session *session, oc_crypto *crypto, oc_buf *atr, oc_buf *pin)
{
    const oc_issue_order *order = session->order;
    oc_diag *diag = session->perso.diag;
    if (!oc_profile_can_issue(order->profile)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "profile %s describes a card, it cannot issue one",
                            oc_profile_id(order->profile));
    }
    OC_TRY(oc_profile_value(order->profile, order->initial_pin ? "initial-pin" : "pin", pin));
    session->pin = oc_buf_span(pin);
    OC_TRY(compare_initial(session));
    OC_TRY(oc_perso_reset(&session->perso, atr));
    if (!chip_fits(session, oc_buf_span(atr))) {
        char hex[2 * OC_ATR_MAX + 1];
        oc_hex_encode(hex, sizeof hex, oc_buf_span(atr));
        return oc_diag_fail(diag, OC_E_FORMAT, "the chip's ATR %s is not that of profile %s", hex,
                            oc_profile_id(order->profile));
    }
    OC_TRY(oc_hsm_new(&session->perso.hsm, order->profile, crypto, oc_buf_span(atr), diag));
    return run(session);
}

oc_result oc_issuer_issue(oc_link *link, oc_crypto *crypto, const oc_issue_order *order, oc_diag *diag)
{
    struct session session = {.perso = {.link = link, .diag = diag}, .crypto = crypto, .order = order};
    oc_buf atr = {0};
    oc_buf pin = {0};
    oc_result r = with_chip(&session, crypto, &atr, &pin);
    oc_hsm_free(&session.perso.hsm);
    oc_buf_free(&session.perso.answer);
    oc_buf_free(&atr);
    oc_buf_free(&pin);
    return r;
}
