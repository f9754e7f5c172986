/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/link/apdu.h"
#include "sim/link/pcsc_client.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* Long enough for any machine, where an answer is expected; short where silence is. */
#define ANSWER_MS 60000
#define SILENCE_MS 200
/* A silent card must not hold us much longer than its time; the bound only tells "soon" from "never". */
#define SOON_MS 30000
#define SKIPPED 77

static oc_private_pcscd *pcscd;

/* Answers GET CHALLENGE with 4 bytes and SELECT with 6102; INS FF is a card that tears off its connection, INS FE
 * one that stays silent until it is let go, INS FD gives all the data a frame has room for. */
struct card {
    sem_t let_go;
    bool mute_at_reset;
    unsigned cold;
    unsigned warm;
    oc_vpcd_card *plugged;
};

static oc_result card_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct card *card = self;
    if (card->mute_at_reset) {
        sem_wait(&card->let_go);
    }
    *(kind == OC_RESET_COLD ? &card->cold : &card->warm) += 1;
    oc_wr_u16(atr, 0x3B02);
    oc_wr_u16(atr, kind == OC_RESET_COLD ? 0x1450 : 0x1451);
    return oc_ok();
}

static oc_result card_exchange(void *self, oc_span command, oc_wr *response)
{
    struct card *card = self;
    switch (command.len > 1 ? command.at[1] : 0) {
    case 0x84:
        oc_wr_u32(response, 0x01020304);
        oc_wr_u16(response, 0x9000);
        return oc_ok();
    case 0xA4:
        oc_wr_u16(response, command.len == 7 ? 0x6102 : 0x6700);
        return oc_ok();
    case 0xC0:
        oc_wr_u32(response, 0x6F009000);
        return oc_ok();
    case 0xFF:
        return oc_fail(OC_E_CRYPTO);
    case 0xFE:
        sem_wait(&card->let_go);
        oc_wr_u16(response, 0x9000);
        return oc_ok();
    case 0xFD:
        oc_wr_fill(response, 0xAA, 65533);
        oc_wr_u16(response, 0x9000);
        return oc_ok();
    default:
        oc_wr_u16(response, 0x6D00);
        return oc_ok();
    }
}

static void plug(struct card *card, unsigned slot)
{
    *card = (struct card){0};
    sem_init(&card->let_go, 0, 0);
    oc_diag diag = {0};
    oc_endpoint endpoint = {card, card_reset, card_exchange};
    OC_ASSERT_OK(oc_vpcd_card_start(&card->plugged, endpoint, oc_private_pcscd_port(pcscd, slot), &diag));
}

/* Also lets a mute card go, since its thread has to end. */
static void unplug(struct card *card)
{
    sem_post(&card->let_go);
    oc_vpcd_card_stop(&card->plugged);
    sem_destroy(&card->let_go);
}

static oc_link *open_reader(const char *name)
{
    oc_link *link = NULL;
    oc_diag diag = {0};
    oc_result result = oc_link_pcsc(&link, name, &diag);
    if (!oc_is_ok(result)) {
        printf("\n    %s\n", diag.reason);
    }
    OC_ASSERT_OK(result);
    oc_link_set_timeout(link, ANSWER_MS);
    return link;
}

static void expect(oc_link *link, const char *command_hex, enum oc_code code, const char *response_hex)
{
    oc_buf response = {0};
    oc_diag diag = {0};
    oc_result result = oc_link_transmit(link, oc_test_hex(command_hex), &response, &diag);
    if (result.code != code) {
        printf("\n    %s: %s\n", oc_code_name(result.code), diag.reason);
    }
    OC_ASSERT_CODE(result, code);
    if (code == OC_E_OK) {
        OC_ASSERT_BYTES(oc_buf_span(&response), response_hex);
    } else {
        CU_ASSERT_TRUE(diag.reason[0] != '\0');
    }
    oc_buf_free(&response);
}

static void expect_unopened(const char *name, enum oc_code code, const char *reason)
{
    oc_link *link = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_link_pcsc(&link, name, &diag), code);
    CU_ASSERT_PTR_NULL(link);
    if (strstr(diag.reason, reason) == NULL) {
        printf("\n    \"%s\" does not contain \"%s\"\n", diag.reason, reason);
        CU_FAIL("reason");
    }
}

static void resets_and_exchanges(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    oc_buf atr = {0};
    unsigned cold = card.cold;
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &atr, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&atr), "3B021450");
    oc_vpcd_card_lock(card.plugged);
    CU_ASSERT_TRUE(card.cold > cold);
    CU_ASSERT_EQUAL(card.warm, 0);
    oc_vpcd_card_unlock(card.plugged);
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_WARM, &atr, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&atr), "3B021451");
    oc_vpcd_card_lock(card.plugged);
    CU_ASSERT_EQUAL(card.warm, 1);
    oc_vpcd_card_unlock(card.plugged);
    for (unsigned i = 0; i < 500; i++) {
        expect(link, "0084000004", OC_E_OK, "010203049000");
    }
    oc_buf_free(&atr);
    oc_link_free(&link);
    unplug(&card);
}

static void logical_commands(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    oc_buf data = {0};
    oc_sw sw = {0};
    oc_apdu select = {.ins = 0xA4, .data = oc_test_hex("3F00"), .has_le = true};
    OC_ASSERT_OK(oc_apdu_transmit(link, &select, &data, &sw, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&data), "6F00");
    CU_ASSERT_EQUAL(sw.value, 0x9000);
    /* A terminal that sends case 4 as a whole meets a card that sees the TPDU. */
    expect(link, "00A40000023F0000", OC_E_OK, "6102");
    oc_buf_free(&data);
    oc_link_free(&link);
    unplug(&card);
}

static void lengths(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    expect(link, "04", OC_E_LIMIT, NULL);
    expect(link, "", OC_E_LIMIT, NULL);
    expect(link, "00A400", OC_E_LIMIT, NULL);
    oc_buf command = {0};
    oc_buf response = {0};
    OC_ASSERT_OK(oc_buf_reserve(&command, 65536));
    memset(command.at, 0, 65536);
    command.len = 65536;
    OC_ASSERT_CODE(oc_link_transmit(link, oc_buf_span(&command), &response, NULL), OC_E_LIMIT);
    command.len = 65535;
    OC_ASSERT_OK(oc_link_transmit(link, oc_buf_span(&command), &response, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&response), "6D00");
    OC_ASSERT_OK(oc_link_transmit(link, oc_test_hex("00FD000000"), &response, NULL));
    CU_ASSERT_EQUAL(response.len, 65535);
    oc_buf_free(&command);
    oc_buf_free(&response);
    oc_link_free(&link);
    unplug(&card);
}

static void names(void)
{
    struct card first;
    struct card second;
    plug(&first, 0);
    plug(&second, 1);
    const char *name = oc_private_pcscd_reader(pcscd, 0);
    char part[16];
    snprintf(part, sizeof part, "%u 00 01", oc_private_pcscd_port(pcscd, 0));
    oc_link *link = open_reader(part);
    expect(link, "0084000004", OC_E_OK, "010203049000");
    oc_link *other = open_reader(name);
    expect(other, "0084000004", OC_E_OK, "010203049000");
    expect_unopened(name, OC_E_UNAVAILABLE, "Sharing violation");
    oc_link_free(&link);
    oc_link_free(&other);
    expect_unopened("onecard", OC_E_NOT_FOUND, "more than one reader");
    expect_unopened("no such reader", OC_E_NOT_FOUND, name);
    unplug(&first);
    unplug(&second);
}

static void no_card(void)
{
    expect_unopened(oc_private_pcscd_reader(pcscd, 1), OC_E_GONE, "no card");
}

static void removal_between_exchanges(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    expect(link, "0084000004", OC_E_OK, "010203049000");
    unplug(&card);
    expect(link, "0084000004", OC_E_GONE, NULL);
    oc_buf atr = {0};
    OC_ASSERT_CODE(oc_link_reset(link, OC_RESET_COLD, &atr, NULL), OC_E_GONE);
    oc_buf_free(&atr);
    oc_link_free(&link);
}

static void removal_within_an_exchange(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    expect(link, "00FF000000", OC_E_GONE, NULL);
    expect(link, "0084000004", OC_E_GONE, NULL);
    oc_link_free(&link);
    unplug(&card);
}

static void mute_card(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    expect(link, "0084000004", OC_E_OK, "010203049000");
    oc_link_set_timeout(link, SILENCE_MS);
    uint64_t begin = oc_clock_now_ns();
    expect(link, "00FE000000", OC_E_TIMEOUT, NULL);
    uint64_t took_ms = (oc_clock_now_ns() - begin) / 1000000;
    CU_ASSERT_TRUE(took_ms >= SILENCE_MS - 1 && took_ms < SOON_MS);
    expect(link, "0084000004", OC_E_GONE, NULL);
    /* The card is silent still: neither the link nor its daemon may wait for it. */
    begin = oc_clock_now_ns();
    oc_link_free(&link);
    oc_private_pcscd_stop(&pcscd);
    CU_ASSERT_TRUE((oc_clock_now_ns() - begin) / 1000000 < SOON_MS);
    unplug(&card);
    OC_ASSERT_OK(oc_private_pcscd_start(&pcscd, NULL));
}

static void mute_at_reset(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    oc_vpcd_card_lock(card.plugged);
    card.mute_at_reset = true;
    oc_vpcd_card_unlock(card.plugged);
    oc_link_set_timeout(link, SILENCE_MS);
    oc_buf atr = {0};
    OC_ASSERT_CODE(oc_link_reset(link, OC_RESET_COLD, &atr, NULL), OC_E_TIMEOUT);
    OC_ASSERT_CODE(oc_link_reset(link, OC_RESET_COLD, &atr, NULL), OC_E_GONE);
    oc_buf_free(&atr);
    oc_link_free(&link);
    oc_private_pcscd_stop(&pcscd); /* it may hold the reader for the link that gave up as long as it likes */
    for (unsigned i = 0; i < 16; i++) {
        sem_post(&card.let_go);
    }
    unplug(&card);
    OC_ASSERT_OK(oc_private_pcscd_start(&pcscd, NULL));
}

static void daemon_ends(void)
{
    struct card card;
    plug(&card, 0);
    oc_link *link = open_reader(oc_private_pcscd_reader(pcscd, 0));
    oc_private_pcscd_stop(&pcscd);
    CU_ASSERT_PTR_NULL(pcscd);
    expect(link, "0084000004", OC_E_GONE, NULL);
    oc_link_free(&link);
    expect_unopened("onecard", OC_E_UNAVAILABLE, "no pcscd answers");
    unplug(&card);
    OC_ASSERT_OK(oc_private_pcscd_start(&pcscd, NULL));
    resets_and_exchanges();
}

/* A socket where the daemon's is, which takes connections and says nothing. */
static void daemon_hangs(void)
{
    oc_private_pcscd_stop(&pcscd);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char folder[2][sizeof address.sun_path];
    snprintf(address.sun_path, sizeof address.sun_path, "%s", getenv("PCSCLITE_CSOCK_NAME"));
    snprintf(folder[1], sizeof folder[1], "%s", address.sun_path);
    *strrchr(folder[1], '/') = '\0';
    snprintf(folder[0], sizeof folder[0], "%s", folder[1]);
    *strrchr(folder[0], '/') = '\0';
    CU_ASSERT_EQUAL(mkdir(folder[0], 0700), 0);
    CU_ASSERT_EQUAL(mkdir(folder[1], 0700), 0);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CU_ASSERT_EQUAL_FATAL(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    CU_ASSERT_EQUAL_FATAL(listen(listener, 4), 0);
    oc_pcsc_client *client = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_pcsc_client_new(&client, SILENCE_MS, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(client);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "no answer in time"));
    close(listener);
    unlink(address.sun_path);
    rmdir(folder[1]);
    rmdir(folder[0]);
    OC_ASSERT_OK(oc_private_pcscd_start(&pcscd, NULL));
}

static void one_in_a_process(void)
{
    oc_private_pcscd *second = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_private_pcscd_start(&second, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(second);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "already"));
    resets_and_exchanges();
}

#define THREADS 4

static void *open_and_use(void *argument)
{
    oc_link *link = NULL;
    bool *is_fine = argument;
    /* Each opens a context; all but the first to connect find the reader taken. */
    oc_result result = oc_link_pcsc(&link, oc_private_pcscd_reader(pcscd, 0), NULL);
    *is_fine = oc_is_ok(result) || result.code == OC_E_UNAVAILABLE;
    oc_link_free(&link);
    return NULL;
}

static void contexts_at_once(void)
{
    struct card card;
    pthread_t threads[THREADS];
    bool is_fine[THREADS];
    plug(&card, 0);
    for (size_t i = 0; i < THREADS; i++) {
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, open_and_use, &is_fine[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_TRUE(is_fine[i]);
    }
    unplug(&card);
}

/* When the watchdog looks for the socket of a context that is still being established, it looks at the descriptors of
 * another thread on purpose; the kernel keeps them whole, which ThreadSanitizer does not know. libpcsclite 1.9 itself
 * reads the daemon's table of readers into one place for all contexts. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:is_client_socket\nrace:libpcsclite.so\n";
}

int main(void)
{
    static const oc_test_row rows[] = {{"resets and exchanges", resets_and_exchanges},
                                       {"logical commands", logical_commands},
                                       {"lengths", lengths},
                                       {"names", names},
                                       {"no card", no_card},
                                       {"removal between exchanges", removal_between_exchanges},
                                       {"removal within an exchange", removal_within_an_exchange},
                                       {"mute card", mute_card},
                                       {"mute at reset", mute_at_reset},
                                       {"daemon ends", daemon_ends},
                                       {"daemon hangs", daemon_hangs},
                                       {"one in a process", one_in_a_process},
                                       {"contexts at once", contexts_at_once},
                                       {NULL, NULL}};
    oc_diag diag = {0};
    oc_result result = oc_private_pcscd_start(&pcscd, &diag);
    if (!oc_is_ok(result)) {
        printf("%s\n", diag.reason);
        return strstr(diag.reason, "not installed") != NULL ? SKIPPED : 1;
    }
    int status = oc_test_main("pcsc", rows);
    oc_private_pcscd_stop(&pcscd);
    return status;
}
