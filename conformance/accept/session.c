/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/session.h"

#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/crypto/ssc.h"
#include "sim/link/apdu.h"

enum {
    SELECT = 0xA4,
    READ_RECORD = 0xB2,
    READ_BINARY = 0xB0,
    UPDATE_RECORD = 0xDC,
    UPDATE_BINARY = 0xD6,
    GET_CHALLENGE = 0x84,
    INTERNAL_AUTH = 0x88,
    EXTERNAL_AUTH = 0x82
};

#define CURRENT_EF_BY_NUMBER 0x04
#define BY_NAME 0x04

struct session {
    oc_checked_card *card;
    oc_link *link;
    oc_diag *diag;
    oc_buf data;
    oc_sw sw;
};

static oc_result send(struct session *session, const oc_apdu *apdu)
{
    return oc_apdu_transmit(session->link, apdu, &session->data, &session->sw, session->diag);
}

static oc_result enter_ssse(struct session *session)
{
    const oc_profile_dir *ssse = oc_profile_dir_named(session->card->profile, "SSSE");
    OC_TRY(oc_link_reset(session->link, OC_RESET_COLD, &session->data, session->diag));
    const oc_apdu select = {.ins = SELECT, .p1 = BY_NAME, .data = ssse->df_name, .has_le = true};
    return send(session, &select);
}

static oc_result select_fid(struct session *session, uint16_t fid, bool has_le)
{
    const uint8_t bytes[] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    const oc_apdu select = {.ins = SELECT, .data = oc_span_of(bytes, sizeof bytes), .has_le = has_le};
    return send(session, &select);
}

/* Reads and writes back. *tried stays false where there was nothing to read. */
static oc_result write_back(struct session *session, const oc_read_file *file, bool *tried)
{
    bool binary = file->file->kind == OC_PERSO_TRANSPARENT;
    *tried = false;
    OC_TRY(enter_ssse(session));
    if (strcmp(file->dir->name, "SSSE") != 0) {
        OC_TRY(select_fid(session, file->dir->fid, true));
    }
    OC_TRY(select_fid(session, file->file->fid, false));
    const oc_apdu read = binary ? (oc_apdu){.ins = READ_BINARY, .has_le = true, .le = 1}
                                : (oc_apdu){.ins = READ_RECORD, .p1 = 1, .p2 = CURRENT_EF_BY_NUMBER, .has_le = true};
    OC_TRY(send(session, &read));
    if (!oc_sw_ok(session->sw) || session->data.len == 0) {
        return oc_ok();
    }
    oc_buf same = {0};
    oc_result r = oc_buf_set(&same, oc_buf_span(&session->data));
    oc_apdu write = read;
    write.ins = binary ? UPDATE_BINARY : UPDATE_RECORD;
    write.has_le = false;
    write.le = 0;
    write.data = oc_buf_span(&same);
    if (oc_is_ok(r)) {
        *tried = true;
        r = send(session, &write);
    }
    oc_buf_free(&same);
    return r;
}

static bool is_to_be_probed(const oc_read_file *file)
{
    bool kind = file->file->kind == OC_PERSO_VARIABLE || file->file->kind == OC_PERSO_TRANSPARENT;
    return kind && file->in_environment && file->file->read.rule == OC_RULE_FREE &&
           file->file->update.rule != OC_RULE_FREE;
}

static oc_result probe(struct session *session, const oc_read_file *file, bool allowed)
{
    oc_findings *findings = session->card->findings;
    char id[64];
    snprintf(id, sizeof id, "ACCEPT.PROTECTED.%s-%s", file->dir->name, file->file->name);
    oc_finding *finding = oc_finding_add(
        findings, id, "SSC.ACCEPT.PROTECTED", 17,
        oc_findings_text(findings, "%s/%s is not updated without its key", file->dir->name, file->file->name),
        oc_findings_text(findings, "无密钥不能更新%s/%s", file->dir->name, file->file->name));
    if (!allowed) {
        oc_finding_ends(findings, finding, OC_VERDICT_NOT_RUN, "not assessed: --no-probes");
        return oc_ok();
    }
    bool tried = false;
    if (oc_sw_selected(file->select)) {
        OC_TRY(write_back(session, file, &tried));
    }
    if (!tried) {
        oc_finding_ends(findings, finding, OC_VERDICT_INCONCLUSIVE,
                        "there was nothing to read that could be written back");
    } else if (oc_sw_selected(session->sw)) {
        oc_finding_fails(findings, finding,
                         "the card took an update without any key (of the value that was there already)");
        oc_finding_evidence(findings, finding, "sw", "6982", oc_findings_text(findings, "%04X", session->sw.value),
                            -1);
    }
    return oc_ok();
}

oc_result oc_session_probes(oc_checked_card *card, oc_link *link, bool allowed, oc_diag *diag)
{
    struct session session = {.card = card, .link = link, .diag = diag};
    oc_result r = oc_ok();
    for (size_t i = 0; i < card->reading->file_count && oc_is_ok(r); i++) {
        if (is_to_be_probed(&card->reading->files[i])) {
            r = probe(&session, &card->reading->files[i], allowed);
        }
    }
    oc_buf_free(&session.data);
    return r;
}

/* C of both authentications (ssc-card sheet 6.5 and 6.6), answered by the key provider. */
static oc_result cryptogram(oc_world *world, const oc_key_name *key, enum oc_alg alg, const uint8_t challenge[8],
                            const uint8_t text[8], uint8_t out[8], oc_diag *diag)
{
    uint8_t block[16] = {0};
    uint8_t answer[OC_KEY_ANSWER_MAX];
    memcpy(block, text, 8);
    oc_wr wr = oc_wr_of(answer, sizeof answer);
    const oc_key_question question = {.use = OC_KEY_ENCIPHER,
                                      .key = *key,
                                      .session = oc_span_of(challenge, 8),
                                      .data = oc_span_of(block, oc_alg_block(alg))};
    OC_TRY(oc_key_provider_answer(oc_world_keys(world), &question, &wr, diag));
    if (wr.bad || wr.len < oc_alg_block(alg)) {
        return oc_diag_fail(diag, OC_E_GARBAGE, "the key provider gave no whole block");
    }
    if (alg == OC_ALG_SM4) {
        oc_ssc_fold8(answer, out);
    } else {
        memcpy(out, answer, 8);
    }
    return oc_ok();
}

/* The version byte is sent for all but the first (ssc-card sheet 6.1). */
static size_t with_version(uint8_t data[17], uint8_t version)
{
    data[16] = version;
    return version == 1 ? 16 : 17;
}

struct key_check {
    struct session session;
    oc_world *world;
    oc_random random;
    bool irk_matches[UINT8_MAX + 1]; /* by version */
};

static oc_result try_internal(struct key_check *check, const oc_key_name *key, enum oc_alg alg, oc_finding *finding)
{
    struct session *session = &check->session;
    uint8_t data[17];
    uint8_t expected[8];
    OC_TRY(oc_random_bytes(&check->random, data, 16));
    OC_TRY(cryptogram(check->world, key, alg, data, data + 8, expected, session->diag));
    OC_TRY(enter_ssse(session));
    const oc_apdu auth = {
        .ins = INTERNAL_AUTH, .data = oc_span_of(data, with_version(data, key->version)), .has_le = true, .le = 8};
    OC_TRY(send(session, &auth));
    bool matches = oc_sw_ok(session->sw) && oc_span_equal(oc_buf_span(&session->data), oc_span_of(expected, 8));
    check->irk_matches[key->version] = matches;
    if (!matches) {
        oc_findings *findings = session->card->findings;
        oc_finding_fails(findings, finding,
                         oc_sw_ok(session->sw) ? "the card's key is not the one that the factors lead to"
                                               : "the card did not answer with this version");
        oc_finding_evidence(
            findings, finding, "internal authentication", "the cryptogram of the derived key",
            oc_sw_ok(session->sw) ? "another one" : oc_findings_text(findings, "%04X", session->sw.value), -1);
    }
    return oc_ok();
}

static oc_result try_external(struct key_check *check, const oc_key_name *key, enum oc_alg alg, uint8_t id,
                              oc_finding *finding)
{
    struct session *session = &check->session;
    uint8_t data[17];
    OC_TRY(enter_ssse(session));
    const oc_apdu ask = {.ins = GET_CHALLENGE, .has_le = true, .le = 8};
    OC_TRY(send(session, &ask));
    if (!oc_sw_ok(session->sw) || session->data.len != 8) {
        oc_finding_ends(session->card->findings, finding, OC_VERDICT_INCONCLUSIVE, "the card gave no challenge");
        return oc_ok();
    }
    OC_TRY(oc_random_bytes(&check->random, data + 8, 8));
    OC_TRY(cryptogram(check->world, key, alg, session->data.at, data + 8, data, session->diag));
    const oc_apdu auth = {.ins = EXTERNAL_AUTH, .p2 = id, .data = oc_span_of(data, with_version(data, key->version))};
    OC_TRY(send(session, &auth));
    if (!oc_sw_ok(session->sw)) {
        oc_findings *findings = session->card->findings;
        oc_finding_fails(findings, finding, "the card refused the key that the factors lead to");
        oc_finding_evidence(findings, finding, "external authentication", "9000",
                            oc_findings_text(findings, "%04X", session->sw.value), -1);
    }
    return oc_ok();
}

static const oc_profile_key *key_in(const oc_profile *profile, const char *name)
{
    const oc_profile_dir *ssse = oc_profile_dir_named(profile, "SSSE");
    for (size_t i = 0; ssse != NULL && i < ssse->keys_count; i++) {
        if (strcmp(ssse->keys[i].name.name, name) == 0) {
            return &ssse->keys[i];
        }
    }
    return NULL;
}

static oc_result check_version(struct key_check *check, const char *name, uint8_t version)
{
    oc_findings *findings = check->session.card->findings;
    oc_key_name key = {.dir = "SSSE", .version = version};
    snprintf(key.name, sizeof key.name, "%s", name);
    bool internal = strcmp(name, "IRK") == 0;
    char id[64];
    snprintf(id, sizeof id, "ACCEPT.KEY.%s-%u", name, version);
    oc_finding *finding = oc_finding_add(
        findings, id, "SSC.ACCEPT.KEYS", internal && version == 1 ? 26 : 24,
        oc_findings_text(findings, "%s version %u is the key that root and factors lead to", name, version),
        oc_findings_text(findings, "%s版本%u由根密钥和分散因子得出", name, version));
    const oc_profile_key *placed = key_in(check->session.card->profile, name);
    enum oc_alg alg;
    if (placed == NULL || !oc_is_ok(oc_key_provider_alg(oc_world_keys(check->world), &key, &alg))) {
        oc_finding_ends(findings, finding, OC_VERDICT_NOT_RUN,
                        "not assessed: the key provider lacks SSSE/%s version %u", name, version);
        return oc_ok();
    }
    if (internal) {
        return try_internal(check, &key, alg, finding);
    }
    if (!check->irk_matches[version]) {
        oc_finding_ends(findings, finding, OC_VERDICT_INCONCLUSIVE,
                        "IRK version %u did not prove the keys of its version, so no try of UK was risked", version);
        return oc_ok();
    }
    return try_external(check, &key, alg, placed->id, finding);
}

/* What the provider or the interlock denies is no failure of the card. */
static oc_result soften(struct key_check *check, oc_result r)
{
    if (r.code != OC_E_UNAVAILABLE) {
        return r;
    }
    oc_findings *findings = check->session.card->findings;
    oc_finding *last = &findings->at[findings->count - 1];
    oc_finding_ends(findings, last, OC_VERDICT_NOT_RUN, "not assessed: %.300s", check->session.diag->reason);
    oc_diag_clear(check->session.diag);
    return oc_ok();
}

static oc_result check_key(struct key_check *check, const oc_map *map, const char *path)
{
    static const uint8_t first[] = {1};
    const uint8_t *versions = first;
    size_t count = strcmp(path, "SSSE/IRK") == 0 ? 1 : 0;
    for (size_t i = 0; i < map->key_count; i++) {
        if (strcmp(map->keys[i].name, path) == 0) {
            versions = map->keys[i].versions;
            count = map->keys[i].version_count;
        }
    }
    for (size_t i = 0; i < count; i++) {
        OC_TRY(soften(check, check_version(check, path + strlen("SSSE/"), versions[i])));
    }
    return oc_ok();
}

oc_result oc_session_keys(oc_checked_card *card, oc_world *world, const oc_map *map, uint64_t seed, oc_diag *diag)
{
    oc_diag own = {0};
    struct key_check check = {
        .session = {.card = card, .link = oc_world_card(world), .diag = diag == NULL ? &own : diag}, .world = world};
    char label[80] = "accept/keys/";
    oc_hex_encode(label + strlen(label), sizeof label - strlen(label), card->reading->atr);
    oc_random_init(&check.random, seed, label);
    oc_result r = check_key(&check, map, "SSSE/IRK");
    if (oc_is_ok(r)) {
        r = check_key(&check, map, "SSSE/UK");
    }
    oc_buf_free(&check.session.data);
    return r;
}

oc_result oc_session_pin(oc_checked_card *card, oc_reading *reading, oc_world *world, oc_diag *diag)
{
    oc_findings *findings = card->findings;
    oc_finding *finding = oc_finding_add(findings, "ACCEPT.PIN", "SSC.ACCEPT.PIN", 1,
                                         "The card accepts the ordered PIN, packed digits",
                                         "卡接受订单中的PIN（压缩数字）");
    if (card->line == NULL || card->line->pin == NULL) {
        oc_finding_ends(findings, finding, OC_VERDICT_NOT_RUN, "not assessed: the order holds no PIN");
        return oc_ok();
    }
    oc_result r = oc_reading_with_pin(reading, oc_world_card(world), card->line->pin, diag);
    if (r.code == OC_E_UNAVAILABLE) {
        oc_finding_ends(findings, finding, OC_VERDICT_NOT_RUN, "not assessed: %.300s",
                        diag == NULL ? "" : diag->reason);
        oc_diag_clear(diag);
        return oc_ok();
    }
    OC_TRY(r);
    if (!reading->pin_tried) {
        oc_finding_ends(findings, finding, OC_VERDICT_INCONCLUSIVE, "the environment could not be selected");
    } else if (!oc_sw_ok(reading->pin)) {
        oc_finding_fails(findings, finding, "the card refused it; it was presented this once");
        oc_finding_evidence(findings, finding, "sw", "9000", oc_findings_text(findings, "%04X", reading->pin.value),
                            -1);
    }
    return oc_ok();
}
