/* SPDX-License-Identifier: Apache-2.0 */
/* Cards whose state is kept in a file. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/link/transports.h"
#include "tests/integration/cli_kit.h"

static oc_cli_kit kit;
static char image[PATH_MAX];

#define SELECT_SSSE "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
#define WRONG_PIN "0020000003286710"
#define RIGHT_PIN "0020000003286719"

/* A link to `onecard card` with these arguments. */
static oc_link *open_card(const char *arguments)
{
    char command[2 * PATH_MAX];
    oc_link *link = NULL;
    oc_diag diag = {0};
    snprintf(command, sizeof command, "exec '%s' card %s", oc_kit_onecard(), arguments);
    OC_ASSERT_OK(oc_link_exec(&link, command, &diag));
    oc_link_set_timeout(link, 60000);
    return link;
}

static void expect(oc_link *link, const char *command, const char *answer)
{
    oc_buf response = {0};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_link_transmit(link, oc_test_hex(command), &response, &diag));
    OC_ASSERT_BYTES(oc_buf_span(&response), answer);
    oc_buf_free(&response);
}

static void enter(oc_link *link)
{
    oc_buf atr = {0};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &atr, &diag));
    expect(link, SELECT_SSSE, "6118");
    oc_buf_free(&atr);
}

static void a_card_remembers(void)
{
    static const char *const answers[] = {"63C5", "63C4", "63C3"};
    char arguments[PATH_MAX + 16];
    snprintf(arguments, sizeof arguments, "--image '%s'", image);
    for (size_t i = 0; i < 3; i++) {
        oc_link *link = open_card(arguments);
        enter(link);
        expect(link, WRONG_PIN, answers[i]);
        oc_link_free(&link);
    }
    /* without it, each card is a new one */
    oc_link *link = open_card("");
    enter(link);
    expect(link, WRONG_PIN, "63C5");
    oc_link_free(&link);
    link = open_card(arguments);
    enter(link);
    expect(link, RIGHT_PIN, "9000");
    expect(link, WRONG_PIN, "63C5");
    oc_link_free(&link);
}

static void a_reader_remembers(void)
{
    char arguments[PATH_MAX + 16];
    char port[16];
    snprintf(port, sizeof port, "%u", 20000u + (unsigned)getpid() % 20000u);
    oc_program reader;
    oc_link *link = NULL;
    oc_diag diag = {0};
    char command[3 * PATH_MAX];
    /* The reader's side listens; the card is called again until it does. */
    snprintf(command, sizeof command, "until '%s' reader --port %s --image '%s' 2>/dev/null; do sleep 0.05; done",
             oc_kit_onecard(), port, image);
    oc_program_start(&reader, (const char *const[]){"/bin/sh", "-c", command, NULL});
    OC_ASSERT_OK(oc_link_vpcd(&link, (unsigned)strtoul(port, NULL, 10), 60000, &diag));
    oc_link_set_timeout(link, 60000);
    enter(link);
    expect(link, WRONG_PIN, "63C4");
    oc_link_free(&link);
    oc_program_finish(&reader);
    oc_program_free(&reader);
    snprintf(arguments, sizeof arguments, "--image '%s'", image);
    link = open_card(arguments);
    enter(link);
    expect(link, WRONG_PIN, "63C3");
    oc_link_free(&link);
}

static void write_image(const char *name, oc_span bytes, char path[PATH_MAX])
{
    oc_diag diag = {0};
    oc_temp_path(path, kit.folder, name);
    OC_ASSERT_OK(oc_file_replace(path, bytes, &diag));
}

static void refused(const char *command, const char *path, const char *part)
{
    CU_ASSERT_EQUAL(oc_kit_said(&kit, command, OC_ARGS("--image", path), part), 2);
}

static void bad_images(void)
{
    oc_buf good = {0};
    oc_diag diag = {0};
    char path[PATH_MAX];
    OC_ASSERT_OK(oc_file_read(&good, image, (size_t)1 << 20, &diag));
    write_image("empty", oc_span_empty(), path);
    refused("card", path, "no card image");
    refused("reader", path, "no card image");
    write_image("text", oc_span_text("this is not a card, but long enough to be the head of one, one should think"),
                path);
    refused("card", path, "no card image");
    write_image("cut", oc_span_slice(oc_buf_span(&good), 0, good.len - 1), path);
    refused("card", path, "damaged");
    for (size_t at = 8; at < good.len; at += good.len / 7) {
        good.at[at] ^= 0x10;
        write_image("bent", oc_buf_span(&good), path);
        refused("card", path, at == 8 ? "version" : "damaged");
        good.at[at] ^= 0x10;
    }
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "card", OC_ARGS("--profile", OC_CARD_2, "--image", image), "another card"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "card", OC_ARGS("--psam", "--image", image), "another card"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "card", OC_ARGS("--image", "/nonexistent/image"), "/nonexistent"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "card", OC_ARGS("--image", kit.folder), ""), 2);
    /* none of it touched the good one */
    oc_buf again = {0};
    OC_ASSERT_OK(oc_file_read(&again, image, (size_t)1 << 20, &diag));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&again), oc_buf_span(&good)));
    oc_buf_free(&again);
    oc_buf_free(&good);
}

/* A state that cannot be kept is not answered for. */
static void a_folder_that_goes_away(void)
{
    char folder[PATH_MAX];
    char arguments[PATH_MAX + 32];
    char command[PATH_MAX + 16];
    oc_temp_path(folder, kit.folder, "leaving");
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_file_make_folder(folder, &diag));
    snprintf(arguments, sizeof arguments, "--image '%s/image' 2>/dev/null", folder);
    oc_link *link = open_card(arguments);
    enter(link);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    CU_ASSERT_EQUAL(system(command), 0);
    oc_buf response = {0};
    OC_ASSERT_CODE(oc_link_transmit(link, oc_test_hex(WRONG_PIN), &response, &diag), OC_E_GONE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "status 3"));
    oc_buf_free(&response);
    oc_link_free(&link);
}

static bool file_holds(const char *name, const char *text)
{
    char path[PATH_MAX];
    oc_buf content = {0};
    oc_temp_path(path, kit.out, name);
    OC_ASSERT_OK(oc_file_read(&content, path, (size_t)16 << 20, NULL));
    bool holds = memmem(content.at, content.len, text, strlen(text)) != NULL;
    oc_buf_free(&content);
    return holds;
}

/* What runs cost a foreign card stands in record and report, over all runs. */
static void the_ledger_is_reported(void)
{
    static const char *const spent[] = {"<tries of=\"PIN\" spent=\"1\"/>", "<tries of=\"PIN\" spent=\"2\"/>"};
    char card[2 * PATH_MAX];
    char folder[PATH_MAX];
    oc_temp_path(folder, kit.folder, "ledger");
    setenv("ONECARD_LEDGER", folder, 1);
    snprintf(card, sizeof card, "exec:exec '%s' card --image '%s'", oc_kit_onecard(), image);
    for (size_t i = 0; i < 2; i++) {
        oc_program program;
        oc_kit_command(&program, &kit, "run",
                       OC_ARGS("--card", card, "--profile", OC_CARD_3, "-k", "^CARD\\.PIN\\.VERIFY"));
        CU_ASSERT_EQUAL(program.code, 0);
        CU_ASSERT_TRUE(file_holds("result.xml", spent[i]));
        CU_ASSERT_TRUE(file_holds("report.html", "样卡台账"));
        oc_program_free(&program);
    }
    unsetenv("ONECARD_LEDGER");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a card remembers", a_card_remembers},
        {"a reader remembers", a_reader_remembers},
        {"bad images", bad_images},
        {"the ledger is reported", the_ledger_is_reported},
        {"a folder that goes away", a_folder_that_goes_away},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    oc_temp_path(image, kit.folder, "card.image");
    int code = oc_test_main("card images", rows);
    oc_kit_close(&kit);
    return code;
}
