/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/base/sw.h"
#include "sim/keys/outside.h"
#include "sim/keys/psam_apdu.h"

/* What a PSAM answers (keys.h): enciphering and MACs under session keys, and the first MAC of a purchase. */

#define BLOCK_MAX 16
#define CHUNK 240 /* whole blocks of either algorithm, below the 255 bytes of a command */
#define KIND_MASK 0x1Fu
#define KIND_PURCHASE 2u
#define ANY_LENGTH SIZE_MAX

/* P1 of 80 FA (ssc-card sheet 8). */
enum { CRYPT_MAC = 0x01, CRYPT_MORE = 0x02, CRYPT_ICV = 0x04 };

struct psam_keys {
    oc_outside outside;
    oc_link *link;
    bool awake; /* reset since the last failure */
    oc_buf response;
};

/* A question on its way. */
struct asking {
    struct psam_keys *self;
    const oc_key_question *question;
    const oc_profile_key *key;
    const uint8_t *factors[OC_KEY_FACTORS_MAX]; /* the card's, the city's, the province's */
    oc_diag *diag;
};

static oc_result lacks(const struct asking *asking, const char *why)
{
    return oc_outside_lacks(asking->diag, &asking->question->key, why);
}

/* 9000 with that many bytes, or UNAVAILABLE. A link that fails is found anew at the next question. */
static oc_result exchange(const struct asking *asking, const oc_apdu *apdu, size_t len)
{
    struct psam_keys *self = asking->self;
    const oc_key_name *key = &asking->question->key;
    oc_sw sw;
    oc_result r = oc_apdu_transmit(self->link, apdu, &self->response, &sw, asking->diag);
    self->awake = oc_is_ok(r);
    OC_TRY(r);
    if (!oc_sw_ok(sw)) {
        return oc_diag_fail(asking->diag, OC_E_UNAVAILABLE, "key %s/%s version %u: the PSAM answers %04X to %02X %02X",
                            key->dir, key->name, key->version, sw.value, apdu->cla, apdu->ins);
    }
    return len == ANY_LENGTH || self->response.len == len
               ? oc_ok()
               : oc_diag_fail(asking->diag, OC_E_GARBAGE, "the PSAM answers %02X %02X with %zu bytes instead of %zu",
                              apdu->cla, apdu->ins, self->response.len, len);
}

static oc_result select_fid(const struct asking *asking, uint16_t fid)
{
    const uint8_t bytes[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    const oc_apdu select = {.ins = 0xA4, .data = oc_span_of(bytes, sizeof bytes), .has_le = true};
    return exchange(asking, &select, ANY_LENGTH);
}

static oc_result select_name(const struct asking *asking, oc_span name)
{
    const oc_apdu select = {.ins = 0xA4, .p1 = 0x04, .data = name, .has_le = true};
    return exchange(asking, &select, ANY_LENGTH);
}

static oc_result select_application(const struct asking *asking)
{
    if (asking->key->alg == OC_ALG_SM4) {
        OC_TRY(select_name(asking, oc_psam_sm4_environment));
        return select_fid(asking, OC_PSAM_FID_DF01);
    }
    OC_TRY(select_fid(asking, OC_PSAM_FID_MF));
    return select_name(asking, oc_psam_application);
}

/* Before each question: whoever else talks to the PSAM may have left it elsewhere, or without power. */
static oc_result enter(const struct asking *asking)
{
    struct psam_keys *self = asking->self;
    if (self->awake) {
        oc_result r = select_application(asking);
        if (r.code != OC_E_GONE) {
            return r;
        }
        oc_diag_clear(asking->diag);
    }
    OC_TRY(oc_link_reset(self->link, OC_RESET_COLD, &self->response, asking->diag));
    self->awake = true;
    return select_application(asking);
}

/* Data in commands of whole blocks, "more" in all but the last, whose answer (and that of all, when enciphering) goes
 * to `answer`. */
static oc_result crypt(const struct asking *asking, bool mac, oc_span data, oc_wr *answer)
{
    size_t block = oc_alg_block(asking->key->alg);
    bool has_icv = mac && asking->question->icv.len > 0;
    for (size_t at = 0; at < data.len; at += CHUNK) {
        oc_span part = oc_span_slice(data, at, CHUNK);
        bool more = at + CHUNK < data.len;
        unsigned p1 = (mac ? CRYPT_MAC : 0u) | (more ? CRYPT_MORE : 0u) | (has_icv && at == 0 ? CRYPT_ICV : 0u);
        size_t expected = mac ? (more ? 0 : block) : part.len;
        const oc_apdu apdu = {.cla = 0x80,
                              .ins = 0xFA,
                              .p1 = (uint8_t)p1,
                              .data = part,
                              .has_le = expected > 0,
                              .le = (uint8_t)expected};
        OC_TRY(exchange(asking, &apdu, expected));
        oc_wr_bytes(answer, oc_buf_span(&asking->self->response));
    }
    return answer->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

/* BF DE, then 80 FA: ICV, data and the padding that a MAC gets from the terminal (ISO/IEC 9797-1, method 2). */
static oc_result descrypt(const struct asking *asking, oc_wr *answer)
{
    const oc_key_question *question = asking->question;
    size_t block = oc_alg_block(asking->key->alg);
    bool mac = question->use == OC_KEY_MAC;
    uint8_t init_room[OC_PSAM_INIT_MAX];
    uint8_t room[OC_KEY_ANSWER_MAX + 2 * BLOCK_MAX];
    oc_wr wr = oc_wr_of(room, sizeof room);
    oc_wr_bytes(&wr, mac ? question->icv : oc_span_empty());
    oc_wr_bytes(&wr, question->data);
    if (mac) {
        oc_wr_u8(&wr, 0x80);
        oc_wr_fill(&wr, 0x00, (block - wr.len % block) % block);
    }
    if (wr.bad) {
        return oc_diag_fail(asking->diag, OC_E_LIMIT, "more data than a PSAM is asked about");
    }
    if (!mac && (wr.len == 0 || wr.len % block != 0)) {
        return oc_fail(OC_E_FORMAT);
    }
    const oc_apdu init = oc_psam_init_descrypt_apdu(asking->key->usage, asking->key->psam_id, asking->factors,
                                                    question->session, block, init_room);
    OC_TRY(enter(asking));
    OC_TRY(exchange(asking, &init, 0));
    oc_result r = crypt(asking, mac, oc_wr_span(&wr), answer);
    oc_wipe(room, sizeof room);
    return r;
}

/* What a purchase's question is made of: session random || card's number || low half of the serial, data amounts || type
 * || terminal || date and time (ssc-card sheet 7). */
struct purchase {
    oc_span random, number, serial, amounts, type, terminal, time;
};

static bool take_purchase(const oc_key_question *question, struct purchase *out)
{
    oc_rd session = oc_rd_of(question->session);
    oc_rd data = oc_rd_of(question->data);
    out->random = oc_rd_bytes(&session, 4);
    out->number = oc_rd_bytes(&session, 2);
    out->serial = oc_rd_bytes(&session, 2);
    out->amounts = oc_rd_bytes(&data, 12);
    out->type = oc_rd_bytes(&data, 1);
    out->terminal = oc_rd_bytes(&data, 6);
    out->time = oc_rd_bytes(&data, 7);
    return question->use == OC_KEY_MAC && question->icv.len == 0 && oc_rd_done(&session) && oc_rd_done(&data);
}

/* The PSAM pays with its own terminal number and its next serial number; a question about others is not for it. */
static oc_result check_terminal(const struct asking *asking, const struct purchase *purchase)
{
    const oc_apdu number = {.ins = 0xB0, .p1 = 0x96, .has_le = true, .le = 6};
    const oc_apdu serial = {.ins = 0xB0, .p1 = 0x99, .has_le = true, .le = 4};
    const oc_buf *response = &asking->self->response;
    OC_TRY(enter(asking));
    OC_TRY(select_fid(asking, OC_PSAM_FID_MF));
    OC_TRY(exchange(asking, &number, 6));
    bool same = oc_span_equal(oc_buf_span(response), purchase->terminal);
    OC_TRY(select_application(asking));
    OC_TRY(exchange(asking, &serial, 4));
    same = same && oc_span_equal(oc_span_slice(oc_buf_span(response), 2, 2), purchase->serial);
    return same ? oc_ok()
                : lacks(asking,
                        "the PSAM pays with its own terminal and serial number, not with those of the question");
}

/* 80 70: the serial number, which is used up, and the 4 bytes of MAC1. */
static oc_result init_purchase(const struct asking *asking, const struct purchase *purchase, oc_wr *answer)
{
    uint8_t room[64];
    oc_wr wr = oc_wr_of(room, sizeof room);
    oc_wr_bytes(&wr, purchase->random);
    oc_wr_bytes(&wr, purchase->number);
    oc_wr_bytes(&wr, purchase->amounts);
    oc_wr_bytes(&wr, purchase->type);
    oc_wr_bytes(&wr, purchase->time);
    oc_wr_u8(&wr, asking->key->name.version);
    oc_wr_u8(&wr, (uint8_t)asking->key->alg);
    for (unsigned level = 0; level < oc_psam_levels(asking->key->usage); level++) {
        oc_wr_bytes(&wr, oc_span_of(asking->factors[level], 8));
    }
    const oc_apdu init = {.cla = 0x80, .ins = 0x70, .p1 = 0x01, .data = oc_wr_span(&wr), .has_le = true, .le = 8};
    OC_TRY(exchange(asking, &init, 8));
    oc_span got = oc_buf_span(&asking->self->response);
    if (!oc_span_equal(oc_span_slice(got, 2, 2), purchase->serial)) {
        return lacks(asking, "the PSAM used another serial number than the next");
    }
    oc_wr_bytes(answer, oc_span_slice(got, 4, 4));
    return answer->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

static oc_result buy(const struct asking *asking, oc_wr *answer)
{
    struct purchase purchase;
    if (!take_purchase(asking->question, &purchase)) {
        return lacks(asking, "a PSAM makes the first MAC of a purchase with it, and nothing else");
    }
    OC_TRY(check_terminal(asking, &purchase));
    return init_purchase(asking, &purchase, answer);
}

/* BF DE names no version: the PSAM takes the first that it has of that usage and id. */
static bool is_first_version(const struct asking *asking)
{
    oc_key_name name = asking->key->name;
    const oc_profile_key *lower;
    for (name.version--; name.version > 0; name.version--) {
        if (oc_is_ok(oc_outside_find(&asking->self->outside, &name, &lower, NULL))) {
            return false;
        }
    }
    return true;
}

static oc_result ask(const struct asking *asking, oc_wr *answer)
{
    const oc_key_question *question = asking->question;
    if (asking->key->usage == 0) {
        return lacks(asking, "it has no partner in a PSAM");
    }
    if (question->factor_count != OC_KEY_FACTORS_MAX) {
        return lacks(asking, "a PSAM needs the factors of province, city and card");
    }
    if ((asking->key->usage & KIND_MASK) == KIND_PURCHASE) {
        return buy(asking, answer);
    }
    if (question->use != OC_KEY_ENCIPHER && question->use != OC_KEY_MAC) {
        return lacks(asking, "a PSAM enciphers and makes MACs only");
    }
    if (question->session.len == 0) {
        return lacks(asking, "a PSAM works under session keys only");
    }
    if (!is_first_version(asking)) {
        return lacks(asking, "a PSAM can be asked for a key's first version only");
    }
    return descrypt(asking, answer);
}

static oc_result psam_alg(void *context, const oc_key_name *name, enum oc_alg *alg)
{
    const struct psam_keys *self = context;
    const oc_profile_key *key;
    OC_TRY(oc_outside_find(&self->outside, name, &key, NULL));
    *alg = key->alg;
    return oc_ok();
}

static oc_result psam_answer(void *context, const oc_key_question *question, oc_wr *answer, oc_diag *diag)
{
    struct psam_keys *self = context;
    const oc_profile_key *key;
    OC_TRY(oc_outside_find(&self->outside, &question->key, &key, diag));
    const oc_key_question complete = oc_outside_complete(&self->outside, question);
    struct asking asking = {.self = self, .question = &complete, .key = key, .diag = diag};
    for (size_t i = 0; i < complete.factor_count; i++) {
        if (complete.factors[i].len != 8) {
            return oc_diag_fail(diag, OC_E_FORMAT, "a diversification factor has 8 bytes");
        }
        asking.factors[OC_KEY_FACTORS_MAX - 1 - i] = complete.factors[i].at;
    }
    size_t before = answer->len;
    oc_result r = ask(&asking, answer);
    if (!oc_is_ok(r)) {
        answer->len = before;
    }
    return r;
}

static void psam_take_card(void *context, const oc_key_card *card)
{
    struct psam_keys *self = context;
    oc_outside_take_card(&self->outside, card);
}

static void psam_free(void *context)
{
    struct psam_keys *self = context;
    oc_link_free(&self->link);
    oc_buf_free(&self->response);
    free(self);
}

oc_result oc_keys_psam(oc_key_provider *out, oc_link *link, const oc_keys_parts *parts)
{
    static const oc_key_provider_ops ops = {"psam", psam_alg, psam_answer, psam_take_card, psam_free};
    *out = (oc_key_provider){0};
    struct psam_keys *self = calloc(1, sizeof *self);
    if (self == NULL) {
        oc_link_free(&link);
        return oc_fail(OC_E_MEMORY);
    }
    self->outside = oc_outside_of(parts->profile);
    self->link = link;
    oc_link_set_timeout(link, parts->timeout_ms);
    *out = (oc_key_provider){&ops, self};
    return oc_ok();
}
