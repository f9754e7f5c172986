/* SPDX-License-Identifier: Apache-2.0 */
/* Issues a card, verifies and changes its PIN, pays over PSAM and HSM, frees everything, and looks through the memory
 * of the process for the keys and PINs that were used. */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/xml_memory.h"
#include "sim/host/host.h"
#include "tests/unit/memory_needles.h"
#include "tests/unit/terminal_kit.h"

#define TEXT_ROOM 512
/* Exit codes of the process that looks. */
enum { CLEAN = 0, DIRTY = 1, FLOW_FAILED = 2 };

static void say(struct kit *kit, char out[TEXT_ROOM], const char *name)
{
    oc_span text = oc_fields_span(&kit->answer, name);
    snprintf(out, TEXT_ROOM, "%.*s", (int)text.len, (const char *)text.at);
}

static void ask_hsm(oc_host *host, const char *message, const char *step, const struct kit *kit, char key[TEXT_ROOM])
{
    oc_fields in = {0};
    oc_fields answer = {0};
    char id[40];
    char atr[40];
    kit_print(kit->profile, "SSSE/EF05/01", id, sizeof id);
    kit_print(kit->profile, "atr/historical", atr, sizeof atr);
    OC_ASSERT_OK(oc_fields_set_text(&in, "step1", step));
    OC_ASSERT_OK(oc_fields_set_text(&in, "card-id", id));
    OC_ASSERT_OK(oc_fields_set_text(&in, "atr", atr));
    OC_ASSERT_OK(oc_host_message(host, message, &in, &answer, NULL));
    oc_span text = oc_fields_span(&answer, "pkey");
    CU_ASSERT_TRUE(text.len > 0);
    snprintf(key, TEXT_ROOM, "%.*s", (int)text.len, (const char *)text.at);
    oc_fields_free(&in);
    oc_fields_free(&answer);
}

static void pay_by_hsm(struct kit *kit)
{
    oc_host *host = NULL;
    char step[TEXT_ROOM];
    char key[TEXT_ROOM];
    oc_host_parts parts = {.store = ":memory:", .keys = kit->keys};
    parts.mac1_zero = strcmp(oc_profile_setting(kit->profile, "purchase-mac1"), "zero") == 0;
    OC_ASSERT_OK(oc_host_open(&host, &parts, NULL));
    kit_arg(kit, "type", "1");
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", "1.50|0.25|20260302091500|");
    kit_arg(kit, "pin", kit->pin);
    CU_ASSERT_EQUAL(kit_call(kit, "iDoDebit_HSM_Step1"), 0);
    say(kit, step, "out");
    ask_hsm(host, "hsm-debit", step, kit, key);
    kit_arg(kit, "key-data", key);
    CU_ASSERT_EQUAL(kit_call(kit, "iDoDebit_HSM_Step2"), 0);
    oc_host_close(&host);
}

static void change_pin(struct kit *kit, const char *from, const char *to)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "old", from);
    kit_arg(kit, "new", to);
    CU_ASSERT_EQUAL(kit_call(kit, "iChangePIN"), 0);
}

/* The PIN becomes another and is changed back. */
static void use_everything(const char *profile)
{
    struct kit kit;
    kit_open(&kit, profile);
    CU_ASSERT_EQUAL(kit_load(&kit, "00002710"), 0);
    CU_ASSERT_EQUAL(kit_debit(&kit, "1.50|0.25|20260302091500|"), 0);
    change_pin(&kit, kit.pin, "135790");
    change_pin(&kit, "135790", kit.pin);
    pay_by_hsm(&kit);
    kit_close(&kit);
    oc_wipe(&kit, sizeof kit);
}

/* In a process of its own, which ends with the code. */
static int in_process(int (*work)(needles *all, const char *profile), needles *all, const char *profile)
{
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int code = work(all, profile);
        fflush(stdout);
        _exit(code);
    }
    CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int collect(needles *all, const char *profile)
{
    bool done = needles_collect(all, profile);
    needles_index(all);
    return done && all->count > 100 ? CLEAN : FLOW_FAILED;
}

static int use_and_look(needles *all, const char *profile)
{
    unsigned failures = CU_get_number_of_failures();
    needles_learn(all);
    use_everything(profile);
    if (CU_get_number_of_failures() > failures) {
        return FLOW_FAILED;
    }
    return needles_look(all) == 0 ? CLEAN : DIRTY;
}

/* One of them is put where it is to be found, in memory that was given back. */
static int plant_and_look(needles *all, const char *profile)
{
    (void)profile;
    needles_learn(all);
    uint8_t *at = malloc(NEEDLES_MAX);
    for (size_t i = 0; at != NULL && i < all->at[7].len; i++) {
        at[1000 + i] = all->at[7].masked[i] ^ NEEDLE_MASK;
    }
    free(at);
    return needles_look(all) == 1 ? DIRTY : CLEAN;
}

static needles *shared(void)
{
    needles *all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_PTR_NOT_EQUAL_FATAL(all, MAP_FAILED);
    return all;
}

static void nothing_is_left(void)
{
    static const char *const profiles[] = {"vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.0.xml",
                                           "vectors/cards/ssc-3.0.xml"};
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        needles *all = shared();
        CU_ASSERT_EQUAL(in_process(collect, all, profiles[i]), CLEAN);
        int code = in_process(use_and_look, all, profiles[i]);
        if (code != CLEAN) {
            printf("\n    %s: %s\n", profiles[i], code == DIRTY ? "something is left" : "the flow failed");
        }
        CU_ASSERT_EQUAL(code, CLEAN);
        munmap(all, sizeof *all);
    }
}

static void what_is_left_is_found(void)
{
    needles *all = shared();
    CU_ASSERT_EQUAL(in_process(collect, all, "vectors/cards/ssc-3.0.xml"), CLEAN);
    CU_ASSERT_EQUAL(in_process(plant_and_look, all, NULL), DIRTY);
    munmap(all, sizeof *all);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"nothing left", nothing_is_left}, {"what is left", what_is_left_is_found}, {NULL, NULL}};
    oc_xml_wipe_freed();
    return oc_test_main("memory_wipe", rows);
}
