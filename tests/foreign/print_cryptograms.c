/* SPDX-License-Identifier: Apache-2.0 */
/* Prints our cryptograms for random inputs, one a line: operation, algorithm, key, arguments, '=', result; all in hex.
 * crypto_agreement_test.py computes each of them again with another library. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/random.h"
#include "sim/crypto/key_provider.h"
#include "sim/crypto/ssc.h"

#define ARGUMENTS_MAX 10
#define ARGUMENT_SIZE_MAX 64

struct work {
    oc_crypto *crypto;
    oc_key key;
    oc_span arguments[ARGUMENTS_MAX];
    uint8_t result[ARGUMENT_SIZE_MAX];
    size_t result_len;
};

typedef oc_result operation(struct work *work);

struct operation_row {
    const char *name;
    operation *run;
    bool tdes_only;
    /* bytes of each argument, 0 closes the list; VARIABLE draws a length from 0 to 63 */
    uint8_t sizes[ARGUMENTS_MAX + 1];
};

#define VARIABLE 0xFF

static void keep(struct work *work, const uint8_t *bytes, size_t len)
{
    memcpy(work->result, bytes, len);
    work->result_len = len;
}

static oc_result encipher(struct work *work)
{
    work->result_len = 48;
    return oc_encipher(work->crypto, &work->key, work->arguments[0], work->result);
}

static oc_result decipher(struct work *work)
{
    work->result_len = 48;
    return oc_decipher(work->crypto, &work->key, work->arguments[0], work->result);
}

static oc_result cbc_mac(struct work *work)
{
    work->result_len = oc_alg_block((enum oc_alg)work->key.alg);
    oc_span icv = oc_span_slice(work->arguments[1], 0, work->result_len);
    return oc_cbc_mac(work->crypto, &work->key, icv, work->arguments[0], work->result);
}

static oc_result retail_mac(struct work *work)
{
    work->result_len = 8;
    return oc_retail_mac(work->crypto, &work->key, oc_span_empty(), work->arguments[0], work->result);
}

static oc_result diversify(struct work *work)
{
    oc_key child;
    OC_TRY(oc_ssc_diversify_all(work->crypto, &work->key, work->arguments, 3, &child));
    keep(work, child.sealed, OC_KEY_SIZE);
    return oc_ok();
}

static oc_result auth(struct work *work)
{
    work->result_len = 8;
    return oc_ssc_auth(work->crypto, &work->key, work->arguments[0], work->arguments[1], work->result);
}

static oc_result card_id_check(struct work *work)
{
    work->result_len = 4;
    return oc_ssc_card_id_check(work->crypto, &work->key, work->arguments[0], work->result);
}

/* The way of terminal and host: a question to a key provider, cut to four bytes. */
static oc_result ask(struct work *work, enum oc_key_use use, const oc_wr *session, const oc_wr *data)
{
    uint8_t block[16];
    oc_wr answer = oc_wr_of(block, sizeof block);
    oc_key_question question = {.use = use, .data = oc_wr_span(data)};
    if (session != NULL) {
        question.session = oc_wr_span(session);
    }
    OC_TRY(oc_key_answer_with(work->crypto, &work->key, &question, &answer));
    work->result_len = 4;
    if (answer.len == 16) {
        oc_ssc_fold4(block, work->result);
    } else {
        memcpy(work->result, block, 4);
    }
    return oc_ok();
}

/* Strings arguments first..last together. */
static oc_wr join(const struct work *work, uint8_t *room, size_t size, unsigned first, unsigned last)
{
    oc_wr wr = oc_wr_of(room, size);
    for (unsigned i = first; i <= last; i++) {
        oc_wr_bytes(&wr, work->arguments[i]);
    }
    return wr;
}

/* random, seq, balance, amount, type, terminal */
static oc_result load_mac1(struct work *work)
{
    uint8_t session_room[8], room[64];
    oc_wr session = join(work, session_room, sizeof session_room, 0, 1);
    oc_wr_u16(&session, 0x8000);
    oc_wr data = join(work, room, sizeof room, 2, 5);
    return ask(work, OC_KEY_MAC, &session, &data);
}

/* random, seq, amount, type, terminal, time */
static oc_result load_mac2(struct work *work)
{
    return load_mac1(work); /* the same but for the meaning of the data */
}

/* random, seq, serial, own, cash, pooled, type, terminal, time; directly, without a provider's question */
static oc_result purchase_mac1(struct work *work)
{
    uint8_t session_room[8], room[64];
    oc_wr input = join(work, session_room, sizeof session_room, 0, 1);
    oc_wr_bytes(&input, oc_span_slice(work->arguments[2], 2, 2));
    oc_wr data = join(work, room, sizeof room, 3, 8);
    oc_key session;
    OC_TRY(oc_ssc_session(work->crypto, &work->key, oc_wr_span(&input), &session));
    work->result_len = 4;
    return oc_ssc_mac4(work->crypto, &session, oc_span_empty(), oc_wr_span(&data), work->result);
}

/* The same arguments in the forms that the settings purchase-session and purchase-mac1 choose. */
static oc_result purchase_mac1_form(struct work *work, bool card_sequence, bool zero)
{
    uint8_t session_room[8], room[64];
    oc_wr input = join(work, session_room, sizeof session_room, 0, 1);
    oc_wr_bytes(&input, card_sequence ? work->arguments[1] : oc_span_slice(work->arguments[2], 2, 2));
    oc_wr data = join(work, room, sizeof room, 3, 8);
    if (zero) {
        memset(room, 0, work->arguments[3].len);
    }
    return ask(work, OC_KEY_MAC, &input, &data);
}

static oc_result purchase_mac1_card_sequence(struct work *work)
{
    return purchase_mac1_form(work, true, false);
}

static oc_result purchase_mac1_zero(struct work *work)
{
    return purchase_mac1_form(work, false, true);
}

/* Factors of card, city and province as on the wire, random, text: what BF DE and 80 FA 00 make of them. */
static oc_result psam_encipher(struct work *work)
{
    oc_span order[3] = {work->arguments[2], work->arguments[1], work->arguments[0]};
    oc_key key;
    oc_key session;
    OC_TRY(oc_ssc_diversify_all(work->crypto, &work->key, order, 3, &key));
    OC_TRY(oc_ssc_session(work->crypto, &key, work->arguments[3], &session));
    work->result_len = work->arguments[4].len;
    return oc_encipher(work->crypto, &session, work->arguments[4], work->result);
}

/* random, seq, serial, own, cash, pooled */
static oc_result purchase_mac2(struct work *work)
{
    uint8_t session_room[8], room[64];
    oc_wr input = join(work, session_room, sizeof session_room, 0, 1);
    oc_wr_bytes(&input, oc_span_slice(work->arguments[2], 2, 2));
    oc_wr data = join(work, room, sizeof room, 3, 5);
    return ask(work, OC_KEY_MAC, &input, &data);
}

/* own, cash, pooled, type, terminal, serial, time */
static oc_result purchase_tac(struct work *work)
{
    uint8_t room[64];
    oc_wr data = join(work, room, sizeof room, 0, 6);
    return ask(work, OC_KEY_TAC, NULL, &data);
}

/* balance, seq, amount, type, terminal, time; directly */
static oc_result load_tac(struct work *work)
{
    uint8_t room[64];
    oc_wr data = join(work, room, sizeof room, 0, 5);
    oc_key tac_key;
    OC_TRY(oc_ssc_tac_key(&work->key, &tac_key));
    work->result_len = 4;
    return oc_ssc_mac4(work->crypto, &tac_key, oc_span_empty(), oc_wr_span(&data), work->result);
}

static oc_result sm3(struct work *work)
{
    work->result_len = 32;
    return oc_sm3(work->crypto, work->arguments[0], work->result);
}

static const struct operation_row operations[] = {
    {"encipher", encipher, false, {48}},
    {"decipher", decipher, false, {48}},
    {"cbc_mac", cbc_mac, false, {VARIABLE, 16}},
    {"retail_mac", retail_mac, true, {VARIABLE}},
    {"diversify", diversify, false, {8, 8, 8}},
    {"auth", auth, false, {8, 8}},
    {"card_id_check", card_id_check, false, {12}},
    {"load_mac1", load_mac1, false, {4, 2, 4, 4, 1, 6}},
    {"load_mac2", load_mac2, false, {4, 2, 4, 1, 6, 7}},
    {"load_tac", load_tac, false, {4, 2, 4, 1, 6, 7}},
    {"purchase_mac1", purchase_mac1, false, {4, 2, 4, 4, 4, 4, 1, 6, 7}},
    {"purchase_mac1_card_sequence", purchase_mac1_card_sequence, false, {4, 2, 4, 4, 4, 4, 1, 6, 7}},
    {"purchase_mac1_zero", purchase_mac1_zero, false, {4, 2, 4, 4, 4, 4, 1, 6, 7}},
    {"psam_encipher", psam_encipher, false, {8, 8, 8, 8, 48}},
    {"purchase_mac2", purchase_mac2, false, {4, 2, 4, 4, 4, 4}},
    {"purchase_tac", purchase_tac, false, {4, 4, 4, 1, 6, 4, 7}},
    {"sm3", sm3, false, {VARIABLE}},
};

static void print_hex(const char *before, oc_span bytes)
{
    char text[2 * ARGUMENT_SIZE_MAX + 1];
    oc_hex_encode(text, sizeof text, bytes);
    printf("%s%s", before, bytes.len == 0 ? "-" : text);
}

static oc_result one_line(struct work *work, const struct operation_row *row, oc_random *random)
{
    uint8_t rooms[ARGUMENTS_MAX][ARGUMENT_SIZE_MAX];
    uint8_t key[OC_KEY_SIZE + 2];
    OC_TRY(oc_random_bytes(random, key, sizeof key));
    uint8_t alg = row->tdes_only || key[OC_KEY_SIZE] % 2 == 0 ? OC_ALG_3DES : OC_ALG_SM4;
    OC_TRY(oc_key_load(&work->key, alg, oc_span_of(key, OC_KEY_SIZE)));
    printf("%s %u", row->name, alg);
    print_hex(" ", oc_span_of(key, OC_KEY_SIZE));
    for (unsigned i = 0; row->sizes[i] != 0; i++) {
        size_t size = row->sizes[i] == VARIABLE ? key[OC_KEY_SIZE + 1] % ARGUMENT_SIZE_MAX : row->sizes[i];
        OC_TRY(oc_random_bytes(random, rooms[i], size));
        work->arguments[i] = oc_span_of(rooms[i], size);
        print_hex(" ", work->arguments[i]);
    }
    OC_TRY(row->run(work));
    print_hex(" = ", oc_span_of(work->result, work->result_len));
    putchar('\n');
    return oc_ok();
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: print_cryptograms SEED COUNT\n");
        return 2;
    }
    oc_random random;
    oc_random_init(&random, strtoull(argv[1], NULL, 10), "cryptograms");
    unsigned long count = strtoul(argv[2], NULL, 10);
    struct work work = {0};
    oc_result r = oc_crypto_new(&work.crypto);
    for (unsigned long i = 0; i < count && oc_is_ok(r); i++) {
        r = one_line(&work, &operations[i % (sizeof operations / sizeof operations[0])], &random);
    }
    oc_crypto_free(&work.crypto);
    return oc_is_ok(r) ? 0 : 1;
}
