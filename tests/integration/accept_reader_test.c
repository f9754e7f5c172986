/* SPDX-License-Identifier: Apache-2.0 */
/* onecard accept on a PC/SC reader into which card after card is put; and that it leaves a card as it was. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"
#include "tests/integration/accept_kit.h"

static oc_cli_kit kit;
static char map_path[PATH_MAX];
static char order_path[PATH_MAX];
static oc_made_card made[2];

/* Two cards, and an order for them with their PINs. */
static void prepare(void)
{
    static char csv[4096];
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (unsigned i = 0; i < 2; i++) {
        oc_kit_make_card(&made[i], &kit, i + 1, NULL, false);
        oc_kit_order(csv, sizeof csv, &made[i], &(oc_ordered){.pin = "286719"});
    }
    oc_temp_write(kit.folder, "map.xml", oc_kit_map);
    oc_temp_write(kit.folder, "order.csv", csv);
    oc_temp_path(map_path, kit.folder, "map.xml");
    oc_temp_path(order_path, kit.folder, "order.csv");
}

static void start(oc_program *program, const char *card)
{
    oc_kit_start(program, &kit, "accept",
                 OC_ARGS("-q", "--order", order_path, "--map", map_path, "--profile", OC_CARD_2, "--card", card, "-o",
                         kit.out));
}

struct chip {
    oc_profile *profile;
    oc_crypto *crypto;
    oc_card_os *os;
    oc_card *card;
};

static void open_chip(struct chip *chip, const char *profile)
{
    OC_ASSERT_OK(oc_profile_load(&chip->profile, profile, NULL));
    OC_ASSERT_OK(oc_crypto_new(&chip->crypto));
    OC_ASSERT_OK(oc_issuer_card_os(&chip->os));
    OC_ASSERT_OK(oc_issuer_make_card(&chip->card, chip->os, chip->crypto, chip->profile, NULL));
}

static void close_chip(struct chip *chip)
{
    oc_card_free(&chip->card);
    oc_card_os_free(&chip->os);
    oc_crypto_free(&chip->crypto);
    oc_profile_free(&chip->profile);
}

static void card_after_card(void)
{
    oc_private_pcscd *pcscd = NULL;
    oc_diag diag = {0};
    if (!oc_is_ok(oc_private_pcscd_start(&pcscd, &diag))) {
        printf("\n    skipped: %s", diag.reason);
        return;
    }
    prepare();
    struct chip chips[2] = {0};
    oc_vpcd_card *plugged = NULL;
    unsigned port = oc_private_pcscd_port(pcscd, 0);
    char reader[300];
    char ledger[PATH_MAX];
    oc_program program;
    snprintf(reader, sizeof reader, "pcsc:%s", oc_private_pcscd_reader(pcscd, 0));
    oc_temp_path(ledger, kit.folder, "ledger");
    setenv("ONECARD_LEDGER", ledger, 1);
    open_chip(&chips[0], made[0].profile);
    open_chip(&chips[1], made[1].profile);
    start(&program, reader);
    CU_ASSERT_TRUE(oc_program_await(&program, "put card 1 in"));
    OC_ASSERT_OK(oc_vpcd_card_start(&plugged, oc_card_endpoint(chips[0].card), port, &diag));
    CU_ASSERT_TRUE(oc_program_await(&program, "take the card out"));
    oc_vpcd_card_stop(&plugged);
    CU_ASSERT_TRUE(oc_program_await(&program, "put card 2 in"));
    OC_ASSERT_OK(oc_vpcd_card_start(&plugged, oc_card_endpoint(chips[1].card), port, &diag));
    oc_program_finish(&program);
    oc_vpcd_card_stop(&plugged);
    oc_private_pcscd_stop(&pcscd);
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "Accepted"));
    if (program.code != 0) {
        printf("\n%s\n%s\n", oc_program_err(&program), oc_program_out(&program));
    }
    oc_program_free(&program);
    close_chip(&chips[0]);
    close_chip(&chips[1]);
}

/* The state that the card keeps between runs, byte by byte. */
static void card_is_left_as_it_was(void)
{
    prepare();
    char image[PATH_MAX];
    char card[3 * PATH_MAX];
    oc_buf before = {0};
    oc_buf after = {0};
    oc_program program;
    oc_temp_path(image, kit.folder, "image");
    snprintf(card, sizeof card, "exec:exec '%s' card --profile '%.1000s' --image '%.1000s'", oc_kit_onecard(),
             made[0].profile, image);
    oc_kit_command(&program, &kit, "card", OC_ARGS("--profile", made[0].profile, "--image", image));
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
    OC_ASSERT_OK(oc_file_read(&before, image, OC_BUF_MAX, NULL));
    start(&program, card);
    oc_program_finish(&program);
    CU_ASSERT_EQUAL(program.code, 6); /* the other line's card was never presented */
    oc_results results;
    oc_results_load(&results, kit.out);
    CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL"), 0);
    oc_results_free(&results);
    oc_program_free(&program);
    OC_ASSERT_OK(oc_file_read(&after, image, OC_BUF_MAX, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&before), oc_buf_span(&after)));
    oc_buf_free(&before);
    oc_buf_free(&after);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"card after card", card_after_card},
        {"a card is left as it was", card_is_left_as_it_was},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("accept readers", rows);
    oc_kit_close(&kit);
    return code;
}
