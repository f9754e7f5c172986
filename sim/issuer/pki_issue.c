/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/issuer/pki_issue.h"

#include <stdio.h>

#include "sim/crypto/certificate.h"

#define FACTOR 8
/* Commands and objects as sim/apps/pki_app.h has them. */
static const uint8_t pair[] = {0xC0, 2, 0x00, 0x12, 0xC2, 2, 0x00, 0x13};
static const uint8_t sealed_key[] = {0xC2, 2, 0x00, 0x13, 0xC1, 0x82, 0x00, OC_SM2_CIPHER_MORE + OC_KEY_SIZE};
static const uint8_t session_key[] = {0xC1, OC_KEY_SIZE};
static const uint8_t public_key[] = {0xC0, 2, 0x00, 0x14, 0xCA, OC_SM2_POINT};
static const uint8_t private_key[] = {0xC2, 2, 0x00, 0x15, 0xCB, OC_SM2_SCALAR};
#define PUBLIC_HEAD 2 /* CA 40 in front of the point */
#define BYTES_OF(array) oc_span_of(array, sizeof(array))

struct issue {
    oc_perso *perso;
    oc_crypto *crypto;
    const oc_profile *profile;
    const oc_profile_pki *pki;
    uint8_t factor[FACTOR];
    char holder[OC_CERTIFICATE_NAME_MAX + 1];
    oc_sm2_key authority;
    oc_sm2_key signing;     /* public */
    oc_sm2_key enciphering; /* a pair */
};

static oc_result send(struct issue *issue, oc_apdu apdu, oc_span head, oc_span rest, const char *command)
{
    uint8_t body[UINT8_MAX];
    oc_wr wr = oc_wr_of(body, sizeof body);
    oc_wr_bytes(&wr, head);
    oc_wr_bytes(&wr, rest);
    if (wr.bad) {
        return oc_fail(OC_E_INTERNAL);
    }
    apdu.data = oc_wr_span(&wr);
    oc_result r = oc_perso_send(issue->perso, &apdu, command, OC_PKI_DIR);
    oc_wipe(body, sizeof body);
    return r;
}

static oc_result make_signing_key(struct issue *issue)
{
    OC_TRY(send(issue, (oc_apdu){.cla = 0x80, .ins = 0x40}, BYTES_OF(pair), oc_span_empty(), "PREPARE KEY PAIR"));
    OC_TRY(send(issue, (oc_apdu){.cla = 0x80, .ins = 0xC9, .p1 = 0x82}, BYTES_OF(pair), oc_span_empty(),
                "GENERATE KEY PAIR"));
    const oc_apdu get = {
        .cla = 0x80, .ins = 0xC9, .p1 = 0x82, .p2 = 0x80, .has_le = true, .le = PUBLIC_HEAD + OC_SM2_POINT};
    OC_TRY(oc_perso_send(issue->perso, &get, "GET PUBLIC KEY", OC_PKI_DIR));
    oc_span point = oc_span_slice(oc_buf_span(&issue->perso->answer), PUBLIC_HEAD, OC_SM2_POINT);
    oc_result r = oc_sm2_public(issue->crypto, &issue->signing, point);
    return r.code == OC_E_FORMAT
               ? oc_diag_fail(issue->perso->diag, OC_E_FORMAT, "GET PUBLIC KEY was answered by no point of the curve")
               : r;
}

/* The authority's own randomness for this card: its private key, what it is for, the card's factor. */
static oc_result seed_of(const struct issue *issue, const char *what, oc_buf *out)
{
    OC_TRY(oc_buf_append(out, issue->pki->root_key));
    OC_TRY(oc_buf_append(out, oc_span_text(what)));
    return oc_buf_append(out, BYTES_OF(issue->factor));
}

static oc_result make_enciphering_key(struct issue *issue, uint8_t session[OC_KEY_SIZE])
{
    uint8_t digest[32];
    oc_buf seed = {0};
    oc_buf second = {0};
    oc_result r = seed_of(issue, "enciphering key", &seed);
    r = oc_is_ok(r) ? oc_sm2_pair_from(issue->crypto, &issue->enciphering, oc_buf_span(&seed)) : r;
    r = oc_is_ok(r) ? seed_of(issue, "session key", &second) : r;
    r = oc_is_ok(r) ? oc_sm3(issue->crypto, oc_buf_span(&second), digest) : r;
    memcpy(session, digest, OC_KEY_SIZE);
    oc_wipe(digest, sizeof digest);
    oc_buf_free(&seed);
    oc_buf_free(&second);
    return r;
}

/* The session key goes to the card, which deciphers it; what it answers is what it wants to be told (ssc-card 9). */
static oc_result send_session_key(struct issue *issue, oc_span session)
{
    oc_buf sealed = {0};
    uint8_t answer[OC_KEY_SIZE];
    oc_result r = oc_sm2_encrypt(issue->crypto, &issue->signing, session, issue->pki->root_key, &sealed);
    r = oc_is_ok(r) ? send(issue, (oc_apdu){.cla = 0x80, .ins = 0x4E, .p2 = 0x01, .has_le = true},
                           BYTES_OF(sealed_key), oc_buf_span(&sealed), "DECIPHER KEY")
                    : r;
    oc_buf_free(&sealed);
    OC_TRY(r);
    if (!oc_span_equal(oc_buf_span(&issue->perso->answer), session)) {
        return oc_diag_fail(issue->perso->diag, OC_E_FORMAT, "DECIPHER KEY was answered by another key than was sent");
    }
    memcpy(answer, issue->perso->answer.at, sizeof answer);
    r = send(issue, (oc_apdu){.cla = 0x80, .ins = 0x4A, .p1 = 0x02, .p2 = 0x10}, BYTES_OF(session_key),
             BYTES_OF(answer), "IMPORT SESSION KEY");
    oc_wipe(answer, sizeof answer);
    return r;
}

static oc_result wrap(struct issue *issue, oc_span session, uint8_t wrapped[OC_SM2_SCALAR])
{
    oc_key key;
    OC_TRY(oc_key_load(&key, OC_ALG_SM4, session));
    key.transient = 1;
    oc_result r = oc_encipher(issue->crypto, &key, BYTES_OF(issue->enciphering.scalar), wrapped);
    oc_key_wipe(&key);
    return r;
}

static oc_result send_enciphering_key(struct issue *issue)
{
    uint8_t session[OC_KEY_SIZE] = {0};
    uint8_t wrapped[OC_SM2_SCALAR];
    oc_result r = make_enciphering_key(issue, session);
    r = oc_is_ok(r) ? send_session_key(issue, BYTES_OF(session)) : r;
    r = oc_is_ok(r) ? wrap(issue, BYTES_OF(session), wrapped) : r;
    oc_wipe(session, sizeof session);
    OC_TRY(r);
    OC_TRY(send(issue, (oc_apdu){.cla = 0x80, .ins = 0xC2, .p1 = 0x40}, BYTES_OF(public_key),
                BYTES_OF(issue->enciphering.point), "IMPORT PUBLIC KEY"));
    return send(issue, (oc_apdu){.cla = 0x80, .ins = 0xC2, .p1 = 0xC0, .p2 = 0x01}, BYTES_OF(private_key),
                BYTES_OF(wrapped), "IMPORT PRIVATE KEY");
}

static oc_result write_certificate(struct issue *issue, const oc_profile_dir *dir, enum oc_certificate_use use,
                                   const oc_sm2_key *key)
{
    uint8_t serial[1 + FACTOR] = {(uint8_t)use};
    memcpy(serial + 1, issue->factor, FACTOR);
    const uint16_t fid = use == OC_CERTIFICATE_SIGNING ? 0x0018 : 0x0019;
    const oc_certificate_order order = {.use = use,
                                        .serial = BYTES_OF(serial),
                                        .issuer = issue->pki->root_name,
                                        .subject = issue->holder,
                                        .not_before = issue->pki->not_before,
                                        .not_after = issue->pki->not_after,
                                        .signer = &issue->authority,
                                        .receiver = key};
    oc_buf certificate = {0};
    oc_result r = oc_certificate_make(issue->crypto, &order, &certificate);
    for (size_t i = 0; oc_is_ok(r) && i < dir->files_count; i++) {
        if (dir->files[i].fid == fid) {
            r = oc_perso_write(issue->perso, &dir->files[i], oc_buf_span(&certificate));
        }
    }
    oc_buf_free(&certificate);
    return r;
}

static void take_holder(struct issue *issue)
{
    oc_buf name = {0};
    if (!oc_is_ok(oc_profile_value(issue->profile, "SSSE/EF06/09.utf8", &name)) || name.len == 0 ||
        name.len >= sizeof issue->holder) {
        oc_buf_clear(&name);
        (void)oc_profile_value(issue->profile, "SSSE/EF05/07.text", &name).code;
    }
    snprintf(issue->holder, sizeof issue->holder, "%.*s", (int)name.len, (const char *)name.at);
    oc_buf_free(&name);
}

static oc_result prepare(struct issue *issue)
{
    oc_span atr = oc_profile_atr(issue->profile);
    if (issue->pki == NULL || issue->pki->root_key.len != OC_SM2_SCALAR || issue->pki->root_name == NULL ||
        atr.len < FACTOR) {
        return oc_diag_fail(issue->perso->diag, OC_E_UNAVAILABLE, "profile %s has no authority to issue certificates",
                            oc_profile_id(issue->profile));
    }
    memcpy(issue->factor, atr.at + atr.len - FACTOR, FACTOR);
    oc_result r = oc_sm2_pair(issue->crypto, &issue->authority, issue->pki->root_key);
    if (r.code == OC_E_FORMAT) {
        return oc_diag_fail(issue->perso->diag, OC_E_FORMAT, "the pki's root key in profile %s is no SM2 key",
                            oc_profile_id(issue->profile));
    }
    take_holder(issue);
    return r;
}

static oc_result run(struct issue *issue, const oc_profile_dir *dir)
{
    OC_TRY(prepare(issue));
    OC_TRY(make_signing_key(issue));
    OC_TRY(send_enciphering_key(issue));
    OC_TRY(write_certificate(issue, dir, OC_CERTIFICATE_SIGNING, &issue->signing));
    return write_certificate(issue, dir, OC_CERTIFICATE_ENCIPHERING, &issue->enciphering);
}

oc_result oc_pki_issue(oc_perso *perso, oc_crypto *crypto, const oc_profile *profile, const oc_profile_dir *dir)
{
    struct issue issue = {.perso = perso, .crypto = crypto, .profile = profile, .pki = oc_profile_pki_of(profile)};
    oc_result r = run(&issue, dir);
    oc_sm2_wipe(&issue.authority);
    oc_sm2_wipe(&issue.enciphering);
    return r;
}
