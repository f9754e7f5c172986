/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/model/access_model.h"
#include "tests/support/oc_world.h"

/* Random commands, valid and not, to a card and to the model of its access rules; both must agree on every status word
 * and on all data.
 *     model_walk COMMANDS SEED PROFILE...
 * Each life has some hundred commands, so that tries do not stay used up. */
#define LIFE 300

struct walk {
    oc_world world;
    oc_card_image *issued;
    oc_model *model;
    oc_endpoint card;
    uint64_t state; /* of the random numbers */
    uint8_t challenge[8];
    unsigned long granted;
    unsigned long refused;
    const oc_profile_dir *dirs;
    size_t count;
    char said[64]; /* the newest command, for a difference */
};

/* xorshift64*: small, and the same everywhere. */
static uint32_t draw(struct walk *walk, uint32_t below)
{
    walk->state ^= walk->state >> 12;
    walk->state ^= walk->state << 25;
    walk->state ^= walk->state >> 27;
    return (uint32_t)((walk->state * 0x2545F4914F6CDD1DULL) >> 33) % below;
}

static bool differ(const struct walk *walk, unsigned expected, unsigned got)
{
    printf("%s: the card answers %04X, the model says %04X\n", walk->said, got, expected);
    return false;
}

/* Sends and compares. 61xx and 9000 are both success: what waits is not fetched. */
static bool send(struct walk *walk, oc_span command, unsigned expected, oc_span data)
{
    uint8_t room[600];
    oc_wr response = oc_wr_of(room, sizeof room);
    if (!oc_is_ok(walk->card.exchange(walk->card.self, command, &response)) || response.len < 2) {
        return differ(walk, expected, 0);
    }
    unsigned sw = (unsigned)room[response.len - 2] << 8 | room[response.len - 1];
    sw = sw >> 8 == 0x61 ? 0x9000 : sw;
    if (sw != expected) {
        return differ(walk, expected, sw);
    }
    if (sw == 0x9000) {
        walk->granted++;
    } else {
        walk->refused++;
    }
    oc_span got = oc_span_of(room, response.len - 2);
    if (!oc_span_equal(got, data)) {
        printf("%s: other data than the model's\n", walk->said);
        return false;
    }
    return true;
}

static bool send_body(struct walk *walk, const uint8_t head[4], oc_span body, unsigned expected)
{
    uint8_t bytes[5 + 255];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&wr, oc_span_of(head, 4));
    oc_wr_u8(&wr, (uint8_t)body.len);
    oc_wr_bytes(&wr, body);
    return send(walk, oc_wr_span(&wr), expected, oc_span_empty());
}

static bool reset(struct walk *walk)
{
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    oc_model_reset(walk->model);
    return oc_is_ok(walk->card.reset(walk->card.self, OC_RESET_COLD, &atr));
}

static bool maybe_reset(struct walk *walk)
{
    return draw(walk, 8) != 0 || reset(walk);
}

static bool select_name(struct walk *walk)
{
    size_t d = draw(walk, (uint32_t)walk->count + 1);
    oc_span name = d == walk->count ? oc_span_text("nobody") : walk->dirs[d].df_name;
    snprintf(walk->said, sizeof walk->said, "SELECT %s by name", d == walk->count ? "nobody" : walk->dirs[d].name);
    return send_body(walk, (const uint8_t[]){0x00, 0xA4, 0x04, 0x0C}, name, oc_model_select_name(walk->model, name));
}

static bool select_fid(struct walk *walk)
{
    static const uint16_t others[] = {0x3F00, 0xDDF1, 0xEF05, 0xEF06, 0xEF1F, 0xDF0F};
    const oc_profile_dir *dir = &walk->dirs[draw(walk, (uint32_t)walk->count)];
    uint32_t which = draw(walk, 4);
    uint16_t fid = which == 0                           ? others[draw(walk, sizeof others / sizeof others[0])]
                   : which == 1 && dir->files_count > 0 ? dir->files[draw(walk, (uint32_t)dir->files_count)].fid
                                                        : dir->fid;
    const uint8_t body[] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    snprintf(walk->said, sizeof walk->said, "SELECT %04X", fid);
    return send_body(walk, (const uint8_t[]){0x00, 0xA4, 0x00, 0x0C}, oc_span_of(body, sizeof body),
                     oc_model_select_fid(walk->model, fid));
}

/* The card's own random number comes with the answer, so this one is not compared by `send`. */
static bool challenge(struct walk *walk)
{
    static const uint8_t lengths[] = {8, 8, 8, 8, 4, 16, 5, 0};
    uint8_t len = lengths[draw(walk, sizeof lengths)];
    const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, len};
    uint8_t room[64];
    oc_wr response = oc_wr_of(room, sizeof room);
    snprintf(walk->said, sizeof walk->said, "GET CHALLENGE of %u", len);
    unsigned expected = oc_model_challenge(walk->model, len);
    if (!oc_is_ok(walk->card.exchange(walk->card.self, oc_span_of(command, sizeof command), &response))) {
        return differ(walk, expected, 0);
    }
    unsigned sw = (unsigned)room[response.len - 2] << 8 | room[response.len - 1];
    if (sw == 0x9000) {
        memcpy(walk->challenge, room, sizeof walk->challenge);
    }
    bool whole = response.len == (expected == 0x9000 ? len + 2u : 2u);
    return sw == expected && whole ? true : differ(walk, expected, sw);
}

static oc_span some_pin(struct walk *walk, oc_buf *right)
{
    static const uint8_t wrong[] = {0x11, 0x11, 0x11, 0x11};
    uint32_t which = draw(walk, 8);
    return which == 0 ? oc_span_of(wrong, 3) : which == 1 ? oc_span_of(wrong, draw(walk, 5)) : oc_buf_span(right);
}

/* The PIN changes between the profile's and the initial one. */
static bool pin(struct walk *walk)
{
    oc_buf one = {0};
    oc_buf two = {0};
    bool fine = oc_is_ok(oc_profile_value(walk->world.profile, "pin", &one)) &&
                oc_is_ok(oc_profile_value(walk->world.profile, "initial-pin", &two));
    bool second = draw(walk, 6) == 0;
    if (draw(walk, 5) > 0) {
        oc_span given = some_pin(walk, second ? &two : &one);
        snprintf(walk->said, sizeof walk->said, "VERIFY with %zu bytes", given.len);
        fine = fine &&
               send_body(walk, (const uint8_t[]){0x00, 0x20, 0x00, 0x00}, given, oc_model_verify(walk->model, given));
    } else {
        uint8_t body[7];
        oc_span old_pin = oc_buf_span(second ? &two : &one);
        oc_span new_pin = oc_buf_span(second ? &one : &two);
        memcpy(body, old_pin.at, 3);
        body[3] = 0xFF;
        memcpy(body + 4, new_pin.at, 3);
        snprintf(walk->said, sizeof walk->said, "CHANGE PIN");
        fine = fine && send_body(walk, (const uint8_t[]){0x80, 0x5E, 0x01, 0x00}, oc_span_of(body, sizeof body),
                                 oc_model_change_pin(walk->model, old_pin, new_pin));
    }
    oc_buf_free(&one);
    oc_buf_free(&two);
    return fine;
}

/* With a key of the current directory or its environment mostly, else of any; the cryptogram wrong at times. */
static bool authenticate(struct walk *walk)
{
    size_t at = oc_model_dir(walk->model);
    uint32_t which = draw(walk, 8);
    size_t d = which < 4 && at != OC_MODEL_MF ? at : which < 7 ? 0 : draw(walk, (uint32_t)walk->count);
    const oc_profile_dir *dir = &walk->dirs[d];
    const oc_profile_key *key = &dir->keys[draw(walk, (uint32_t)dir->keys_count)];
    if (key->kind != OC_KEY_KIND_EXTERNAL && key->kind != OC_KEY_KIND_MASTER) {
        return true;
    }
    uint8_t command[24];
    oc_wr wr = oc_wr_of(command, sizeof command);
    bool right = draw(walk, 10) != 0;
    if (!oc_world_proof(&walk->world, key, oc_span_of(walk->challenge, 8), &wr)) {
        return false;
    }
    command[5] ^= right ? 0 : 1;
    command[4]++;
    oc_wr_u8(&wr, key->name.version);
    snprintf(walk->said, sizeof walk->said, "EXTERNAL AUTHENTICATE %s with %s/%s#%u", right ? "rightly" : "wrongly",
             dir->name, key->name.name, key->name.version);
    unsigned expected = oc_model_authenticate(walk->model, key->id, key->name.version, right, d);
    return send(walk, oc_wr_span(&wr), expected, oc_span_empty());
}

static const oc_profile_file *some_file(struct walk *walk, const oc_profile_dir **dir)
{
    size_t at = oc_model_dir(walk->model);
    size_t d = at != OC_MODEL_MF && draw(walk, 10) > 0 ? at : draw(walk, (uint32_t)walk->count);
    *dir = &walk->dirs[d];
    return (*dir)->files_count == 0 ? NULL : &(*dir)->files[draw(walk, (uint32_t)(*dir)->files_count)];
}

static bool records(struct walk *walk)
{
    const oc_profile_dir *dir;
    const oc_profile_file *file = some_file(walk, &dir);
    if (file == NULL) {
        return true;
    }
    bool by_number = draw(walk, 2) == 0;
    uint8_t sfi = draw(walk, 6) == 0 ? 0 : file->sfi;
    size_t r = file->records_count == 0 ? 0 : draw(walk, (uint32_t)file->records_count);
    uint8_t p1 = by_number || file->records_count == 0 ? (uint8_t)draw(walk, 8) : file->records[r].tag;
    uint8_t p2 = (uint8_t)(sfi << 3 | (by_number ? 4 : 0));
    if (draw(walk, 2) == 0) {
        oc_span data = oc_span_empty();
        snprintf(walk->said, sizeof walk->said, "READ RECORD %02X %02X, %s/%s", p1, p2, dir->name, file->name);
        unsigned expected = oc_model_read_record(walk->model, sfi, by_number, p1, &data);
        const uint8_t command[] = {0x00, 0xB2, p1, p2, (uint8_t)data.len};
        return send(walk, oc_span_of(command, sizeof command), expected, data);
    }
    uint8_t body[255];
    size_t len = file->kind == OC_PERSO_CYCLIC ? file->record_length : 2u + file->records[r].len;
    len = file->records_count == 0 && file->kind != OC_PERSO_CYCLIC ? 3 : len;
    memset(body, (int)draw(walk, 256), sizeof body);
    if (file->kind != OC_PERSO_CYCLIC && file->records_count > 0) {
        body[0] = file->records[r].tag;
        body[1] = (uint8_t)(file->records[r].len + (draw(walk, 12) == 0));
    }
    p1 = file->kind == OC_PERSO_CYCLIC ? 1 : p1;
    snprintf(walk->said, sizeof walk->said, "UPDATE RECORD %02X %02X, %s/%s", p1, p2, dir->name, file->name);
    oc_span data = oc_span_of(body, len);
    return send_body(walk, (const uint8_t[]){0x00, 0xDC, p1, p2}, data,
                     oc_model_update_record(walk->model, sfi, by_number, p1, data));
}

static bool binary(struct walk *walk)
{
    const oc_profile_dir *dir;
    const oc_profile_file *file = some_file(walk, &dir);
    if (file == NULL || file->sfi == 0) {
        return true;
    }
    uint8_t offset = (uint8_t)draw(walk, 256);
    uint8_t len = (uint8_t)(1 + draw(walk, 40));
    if (draw(walk, 2) == 0) {
        oc_span data = oc_span_empty();
        const uint8_t command[] = {0x00, 0xB0, (uint8_t)(0x80 | file->sfi), offset, len};
        snprintf(walk->said, sizeof walk->said, "READ BINARY of %u at %u, %s/%s", len, offset, dir->name, file->name);
        unsigned expected = oc_model_read_binary(walk->model, file->sfi, offset, len, &data);
        return send(walk, oc_span_of(command, sizeof command), expected, data);
    }
    uint8_t body[64];
    memset(body, (int)draw(walk, 256), sizeof body);
    snprintf(walk->said, sizeof walk->said, "UPDATE BINARY of %u at %u, %s/%s", len, offset, dir->name, file->name);
    return send_body(walk, (const uint8_t[]){0x00, 0xD6, (uint8_t)(0x80 | file->sfi), offset}, oc_span_of(body, len),
                     oc_model_update_binary(walk->model, file->sfi, offset, oc_span_of(body, len)));
}

typedef bool action(struct walk *walk);

static const struct {
    action *run;
    uint32_t weight;
} actions[] = {{maybe_reset, 1},  {select_name, 4}, {select_fid, 4}, {challenge, 6},
               {authenticate, 7}, {pin, 3},         {records, 12},   {binary, 5}};

static bool step(struct walk *walk)
{
    uint32_t at = draw(walk, 42);
    size_t a = 0;
    while (at >= actions[a].weight) {
        at -= actions[a++].weight;
    }
    size_t dir = oc_model_dir(walk->model);
    /* Environments beside the SSSE have commands of their own. */
    if (dir != OC_MODEL_MF && strcmp(walk->dirs[dir].name, "SSSE") != 0 && walk->dirs[dir].parent_fid != 0xDDF1) {
        return reset(walk);
    }
    return actions[a].run(walk);
}

static bool live(struct walk *walk, unsigned long commands)
{
    bool fine = oc_is_ok(oc_card_image_put(walk->world.card, walk->issued));
    walk->model = oc_model_new(walk->world.profile);
    fine = fine && reset(walk);
    for (unsigned long i = 0; fine && i < commands; i++) {
        fine = step(walk);
    }
    oc_model_free(walk->model);
    return fine;
}

static bool walk_card(const char *profile, unsigned long commands, uint64_t seed)
{
    struct walk walk = {.state = seed * 2 + 1};
    oc_diag diag = {0};
    bool fine = oc_is_ok(oc_world_new(&walk.world, profile, &diag)) &&
                oc_is_ok(oc_card_image_take(&walk.issued, walk.world.card));
    if (!fine) {
        printf("%s: %s\n", profile, diag.reason);
    } else {
        walk.card = oc_card_endpoint(walk.world.card);
        walk.dirs = oc_profile_dirs(walk.world.profile, &walk.count);
    }
    for (unsigned long done = 0; fine && done < commands; done += LIFE) {
        fine = live(&walk, LIFE);
        if (!fine) {
            printf("after some %lu commands; seed %llu\n", done, (unsigned long long)seed);
        }
    }
    printf("%s: %lu granted, %lu refused%s\n", profile, walk.granted, walk.refused, fine ? ", no difference" : "");
    oc_card_image_free(&walk.issued);
    oc_world_free(&walk.world);
    return fine;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "model_walk COMMANDS SEED PROFILE...\n");
        return 2;
    }
    bool fine = true;
    for (int i = 3; i < argc; i++) {
        fine = walk_card(argv[i], strtoul(argv[1], NULL, 10), strtoull(argv[2], NULL, 10)) && fine;
    }
    return fine ? 0 : 1;
}
