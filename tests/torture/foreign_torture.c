/* SPDX-License-Identifier: Apache-2.0 */
/* foreign_torture ROUNDS [SEED [PROFILE]]: the default run against a card that is not ours to use up, ended at random
 * points ROUNDS times: the run is killed, the card is killed, the card loses power in the middle of writing. After each
 * round every PIN and key has two tries at least; after a last run that nobody disturbs, the card is what it was. Then the
 * same with a profile whose PIN and keys are not the card's, with and without contacts in turn: there, too, two tries are
 * left. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conformance/dialect/catalogue.h"
#include "conformance/run/runner.h"
#include "sim/base/file.h"
#include "sim/card/card.h"
#include "sim/link/transports.h"
#include "tests/support/oc_program.h"

#define LIFE_MAX_MS 700 /* of a round, until something is killed */

struct torture {
    char folder[PATH_MAX];
    char image[PATH_MAX];
    const char *profile_path;
    oc_profile *profile;
    oc_profile *false_profile; /* for the run, where its secrets are not the card's; or NULL */
    bool contactless;
    oc_vectors *vectors;
    oc_catalogue *catalogue;
    oc_plan plan;
    uint64_t state;
    unsigned killed_runs, killed_cards, whole_runs;
    size_t torn;
};

static uint64_t next(struct torture *torture)
{
    torture->state ^= torture->state << 13;
    torture->state ^= torture->state >> 7;
    torture->state ^= torture->state << 17;
    return torture->state;
}

static void need(oc_result r, const oc_diag *diag)
{
    if (!oc_is_ok(r)) {
        fprintf(stderr, "foreign_torture: %s %s:%ld %s\n", oc_code_name(r.code), diag->file, diag->line, diag->reason);
        exit(3);
    }
}

static void sleep_ms(unsigned ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

/* The default run, in an order of its own each time, so that no case is out of reach. Ends the process. */
static void run_and_exit(struct torture *torture, unsigned card_seed)
{
    char card[4 * PATH_MAX];
    char out[PATH_MAX];
    char name[24];
    oc_spec card_spec;
    oc_spec psam_spec;
    oc_keys_spec keys;
    oc_diag diag = {0};
    for (size_t i = torture->plan.unit_count; card_seed != 0 && i > 1; i--) {
        size_t other = (size_t)(next(torture) % i);
        const oc_case *unit = torture->plan.units[i - 1];
        torture->plan.units[i - 1] = torture->plan.units[other];
        torture->plan.units[other] = unit;
    }
    snprintf(card, sizeof card, "exec:cd '%s' && exec '%s' '%s' '%s' %u %s 2>>errors", torture->folder, OC_TORN_CARD,
             torture->profile_path, torture->image, card_seed, torture->contactless ? "contactless" : "");
    need(oc_spec_parse(&card_spec, card, &diag), &diag);
    need(oc_spec_parse(&psam_spec, "virtual", &diag), &diag);
    need(oc_keys_spec_parse(&keys, "profile", &diag), &diag);
    const oc_run_options options = {
        .profiles = {torture->false_profile != NULL ? torture->false_profile : torture->profile},
        .profile_count = 1,
        .card = &card_spec,
        .psam = &psam_spec,
        .keys = &keys,
        .vectors_folder = "vectors",
        .seed = next(torture),
        .allowed = card_seed == 0 && torture->false_profile == NULL ? OC_TOUCH_COUNTERS : 0,
        .timeout_ms = 20000};
    const oc_run_info info = {.suite_version = "torture",
                              .command_line = "torture",
                              .started = "2026-01-01T00:00:00Z",
                              .planned = oc_run_planned(&options, &torture->plan)};
    oc_record *record = NULL;
    size_t differences = 0;
    size_t counts[OC_VERDICT_COUNT];
    /* of its own, as what a killed run has started may keep the journal open for a moment */
    snprintf(name, sizeof name, "out-%u", card_seed);
    oc_temp_path(out, torture->folder, name);
    need(oc_record_open(&record, out, &info, false, &diag), &diag);
    oc_result r = oc_run(&options, &torture->plan, torture->catalogue, record, &differences, &diag);
    oc_record_counts(record, counts);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "foreign_torture: %s\n", diag.reason);
    }
    bool clean = oc_is_ok(r) &&
                 counts[OC_VERDICT_FAIL] + counts[OC_VERDICT_ERROR] + counts[OC_VERDICT_INCONCLUSIVE] == 0;
    printf(card_seed == 0 && torture->false_profile == NULL
               ? "the last run: %zu passed, %zu failed, %zu errors, %zu inconclusive, %zu not run\n"
               : "",
           counts[OC_VERDICT_PASS], counts[OC_VERDICT_FAIL], counts[OC_VERDICT_ERROR], counts[OC_VERDICT_INCONCLUSIVE],
           counts[OC_VERDICT_NOT_RUN]);
    fflush(stdout);
    _exit(clean ? 0 : 1);
}

static pid_t start(struct torture *torture, unsigned card_seed)
{
    (void)next(torture);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        run_and_exit(torture, card_seed);
    }
    return pid;
}

/* Kills the card alone: its number stands in the lock file's neighbour. */
static void kill_card(struct torture *torture)
{
    char path[PATH_MAX + 8];
    char text[32] = "";
    snprintf(path, sizeof path, "%s.pid", torture->image);
    FILE *file = fopen(path, "r");
    long pid = file != NULL && fgets(text, sizeof text, file) != NULL ? strtol(text, NULL, 10) : 0;
    if (file != NULL) {
        fclose(file);
    }
    if (pid > 1 && kill((pid_t)pid, SIGKILL) == 0) {
        torture->killed_cards++;
    }
}

static void one_round(struct torture *torture, unsigned number)
{
    pid_t pid = start(torture, number);
    sleep_ms((unsigned)(next(torture) % LIFE_MAX_MS));
    if (next(torture) % 3 == 0) {
        kill_card(torture);
        sleep_ms((unsigned)(next(torture) % LIFE_MAX_MS));
    }
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == 0) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        torture->killed_runs++;
    } else {
        torture->whole_runs++;
    }
}

static size_t file_size(const struct torture *torture, const char *name)
{
    char path[PATH_MAX];
    oc_buf content = {0};
    oc_temp_path(path, torture->folder, name);
    size_t size = access(path, F_OK) == 0 && oc_is_ok(oc_file_read(&content, path, (size_t)1 << 24, NULL))
                      ? content.len
                      : 0;
    oc_buf_free(&content);
    return size;
}

static void load(struct torture *torture)
{
    const char *paths[] = {"vectors"};
    const oc_selection all = {.for_card = true};
    oc_diag diag = {0};
    need(oc_profile_load(&torture->profile, torture->profile_path, &diag), &diag);
    need(oc_vectors_load(&torture->vectors, paths, 1, "vectors/schema/vectors.xsd", &diag), &diag);
    need(oc_catalogue_load(&torture->catalogue, "vectors", &diag), &diag);
    need(oc_plan_make(&torture->plan, torture->vectors, &all, &diag), &diag);
}

static void load_image(const char *path, oc_card_image **image)
{
    oc_diag diag = {0};
    need(oc_card_image_load(image, path, &diag), &diag);
}

/* A run that nobody disturbs: it puts right what the last one left, gives back the tries that power failures cost (which
 * needs --allow counters: default runs leave alone what has two tries left), and passes. */
static bool last_run(struct torture *torture)
{
    int status = 0;
    pid_t pid = start(torture, 0);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* One card from new, `rounds` times. True when it outlived them unchanged. */
static bool one_sample(struct torture *torture, unsigned rounds)
{
    oc_card_image *before = NULL;
    oc_card_image *after = NULL;
    oc_temp_make(torture->folder);
    setenv("ONECARD_LEDGER", torture->folder, 1);
    oc_temp_path(torture->image, torture->folder, "card");
    bool good = last_run(torture); /* makes the card, too */
    load_image(torture->image, &before);
    for (unsigned number = 1; number <= rounds && good; number++) {
        one_round(torture, number);
        good = file_size(torture, "card.violations") == 0;
        if (!good) {
            printf("round %u: a PIN or key has fewer than two tries left\n", number);
        }
    }
    good = good && last_run(torture) && file_size(torture, "card.violations") == 0;
    load_image(torture->image, &after);
    bool same = oc_card_image_equal(before, after);
    torture->torn += file_size(torture, "tears");
    oc_card_image_free(&before);
    oc_card_image_free(&after);
    if (!good || !same) {
        printf("the last run %s, the card %s; all is kept in %s\n", good ? "passed" : "did not pass",
               same ? "is what it was" : "differs", torture->folder);
        return false;
    }
    oc_temp_remove(torture->folder);
    return true;
}

static char *read_text(const char *path)
{
    oc_buf content = {0};
    oc_diag diag = {0};
    need(oc_file_read(&content, path, (size_t)1 << 20, &diag), &diag);
    need(oc_buf_append(&content, oc_span_of((const uint8_t *)"", 1)), &diag);
    char *text = strdup((const char *)content.at);
    oc_buf_free(&content);
    return text;
}

static char *replace(char *text, const char *from, const char *to)
{
    char *at = strstr(text, from);
    char *out = NULL;
    if (at == NULL || asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) < 0) {
        fprintf(stderr, "foreign_torture: the profile lacks %s\n", from);
        exit(3);
    }
    free(text);
    return out;
}

/* The profile with other keys of version 1, and another PIN unless that is to be right. */
static void load_false(struct torture *torture, bool right_pin)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    char to[PATH_MAX + 16];
    oc_diag diag = {0};
    char *keys = read_text("vectors/cards/test-keys.xml");
    for (char *at = strstr(keys, " version=\"1\""); at != NULL; at = strstr(at + 1, " version=\"1\"")) {
        char *value = strstr(at, "value=\"");
        value[7] = value[7] == '1' ? '2' : '1';
    }
    char *text = read_text(torture->profile_path);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(torture->profile_path, '/') - torture->profile_path),
             torture->profile_path);
    text = replace(text, "test-keys.xml", "false-keys.xml");
    snprintf(to, sizeof to, "%s/structure-", folder);
    text = replace(text, "structure-", to);
    snprintf(to, sizeof to, "%s/pki-", folder);
    text = replace(text, "pki-", to);
    text = right_pin ? text : replace(text, "286719", "286710");
    oc_temp_write(torture->folder, "false-keys.xml", keys);
    oc_temp_write(torture->folder, "false.xml", text);
    oc_temp_path(path, torture->folder, "false.xml");
    need(oc_profile_load(&torture->false_profile, path, &diag), &diag);
    free(keys);
    free(text);
}

#define PIN_TRIES 6

/* Somebody was wrong about the PIN before: two tries are left. */
static void use_up_pin(const struct torture *torture)
{
    static const uint8_t verify[] = {0x00, 0x20, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00};
    char card[4 * PATH_MAX];
    uint8_t select[5 + UINT8_MAX] = {0x00, 0xA4, 0x04, 0x00};
    const oc_profile_dir *ssse = oc_profile_dir_named(torture->profile, "SSSE");
    oc_link *link = NULL;
    oc_buf answer = {0};
    oc_diag diag = {0};
    snprintf(card, sizeof card, "cd '%s' && exec '%s' '%s' '%s' 0", torture->folder, OC_TORN_CARD,
             torture->profile_path, torture->image);
    select[4] = (uint8_t)ssse->df_name.len;
    memcpy(select + 5, ssse->df_name.at, ssse->df_name.len);
    need(oc_link_exec(&link, card, &diag), &diag);
    need(oc_link_reset(link, OC_RESET_COLD, &answer, &diag), &diag);
    need(oc_link_transmit(link, oc_span_of(select, 5 + ssse->df_name.len), &answer, &diag), &diag);
    for (unsigned left = PIN_TRIES; left > 2; left--) {
        need(oc_link_transmit(link, oc_span_of(verify, sizeof verify), &answer, &diag), &diag);
    }
    if (answer.len != 2 || answer.at[0] != 0x63 || answer.at[1] != 0xC2) {
        fprintf(stderr, "foreign_torture: the PIN has not two tries left\n");
        exit(3);
    }
    oc_buf_free(&answer);
    oc_link_free(&link);
}

/* A card that is not the profile's, with and without contacts, at the end of whole and of killed runs. */
static bool attacked(struct torture *torture, unsigned rounds, bool used_up)
{
    oc_temp_make(torture->folder);
    setenv("ONECARD_LEDGER", torture->folder, 1);
    oc_temp_path(torture->image, torture->folder, "card");
    load_false(torture, used_up);
    if (used_up) {
        use_up_pin(torture);
    }
    bool good = true;
    for (unsigned number = 0; number < rounds && good; number++) {
        torture->contactless = number % 2 == 1;
        if (number < 2) {
            (void)last_run(torture); /* cases fail, as the keys do */
        } else {
            one_round(torture, number);
        }
        good = file_size(torture, "card.violations") == 0 && file_size(torture, "card") > 0;
    }
    torture->contactless = false;
    oc_profile_free(&torture->false_profile);
    if (!good) {
        printf("a profile of another card left a PIN or key fewer than two tries; all is kept in %s\n",
               torture->folder);
        return false;
    }
    oc_temp_remove(torture->folder);
    return true;
}

/* Keys that power failures cost a try are left alone by default runs: after so many rounds another card. */
#define ROUNDS_OF_A_SAMPLE 50

int main(int argc, char **argv)
{
    static struct torture torture;
    char profile[PATH_MAX];
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20;
    torture.state = 0x9E3779B97F4A7C15u ^ (argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
    if (realpath(argc > 3 ? argv[3] : "vectors/cards/ssc-3.0.xml", profile) == NULL) {
        return 2;
    }
    torture.profile_path = profile;
    load(&torture);
    unsigned samples = 0;
    unsigned done = 0;
    bool good = true;
    while (good && done < rounds) {
        unsigned now = rounds - done < ROUNDS_OF_A_SAMPLE ? rounds - done : ROUNDS_OF_A_SAMPLE;
        good = one_sample(&torture, now);
        done += now;
        samples++;
    }
    unsigned false_rounds = rounds / 5 > 3 ? rounds / 5 : 3;
    good = good && attacked(&torture, false_rounds, false) && attacked(&torture, false_rounds, true);
    printf("%u rounds on %u cards: %u runs killed, %u cards killed, %zu torn, %u runs ended by themselves; %s\n", done,
           samples, torture.killed_runs, torture.killed_cards, torture.torn, torture.whole_runs,
           good ? "never fewer than two tries, every card is what it was" : "FAILED");
    oc_plan_free(&torture.plan);
    oc_vectors_free(&torture.vectors);
    oc_catalogue_free(&torture.catalogue);
    oc_profile_free(&torture.profile);
    return good ? 0 : 1;
}
