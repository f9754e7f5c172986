/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"
#include "sim/card/card_internal.h"

/* Personalisation: sim/base/perso_format.h has the byte layouts. */
#define SW_EXISTS 0x6A89 /* file or key exists already, ISO/IEC 7816-4 table 6 */
#define CHECK_LEN 8
#define DIR_DESCRIPTOR 6 /* without the name */
#define NAME_MIN 5
#define LOAD_LEN 32   /* 1 + 8 + 16 bytes and padding, for both block sizes */
#define LOAD_INNER 24 /* header and key */
#define PIN_MIN 2
#define PIN_MAX 8

static oc_result check_transport(oc_card_context *context)
{
    uint8_t head[OC_FS_MF];
    oc_nvm_read(context->nvm, 0, head, sizeof head);
    size_t block = oc_alg_block((enum oc_alg)head[OC_CHIP_TRANSPORT_ALG]);
    if (context->body.len != block) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    uint8_t left = head[OC_CHIP_TRANSPORT_TRIES];
    if (left == 0) {
        return oc_card_answer(context, OC_SW_BLOCKED);
    }
    left--; /* paid for before the comparison */
    OC_TRY(oc_nvm_write(context->nvm, OC_CHIP_TRANSPORT_TRIES, oc_span_of(&left, 1)));
    OC_TRY(oc_nvm_commit(context->nvm));
    uint8_t text[16] = {0};
    uint8_t factor[OC_ATR_FACTOR] = {0};
    (void)oc_atr_factor(oc_span_of(head + OC_CHIP_ATR, head[OC_CHIP_ATR_LEN]), factor); /* zeros where it has none */
    memcpy(text + 2, factor + 2, CHECK_LEN - 2);
    oc_key key;
    OC_TRY(oc_key_load(&key, head[OC_CHIP_TRANSPORT_ALG], oc_span_of(head + OC_CHIP_TRANSPORT_KEY, OC_KEY_SIZE)));
    oc_result r = oc_encipher(context->crypto, &key, oc_span_of(text, block), text);
    oc_key_wipe(&key);
    oc_wipe(head, sizeof head);
    OC_TRY(r);
    bool right = oc_span_equal_secret(context->body, oc_span_of(text, block));
    context->card->session.transport_checked = right;
    if (!right) {
        return oc_card_answer(context, oc_sw_tries(left).value);
    }
    left = OC_CHIP_TRANSPORT_TRIES_MAX;
    return oc_nvm_write(context->nvm, OC_CHIP_TRANSPORT_TRIES, oc_span_of(&left, 1));
}

static bool fid_usable(uint16_t fid)
{
    return fid != 0x0000 && fid != OC_FS_FID_MF && fid != 0x3FFF && fid != 0xFFFF; /* ISO/IEC 7816-4 7.3.2 */
}

static oc_result create_dir(oc_card_context *context, oc_rd rd)
{
    oc_dir dir = {.kind = oc_rd_u8(&rd)};
    dir.fid = oc_rd_u16(&rd);
    uint16_t parent_fid = oc_rd_u16(&rd);
    dir.dir_sfi = oc_rd_u8(&rd);
    oc_span name = rd.rest;
    if (rd.bad || name.len < NAME_MIN || name.len > OC_FS_NAME_MAX || dir.dir_sfi > OC_FS_SFI_MAX ||
        !fid_usable(dir.fid)) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    dir.parent = oc_fs_resolve(context->nvm, context->dir, parent_fid);
    if (dir.parent == OC_FS_NONE || !oc_fs_is_dir(context->nvm, dir.parent) ||
        oc_fs_environment(context->nvm, dir.parent) != dir.parent) {
        return oc_card_answer(context, OC_SW_FILE_NOT_FOUND);
    }
    unsigned which;
    if (oc_fs_child(context->nvm, dir.parent, dir.fid) != OC_FS_NONE ||
        oc_fs_by_name(context->nvm, name, &which) != OC_FS_NONE) {
        return oc_card_answer(context, SW_EXISTS);
    }
    if (oc_fs_room(context->nvm) < (size_t)2 * OC_FS_ENTRY ||
        oc_fs_depth(context->nvm, dir.parent) + 1 >= OC_FS_DEPTH_MAX) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    dir.name_len[0] = (uint8_t)name.len;
    memcpy(dir.names[0], name.at, name.len);
    OC_TRY(oc_fs_add_dir(context->nvm, &dir));
    oc_card_enter(context->card, dir.at);
    return oc_ok();
}

/* Fills in the size of record files; false when the descriptor contradicts itself. */
static bool ef_plausible(oc_ef *ef)
{
    size_t records = (size_t)ef->record_length * ef->records_max;
    if (ef->read.rule > OC_RULE_NEVER || ef->update.rule > OC_RULE_NEVER || ef->sfi > OC_FS_SFI_MAX ||
        !fid_usable(ef->fid)) {
        return false;
    }
    if (ef->kind == OC_PERSO_FIXED || ef->kind == OC_PERSO_CYCLIC) {
        ef->size = ef->size == 0 ? (uint16_t)records : ef->size;
        /* A fixed record holds at least its tag and length. */
        return ef->record_length >= 2 && ef->records_max > 0 && ef->size >= records;
    }
    return ef->record_length == 0 && ef->size > 0;
}

static oc_result create_ef(oc_card_context *context, oc_rd rd)
{
    oc_ef ef = {.kind = oc_rd_u8(&rd)};
    ef.fid = oc_rd_u16(&rd);
    ef.sfi = oc_rd_u8(&rd);
    ef.read.rule = oc_rd_u8(&rd);
    ef.read.key_id = oc_rd_u8(&rd);
    ef.update.rule = oc_rd_u8(&rd);
    ef.update.key_id = oc_rd_u8(&rd);
    ef.size = oc_rd_u16(&rd);
    ef.record_length = oc_rd_u8(&rd);
    ef.records_max = oc_rd_u8(&rd);
    ef.fill = oc_rd_u8(&rd);
    if (!oc_rd_done(&rd) || !ef_plausible(&ef)) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    if (oc_fs_child(context->nvm, context->dir, ef.fid) != OC_FS_NONE ||
        oc_fs_child_by_sfi(context->nvm, context->dir, ef.sfi) != OC_FS_NONE) {
        return oc_card_answer(context, SW_EXISTS);
    }
    if (oc_fs_room(context->nvm) < (size_t)ef.size + (size_t)2 * OC_FS_ENTRY) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    OC_TRY(oc_fs_add_ef(context->nvm, context->dir, &ef));
    context->card->session.ef = ef.at;
    return oc_ok();
}

static oc_result create(oc_card_context *context)
{
    oc_rd rd = oc_rd_of(context->body);
    switch (context->body.at[0]) {
    case OC_PERSO_DDF:
    case OC_PERSO_ADF:
        return create_dir(context, rd);
    case OC_PERSO_TRANSPARENT:
    case OC_PERSO_FIXED:
    case OC_PERSO_VARIABLE:
    case OC_PERSO_CYCLIC:
    case OC_PERSO_DIR:
        return create_ef(context, rd);
    default:
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
}

static oc_result create_file(oc_card_context *context)
{
    if (!context->card->session.transport_checked) {
        return oc_card_answer(context, OC_SW_SECURITY_STATUS);
    }
    OC_TRY(create(context));
    return oc_sw_ok(context->sw) ? oc_card_set_life(context->card, OC_CHIP_PRE_ISSUED) : oc_ok();
}

static oc_result add_name(oc_card_context *context)
{
    if (!context->card->session.transport_checked) {
        return oc_card_answer(context, OC_SW_SECURITY_STATUS);
    }
    unsigned which;
    if (oc_fs_by_name(context->nvm, context->body, &which) != OC_FS_NONE) {
        return oc_card_answer(context, SW_EXISTS);
    }
    oc_dir dir;
    oc_fs_load_dir(context->nvm, context->dir, &dir);
    unsigned place = dir.name_len[0] == 0 ? 0 : 1;
    if (dir.name_len[place] != 0) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    dir.name_len[place] = (uint8_t)context->body.len;
    memcpy(dir.names[place], context->body.at, context->body.len);
    return oc_fs_store_dir(context->nvm, &dir);
}

/* The key that enciphers a load: the chip's transport key for a master key, else the directory's master key. */
static bool find_load_key(const oc_card_context *context, bool master, oc_stored_key *out)
{
    if (master) {
        *out = (oc_stored_key){.alg = oc_nvm_view(context->nvm, OC_CHIP_TRANSPORT_ALG, 1)[0]};
        oc_nvm_read(context->nvm, OC_CHIP_TRANSPORT_KEY, out->secret, OC_KEY_SIZE);
        return true;
    }
    oc_key_query query = {OC_KEY_KIND_MASTER, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(context->nvm, context->dir, &query, out);
}

static bool kind_known(uint8_t kind)
{
    static const uint8_t kinds[] = {OC_KEY_KIND_MASTER,   OC_KEY_KIND_PIN,      OC_KEY_KIND_MAINTENANCE,
                                    OC_KEY_KIND_LOAD,     OC_KEY_KIND_PURCHASE, OC_KEY_KIND_TAC,
                                    OC_KEY_KIND_EXTERNAL, OC_KEY_KIND_INTERNAL, OC_KEY_KIND_PSAM};
    return memchr(kinds, kind, sizeof kinds) != NULL;
}

static bool options_known(const oc_stored_key *key)
{
    static const struct {
        uint8_t kind, options;
    } allowed[] = {
        {OC_KEY_KIND_PURCHASE, OC_KEY_OPTIONS_PURCHASE},
        {OC_KEY_KIND_PSAM, OC_KEY_OPTIONS_PARTNER},
        {OC_KEY_KIND_PIN, OC_KEY_OPTION_INITIAL_PIN},
    };
    unsigned known = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        known = allowed[i].kind == key->kind ? allowed[i].options : known;
    }
    return (key->options & ~known) == 0;
}

/* Reads length || header || key || 80 00..: 9000, 6A80 when it is not that, 6A81 for an unknown algorithm. */
static oc_sw parse_key(oc_span plain, bool master, oc_stored_key *key)
{
    oc_rd rd = oc_rd_of(plain);
    uint8_t len = oc_rd_u8(&rd);
    *key = (oc_stored_key){.kind = oc_rd_u8(&rd)};
    key->id = oc_rd_u8(&rd);
    key->version = oc_rd_u8(&rd);
    key->usage = oc_rd_u8(&rd);
    key->tries = oc_rd_u8(&rd);
    key->alg = oc_rd_u8(&rd);
    key->index = oc_rd_u8(&rd);
    key->options = oc_rd_u8(&rd);
    oc_rd_copy(&rd, key->secret, OC_KEY_SIZE);
    bool padded = oc_rd_u8(&rd) == 0x80;
    while (rd.rest.len > 0) {
        padded = oc_rd_u8(&rd) == 0 && padded;
    }
    bool is_pin = key->kind == OC_KEY_KIND_PIN;
    bool right = !rd.bad && padded && len == LOAD_INNER && options_known(key) && kind_known(key->kind) &&
                 key->version >= OC_KEY_VERSION_MIN && master == (key->kind == OC_KEY_KIND_MASTER) &&
                 key->tries >> 4 == (key->tries & 0x0F) && (!is_pin || (key->alg >= PIN_MIN && key->alg <= PIN_MAX));
    return oc_sw_of(!right ? OC_SW_WRONG_DATA : is_pin || oc_alg_known(key->alg) ? OC_SW_OK : OC_SW_NOT_SUPPORTED);
}

static oc_result store_key(oc_card_context *context, oc_stored_key *key)
{
    /* A PSAM may hold one key id in both algorithms. */
    int alg = key->kind == OC_KEY_KIND_PSAM ? key->alg : OC_KEY_ANY;
    oc_key_query same = {key->kind, key->id, key->version, key->usage, key->index, alg};
    oc_stored_key other;
    bool exists = oc_key_find(context->nvm, context->dir, &same, &other);
    oc_wipe(&other, sizeof other);
    if (exists) {
        return oc_card_answer(context, SW_EXISTS);
    }
    if (oc_fs_room(context->nvm) < (size_t)2 * OC_FS_ENTRY) {
        return oc_card_answer(context, OC_SW_NO_SPACE);
    }
    OC_TRY(oc_card_tell_key(context, key));
    return oc_sw_ok(context->sw) ? oc_key_add(context->nvm, context->dir, key) : oc_ok();
}

static oc_result load_key(oc_card_context *context)
{
    if (!context->card->session.transport_checked) {
        return oc_card_answer(context, OC_SW_SECURITY_STATUS);
    }
    bool master = context->p1 == 0x01;
    oc_stored_key stored;
    if (!find_load_key(context, master, &stored)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_key key;
    uint8_t plain[LOAD_LEN];
    oc_stored_key loaded = {0};
    OC_TRY(oc_key_use(&stored, &key));
    oc_result r = oc_decipher(context->crypto, &key, context->body, plain);
    oc_key_wipe(&key);
    if (oc_is_ok(r)) {
        oc_sw sw = parse_key(oc_span_of(plain, sizeof plain), master, &loaded);
        r = oc_sw_ok(sw) ? store_key(context, &loaded) : oc_card_answer(context, sw.value);
    }
    oc_wipe(plain, sizeof plain);
    oc_wipe(&stored, sizeof stored);
    oc_wipe(&loaded, sizeof loaded);
    return r;
}

/* From here on the access rules hold, the transport key is gone and these commands with it. */
static oc_result end_of_issuing(oc_card_context *context)
{
    if (!context->card->session.transport_checked) {
        return oc_card_answer(context, OC_SW_SECURITY_STATUS);
    }
    static const uint8_t no_key[OC_KEY_SIZE];
    OC_TRY(oc_card_set_life(context->card, OC_CHIP_ISSUED));
    context->card->session.transport_checked = false;
    return oc_nvm_write(context->nvm, OC_CHIP_TRANSPORT_KEY, oc_span_of(no_key, sizeof no_key));
}

static const oc_card_command commands[] = {
    {0x80, 0xE0, 0x03, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 8, 16, OC_LIFE_ISSUING, check_transport},
    {0x80, 0xE0, 0x01, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, DIR_DESCRIPTOR + NAME_MIN, DIR_DESCRIPTOR + OC_FS_NAME_MAX,
     OC_LIFE_ISSUING, create_file},
    {0x80, 0xE0, 0x04, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, NAME_MIN, OC_FS_NAME_MAX, OC_LIFE_ISSUING, add_name},
    {0x80, 0xE0, 0x02, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0, 0, OC_LIFE_ISSUING, end_of_issuing},
    {0x80, 0xD4, 0x00, 0xFE, 0x00, 0xFF, NULL, OC_FLOW_IN, LOAD_LEN, LOAD_LEN, OC_LIFE_ISSUING, load_key},
};

const oc_card_family oc_card_perso_family = {commands, sizeof commands / sizeof commands[0]};
