/* SPDX-License-Identifier: Apache-2.0 */
/* The same commands to different cards over different ways, side by side:
 *   - our card, called in this process;
 *   - our card behind pcscd and its vpcd reader driver;
 *   - a card that always answers 9000, behind the same daemon: the cost of the way alone;
 *   - vsmartcard's Python card behind the same daemon, as shipped, and with the driver's 44 ms wait cured by
 *     acknowledging each packet at once (tests/bench/vicc_card.py). Left out where it is not installed.
 * Every card gets commands that it answers with the status word it means for success. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/hex.h"
#include "sim/link/transports.h"
#include "tests/bench/bench.h"
#include "tests/support/oc_world.h"

#define PYTHON "/usr/bin/python3"
#define SKIPPED 77

enum { SELECT, READ, CHALLENGE, VERIFY, UNKNOWN, COMMANDS };

static const char *const command_names[COMMANDS] = {"SELECT EF by FID, P2 = 0C", "READ BINARY, 16 bytes",
                                                    "GET CHALLENGE, 8 bytes", "VERIFY with the right PIN",
                                                    "unknown INS (6D00)"};

/* One card's form of the commands. */
struct dialogue {
    oc_buf enter;              /* sent once before; empty: nothing */
    const oc_world *world;     /* whose key opens the file, or NULL */
    const oc_profile_key *key; /* or NULL */
    oc_buf commands[COMMANDS];
    unsigned sw[COMMANDS]; /* expected */
};

/* One card on one way, and the command in turn. */
struct way {
    oc_link *link;        /* NULL: the endpoint is called */
    oc_endpoint endpoint; /* in this process */
    const struct dialogue *dialogue;
    size_t command;
    oc_buf response;
    uint8_t room[258];
    oc_span answer; /* to the last command */
    bool any_answer;
};

static bool send_span(struct way *way, oc_span command, unsigned expected)
{
    oc_span answer;
    if (way->link != NULL) {
        if (!oc_is_ok(oc_link_transmit(way->link, command, &way->response, NULL))) {
            return false;
        }
        answer = oc_buf_span(&way->response);
    } else {
        oc_wr response = oc_wr_of(way->room, sizeof way->room);
        if (!oc_is_ok(way->endpoint.exchange(way->endpoint.self, command, &response))) {
            return false;
        }
        answer = oc_wr_span(&response);
    }
    way->answer = answer;
    return answer.len >= 2 &&
           (way->any_answer || (unsigned)(answer.at[answer.len - 2] << 8 | answer.at[answer.len - 1]) == expected);
}

static bool send_command(void *context)
{
    struct way *way = context;
    return send_span(way, oc_buf_span(&way->dialogue->commands[way->command]), way->dialogue->sw[way->command]);
}

static void add(oc_buf *out, const char *hex)
{
    bench_require(oc_is_ok(oc_hex_decode(out, hex, strlen(hex))), "no memory");
}

static void add_value(oc_buf *out, const oc_profile *profile, const char *reference)
{
    oc_buf value = {0};
    bench_require(oc_is_ok(oc_profile_value(profile, reference, &value)) && value.len <= 255 &&
                      oc_is_ok(oc_buf_append_byte(out, (uint8_t)value.len)) &&
                      oc_is_ok(oc_buf_append(out, oc_buf_span(&value))),
                  "the profile lacks a value");
    oc_buf_free(&value);
}

static const oc_profile_key *key_named(const oc_profile_dir *dir, const char *name)
{
    for (size_t i = 0; i < dir->keys_count; i++) {
        if (strcmp(dir->keys[i].name.name, name) == 0) {
            return &dir->keys[i];
        }
    }
    return NULL;
}

/* A transparent file of the SSSE that a key opens for reading, and that key. */
static const oc_profile_file *binary_file(const oc_profile *profile, const oc_profile_key **key)
{
    const oc_profile_dir *ssse = oc_profile_dir_named(profile, "SSSE");
    for (size_t i = 0; ssse != NULL && i < ssse->files_count; i++) {
        const oc_profile_file *file = &ssse->files[i];
        *key = key_named(ssse, file->read.key_name);
        if (file->kind == OC_PERSO_TRANSPARENT && file->size >= 16 && file->read.rule == OC_RULE_KEY && *key != NULL) {
            return file;
        }
    }
    return NULL;
}

static void our_dialogue(struct dialogue *out, const oc_world *world)
{
    *out = (struct dialogue){.world = world, .sw = {0x9000, 0x9000, 0x9000, 0x9000, 0x6D00}};
    const oc_profile *profile = world->profile;
    const oc_profile_file *file = binary_file(profile, &out->key);
    bench_require(file != NULL, "the profile has no transparent file in its SSSE");
    add(&out->enter, "00A40400");
    add_value(&out->enter, profile, "SSSE/name");
    char select[2 * 7 + 1];
    snprintf(select, sizeof select, "00A4000C02%04X", (unsigned)file->fid);
    add(&out->commands[SELECT], select);
    add(&out->commands[READ], "00B0000010");
    add(&out->commands[CHALLENGE], "0084000008");
    add(&out->commands[VERIFY], "00200000");
    add_value(&out->commands[VERIFY], profile, "pin");
    add(&out->commands[UNKNOWN], "00F2000000");
}

static void vicc_dialogue(struct dialogue *out)
{
    *out = (struct dialogue){.sw = {0x9000, 0x9000, 0x9000, 0x9000, 0x6D00}};
    add(&out->commands[SELECT], "00A4000C020001");
    add(&out->commands[READ], "00B0000010");
    add(&out->commands[CHALLENGE], "0084000008");
    add(&out->commands[VERIFY], "002000000431323334");
    add(&out->commands[UNKNOWN], "00F2000000");
}

static void dialogue_free(struct dialogue *dialogue)
{
    oc_buf_free(&dialogue->enter);
    for (size_t i = 0; i < COMMANDS; i++) {
        oc_buf_free(&dialogue->commands[i]);
    }
}

/* SELECT of the application; the answer 61xx leaves its data where they are. */
static bool enter(struct way *way)
{
    const oc_buf *command = &way->dialogue->enter;
    return command->len == 0 || send_span(way, oc_buf_span(command), 0x9000) ||
           (way->answer.len == 2 && way->answer.at[0] == 0x61);
}

static bool authenticate(struct way *way)
{
    const struct dialogue *dialogue = way->dialogue;
    if (dialogue->key == NULL) {
        return true;
    }
    uint8_t challenge[8];
    uint8_t bytes[32];
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    if (!send_span(way, oc_buf_span(&dialogue->commands[CHALLENGE]), 0x9000) || way->answer.len != 10) {
        return false;
    }
    memcpy(challenge, way->answer.at, sizeof challenge);
    return oc_world_proof(dialogue->world, dialogue->key, oc_span_of(challenge, 8), &command) &&
           send_span(way, oc_wr_span(&command), 0x9000);
}

/* Resets and enters; false when the card does not take it. */
static bool begin(struct way *way)
{
    oc_buf atr = {0};
    bool fine = true;
    if (way->link != NULL) {
        fine = oc_is_ok(oc_link_reset(way->link, OC_RESET_COLD, &atr, NULL));
    } else {
        uint8_t room[OC_ATR_MAX];
        oc_wr wr = oc_wr_of(room, sizeof room);
        fine = oc_is_ok(way->endpoint.reset(way->endpoint.self, OC_RESET_COLD, &wr));
    }
    oc_buf_free(&atr);
    return fine && (way->any_answer || (enter(way) && authenticate(way)));
}

static void measure_group(const char *group, struct way *const *ways, const char *const *names, const size_t *calls,
                          size_t count, size_t rounds, size_t reference)
{
    for (size_t w = 0; w < count; w++) {
        bench_require(begin(ways[w]), "a card does not begin");
    }
    for (size_t c = 0; c < COMMANDS; c++) {
        bench_contender contenders[4];
        memset(contenders, 0, sizeof contenders);
        for (size_t w = 0; w < count; w++) {
            ways[w]->command = c;
            contenders[w] = (bench_contender){
                .name = names[w], .run = send_command, .context = ways[w], .calls = calls[w]};
        }
        char title[160];
        snprintf(title, sizeof title, "%s (%s)", command_names[c], group);
        bench_measure(contenders, count, rounds);
        bench_print(title, contenders, count, reference);
        bench_free(contenders, count);
    }
}

static oc_result fixed_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    oc_wr_bytes(atr, oc_span_of("\x3B\x00", 2));
    return oc_ok();
}

static oc_result fixed_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    (void)command;
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Connects once the daemon has seen the card, within 5 s; NULL when it does not come. */
static oc_link *connect_reader(const char *reader, oc_diag *diag)
{
    oc_link *link = NULL;
    for (int i = 0; i < 100; i++) {
        *diag = (oc_diag){0};
        if (oc_is_ok(oc_link_pcsc(&link, reader, diag))) {
            return link;
        }
        pause_ms(50);
    }
    return NULL;
}

/* Starts vicc_card.py; 0 when it cannot be had. */
static pid_t start_vicc(unsigned port, const char *manner)
{
    char port_text[12];
    snprintf(port_text, sizeof port_text, "%u", port);
    pid_t pid = fork();
    if (pid == 0) {
        execl(PYTHON, PYTHON, "-B", "tests/bench/vicc_card.py", port_text, manner, (char *)NULL);
        _exit(SKIPPED);
    }
    if (pid < 0) {
        return 0;
    }
    pause_ms(1500);
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) {
        return 0;
    }
    return pid;
}

static void stop_vicc(pid_t pid)
{
    if (pid > 0) {
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
}

static void measure_ours(oc_world *world, oc_private_pcscd *pcscd, struct dialogue *dialogue)
{
    oc_diag diag = {0};
    oc_card *second = NULL;
    oc_endpoint fixed = {NULL, fixed_reset, fixed_exchange};
    bench_require(oc_is_ok(oc_issuer_make_card(&second, world->card_os, world->crypto, world->profile, &diag)),
                  "a card cannot be made");
    struct way in_process = {.endpoint = oc_card_endpoint(world->card), .dialogue = dialogue};
    struct way over = {.dialogue = dialogue};
    struct way empty = {.dialogue = dialogue, .any_answer = true};
    oc_vpcd_card *served = NULL;
    oc_vpcd_card *served_fixed = NULL;
    if (pcscd == NULL) {
        struct way *ways[] = {&in_process};
        measure_group("in process only", ways, (const char *const[]){"our card in process"}, (const size_t[]){2000}, 1,
                      20, 0);
    } else if (oc_is_ok(
                   oc_vpcd_card_start(&served, oc_card_endpoint(second), oc_private_pcscd_port(pcscd, 0), &diag)) &&
               oc_is_ok(oc_vpcd_card_start(&served_fixed, fixed, oc_private_pcscd_port(pcscd, 1), &diag)) &&
               (over.link = connect_reader(oc_private_pcscd_reader(pcscd, 0), &diag)) != NULL &&
               (empty.link = connect_reader(oc_private_pcscd_reader(pcscd, 1), &diag)) != NULL) {
        struct way *ways[] = {&in_process, &over, &empty};
        measure_group(
            "ratios to the fixed answer through pcscd", ways,
            (const char *const[]){"our card in process", "our card through pcscd", "fixed answer through pcscd"},
            (const size_t[]){2000, 400, 400}, 3, 10, 2);
    } else {
        printf("through pcscd: skipped, %s\n", diag.reason);
    }
    oc_link_free(&empty.link);
    oc_link_free(&over.link);
    oc_vpcd_card_stop(&served_fixed);
    oc_vpcd_card_stop(&served);
    oc_buf_free(&empty.response);
    oc_buf_free(&over.response);
    oc_card_free(&second);
}

static void measure_vicc(oc_world *world, oc_private_pcscd *pcscd, struct dialogue *ours)
{
    oc_diag diag = {0};
    struct dialogue theirs;
    vicc_dialogue(&theirs);
    static const char *const manners[] = {"as-shipped", "quickack"};
    static const char *const names[] = {"vicc through pcscd, as shipped", "vicc through pcscd, 44 ms wait cured"};
    static const size_t calls[] = {20, 200};
    for (size_t m = 0; m < 2; m++) {
        oc_vpcd_card *served = NULL;
        struct way ways[2] = {{.dialogue = ours}, {.dialogue = &theirs}};
        pid_t vicc = start_vicc(oc_private_pcscd_port(pcscd, 1), manners[m]);
        if (vicc == 0) {
            printf("\n%s: skipped, vsmartcard-vpicc or python3-pycryptodome is not installed\n", names[m]);
            continue;
        }
        if (oc_is_ok(
                oc_vpcd_card_start(&served, oc_card_endpoint(world->card), oc_private_pcscd_port(pcscd, 0), &diag)) &&
            (ways[0].link = connect_reader(oc_private_pcscd_reader(pcscd, 0), &diag)) != NULL &&
            (ways[1].link = connect_reader(oc_private_pcscd_reader(pcscd, 1), &diag)) != NULL) {
            struct way *both[] = {&ways[0], &ways[1]};
            measure_group(names[m], both, (const char *const[]){"our card through pcscd", names[m]},
                          (const size_t[]){200, calls[m]}, 2, 5, 0);
        } else {
            printf("\n%s: skipped, %s\n", names[m], diag.reason);
        }
        oc_link_free(&ways[1].link);
        oc_link_free(&ways[0].link);
        stop_vicc(vicc);
        oc_vpcd_card_stop(&served);
        oc_buf_free(&ways[0].response);
        oc_buf_free(&ways[1].response);
        pause_ms(900); /* two polls of the driver: the readers are seen empty */
    }
    dialogue_free(&theirs);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "vectors/cards/ssc-3.0.xml";
    oc_diag diag = {0};
    oc_private_pcscd *pcscd = NULL;
    if (!oc_is_ok(oc_private_pcscd_start(&pcscd, &diag))) {
        printf("through pcscd: skipped, %s\n", diag.reason);
    }
    oc_world world;
    diag = (oc_diag){0};
    if (!oc_is_ok(oc_world_new(&world, path, &diag))) {
        printf("%s: skipped, %s\n", path, diag.reason);
    } else {
        struct dialogue ours;
        our_dialogue(&ours, &world);
        measure_ours(&world, pcscd, &ours);
        if (pcscd != NULL) {
            measure_vicc(&world, pcscd, &ours);
        }
        dialogue_free(&ours);
    }
    oc_world_free(&world);
    oc_private_pcscd_stop(&pcscd);
    return 0;
}
