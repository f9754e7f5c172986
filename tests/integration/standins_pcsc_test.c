/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <reader.h>
#include <stdio.h>
#include <stdlib.h>
#include <winscard.h>

#include "sim/link/card_server.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* The PC/SC stand-in as programs see it. CTest runs this with the stand-in in front of the system's libpcsclite, so
 * that every function of PC/SC, also in our own link, is the stand-in's. */

#define CARD "stand-in 00"
#define MODERN "stand-in 01"
#define EMPTY "stand-in 02"

/* Answers every command with it and 9000; INS FE stays silent, FD is taken out within the command. */
struct echo {
    oc_card_server *server;
    oc_span atr; /* made beforehand: oc_test_hex is for one thread */
    bool is_mute;
};

static oc_result echo_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    const struct echo *echo = self;
    (void)kind;
    oc_wr_bytes(atr, echo->atr);
    return echo->is_mute ? oc_fail(OC_E_TIMEOUT) : oc_ok();
}

static oc_result echo_exchange(void *self, oc_span command, oc_wr *response)
{
    const struct echo *echo = self;
    uint8_t ins = command.len > 1 ? command.at[1] : 0;
    if (ins == 0xFD) {
        oc_card_server_present(echo->server, 0, false);
    }
    oc_wr_bytes(response, command);
    oc_wr_u16(response, 0x9000);
    return ins == 0xFE ? oc_fail(OC_E_TIMEOUT) : oc_ok();
}

static struct echo echoes[3];
static oc_card_server *server;

static void start(void)
{
    static const uint8_t old[] = {0x3B, 0x02, 0x14, 0x50};
    static const uint8_t modern[] = {0x3B, 0x80, 0x01, 0x81};
    for (size_t i = 0; i < 3; i++) {
        echoes[i] = (struct echo){.atr = oc_span_of(i == 1 ? modern : old, sizeof old)};
    }
    oc_card_slot slots[] = {{CARD, OC_CARDS_USER, {&echoes[0], echo_reset, echo_exchange}, true},
                            {MODERN, OC_CARDS_SAM, {&echoes[1], echo_reset, echo_exchange}, true},
                            {EMPTY, OC_CARDS_CONTACTLESS, {&echoes[2], echo_reset, echo_exchange}, false}};
    OC_ASSERT_OK(oc_card_server_start(&server, slots, 3, "unix:", NULL));
    for (size_t i = 0; i < 3; i++) {
        echoes[i].server = server;
    }
    setenv("ONECARD_CARDS", oc_card_server_address(server), 1);
}

static void stop(void)
{
    oc_card_server_stop(&server);
}

static SCARDCONTEXT open_context(void)
{
    SCARDCONTEXT context = 0;
    CU_ASSERT_EQUAL_FATAL(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), SCARD_S_SUCCESS);
    return context;
}

static SCARDHANDLE open_card(SCARDCONTEXT context, const char *name, DWORD share)
{
    SCARDHANDLE card = 0;
    DWORD protocol;
    CU_ASSERT_EQUAL_FATAL(SCardConnect(context, name, share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol),
                          SCARD_S_SUCCESS);
    return card;
}

static LONG send_bytes(SCARDHANDLE card, oc_span command)
{
    BYTE response[300];
    DWORD len = sizeof response;
    return SCardTransmit(card, SCARD_PCI_T0, command.at, command.len, NULL, response, &len);
}

static LONG send_hex(SCARDHANDLE card, const char *hex)
{
    return send_bytes(card, oc_test_hex(hex));
}

#define EXPECT(call, error) CU_ASSERT_EQUAL((call), (error))

static void it_is_the_stand_in(void)
{
    SCARDCONTEXT context = 0;
    setenv("ONECARD_CARDS", "unix:/nonexistent", 1);
    EXPECT(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), SCARD_E_NO_SERVICE);
    unsetenv("ONECARD_CARDS");
    EXPECT(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), SCARD_E_NO_SERVICE);
    EXPECT(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    EXPECT(SCardEstablishContext(77, NULL, NULL, &context), SCARD_E_INVALID_VALUE);
}

static void names(void)
{
    static const char all[] = CARD "\0" MODERN "\0" EMPTY "\0";
    start();
    SCARDCONTEXT context = open_context();
    char room[100];
    DWORD len = 0;
    EXPECT(SCardListReaders(context, NULL, NULL, &len), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(len, sizeof all);
    len = 10;
    EXPECT(SCardListReaders(context, NULL, room, &len), SCARD_E_INSUFFICIENT_BUFFER);
    CU_ASSERT_EQUAL(len, sizeof all);
    EXPECT(SCardListReaders(context, NULL, room, &len), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(memcmp(room, all, sizeof all), 0);
    char *memory = NULL;
    len = SCARD_AUTOALLOCATE;
    EXPECT(SCardListReaders(context, NULL, (LPSTR)&memory, &len), SCARD_S_SUCCESS);
    CU_ASSERT_TRUE(len == sizeof all && memcmp(memory, all, sizeof all) == 0);
    EXPECT(SCardFreeMemory(context, memory), SCARD_S_SUCCESS);
    len = sizeof room;
    EXPECT(SCardListReaderGroups(context, room, &len), SCARD_S_SUCCESS);
    EXPECT(SCardListReaders(context, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
    EXPECT(SCardIsValidContext(context), SCARD_S_SUCCESS);
    EXPECT(SCardReleaseContext(context), SCARD_S_SUCCESS);
    EXPECT(SCardIsValidContext(context), SCARD_E_INVALID_HANDLE);
    EXPECT(SCardReleaseContext(context), SCARD_E_INVALID_HANDLE);
    EXPECT(SCardListReaders(context, NULL, NULL, &len), SCARD_E_INVALID_HANDLE);
    EXPECT(SCardCancel(context), SCARD_E_INVALID_HANDLE);
    stop();
}

static void one_card(void)
{
    start();
    SCARDCONTEXT context = open_context();
    SCARDHANDLE card = 0;
    DWORD protocol = 0;
    EXPECT(SCardConnect(context, "none", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &card, &protocol),
           SCARD_E_UNKNOWN_READER);
    EXPECT(SCardConnect(context, EMPTY, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &card, &protocol),
           SCARD_E_NO_SMARTCARD);
    EXPECT(SCardConnect(context, CARD, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol),
           SCARD_E_PROTO_MISMATCH);
    EXPECT(SCardConnect(context, CARD, SCARD_SHARE_SHARED, 0, &card, &protocol), SCARD_E_PROTO_MISMATCH);
    EXPECT(SCardConnect(context, CARD, 9, SCARD_PROTOCOL_T0, &card, &protocol), SCARD_E_INVALID_VALUE);
    EXPECT(SCardConnect(context, MODERN, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, &card, &protocol), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(protocol, SCARD_PROTOCOL_T1);
    EXPECT(send_hex(card, "0084000008"), SCARD_E_PROTO_MISMATCH);
    EXPECT(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    EXPECT(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_E_INVALID_HANDLE);
    card = open_card(context, CARD, SCARD_SHARE_EXCLUSIVE);
    BYTE response[20];
    DWORD len = sizeof response;
    SCARD_IO_REQUEST received = {0, 0};
    oc_span command = oc_test_hex("00A40000023F0000");
    EXPECT(SCardTransmit(card, SCARD_PCI_T0, command.at, command.len, &received, response, &len), SCARD_S_SUCCESS);
    OC_ASSERT_BYTES(oc_span_of(response, len), "00A40000023F009000");
    CU_ASSERT_EQUAL(received.dwProtocol, SCARD_PROTOCOL_T0);
    len = 3;
    EXPECT(SCardTransmit(card, SCARD_PCI_T0, command.at, command.len, NULL, response, &len),
           SCARD_E_INSUFFICIENT_BUFFER);
    CU_ASSERT_EQUAL(len, 9);
    EXPECT(send_hex(card, "00FE0000"), SCARD_E_NOT_TRANSACTED);
    EXPECT(SCardControl(card, SCARD_CTL_CODE(3400), NULL, 0, response, sizeof response, &len), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(len, 0);
    EXPECT(SCardControl(card, SCARD_CTL_CODE(1), NULL, 0, response, sizeof response, &len),
           SCARD_E_UNSUPPORTED_FEATURE);
    EXPECT(SCardReleaseContext(context), SCARD_S_SUCCESS);
    EXPECT(send_hex(card, "0084000008"), SCARD_E_INVALID_HANDLE);
    stop();
}

static void status_and_attributes(void)
{
    start();
    SCARDCONTEXT context = open_context();
    SCARDHANDLE card = open_card(context, CARD, SCARD_SHARE_SHARED);
    char name[MAX_READERNAME];
    DWORD name_len = sizeof name;
    DWORD state = 0;
    DWORD protocol = 0;
    BYTE atr[MAX_ATR_SIZE];
    DWORD len = sizeof atr;
    EXPECT(SCardStatus(card, name, &name_len, &state, &protocol, atr, &len), SCARD_S_SUCCESS);
    CU_ASSERT_STRING_EQUAL(name, CARD);
    CU_ASSERT_EQUAL(name_len, sizeof CARD);
    CU_ASSERT_EQUAL(state & SCARD_SPECIFIC, SCARD_SPECIFIC);
    OC_ASSERT_BYTES(oc_span_of(atr, len), "3B021450");
    EXPECT(SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_S_SUCCESS);
    len = 2;
    EXPECT(SCardStatus(card, NULL, NULL, NULL, NULL, atr, &len), SCARD_E_INSUFFICIENT_BUFFER);
    CU_ASSERT_EQUAL(len, 4);
    BYTE *memory = NULL;
    len = SCARD_AUTOALLOCATE;
    EXPECT(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, (LPBYTE)&memory, &len), SCARD_S_SUCCESS);
    OC_ASSERT_BYTES(oc_span_of(memory, len), "3B021450");
    SCardFreeMemory(context, memory);
    len = sizeof name;
    EXPECT(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, (LPBYTE)name, &len), SCARD_S_SUCCESS);
    CU_ASSERT_STRING_EQUAL(name, "onecard");
    EXPECT(SCardGetAttrib(card, SCARD_ATTR_MAX_CLK, NULL, &len), SCARD_E_UNSUPPORTED_FEATURE);
    EXPECT(SCardSetAttrib(card, SCARD_ATTR_MAX_CLK, atr, 1), SCARD_E_UNSUPPORTED_FEATURE);
    SCardReleaseContext(context);
    stop();
}

static void sharing(void)
{
    start();
    SCARDCONTEXT one = open_context();
    SCARDCONTEXT two = open_context();
    DWORD protocol;
    SCARDHANDLE other = 0;
    SCARDHANDLE card = open_card(one, CARD, SCARD_SHARE_EXCLUSIVE);
    EXPECT(SCardConnect(two, CARD, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &other, &protocol),
           SCARD_E_SHARING_VIOLATION);
    EXPECT(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_LEAVE_CARD, &protocol), SCARD_S_SUCCESS);
    other = open_card(two, CARD, SCARD_SHARE_SHARED);
    EXPECT(SCardConnect(one, CARD, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0, &card, &protocol),
           SCARD_E_SHARING_VIOLATION);
    card = open_card(one, CARD, SCARD_SHARE_SHARED);
    EXPECT(SCardDisconnect(other, SCARD_RESET_CARD), SCARD_S_SUCCESS);
    EXPECT(send_hex(card, "0084000008"), SCARD_W_RESET_CARD);
    EXPECT(SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL), SCARD_W_RESET_CARD);
    EXPECT(SCardBeginTransaction(card), SCARD_W_RESET_CARD);
    EXPECT(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_LEAVE_CARD, &protocol), SCARD_S_SUCCESS);
    EXPECT(send_hex(card, "0084000008"), SCARD_S_SUCCESS);
    SCardReleaseContext(one);
    SCardReleaseContext(two);
    stop();
}

struct other_program {
    pthread_t thread;
    SCARDHANDLE card;
    LONG error;
};

static void *send_one(void *argument)
{
    struct other_program *other = argument;
    const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    other->error = send_bytes(other->card, oc_span_of(command, sizeof command));
    return NULL;
}

static void transactions(void)
{
    start();
    SCARDCONTEXT one = open_context();
    SCARDCONTEXT two = open_context();
    SCARDHANDLE card = open_card(one, CARD, SCARD_SHARE_SHARED);
    struct other_program other = {.card = open_card(two, CARD, SCARD_SHARE_SHARED), .error = SCARD_F_INTERNAL_ERROR};
    EXPECT(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
    EXPECT(SCardBeginTransaction(card), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&other.thread, NULL, send_one, &other), 0);
    for (unsigned i = 0; i < 100; i++) {
        EXPECT(send_hex(card, "0084000008"), SCARD_S_SUCCESS);
    }
    EXPECT(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    pthread_join(other.thread, NULL);
    EXPECT(other.error, SCARD_S_SUCCESS);
    SCardReleaseContext(one);
    SCardReleaseContext(two);
    stop();
}

static void *wait_for_anything(void *argument)
{
    struct other_program *other = argument;
    SCARD_READERSTATE state = {.szReader = EMPTY, .dwCurrentState = SCARD_STATE_EMPTY};
    other->error = SCardGetStatusChange((SCARDCONTEXT)other->card, INFINITE, &state, 1);
    other->card = (SCARDHANDLE)state.dwEventState;
    return NULL;
}

static void changes(void)
{
    start();
    SCARDCONTEXT context = open_context();
    SCARD_READERSTATE states[] = {{.szReader = CARD}, {.szReader = EMPTY}, {.szReader = "\\\\?PnP?\\Notification"}};
    EXPECT(SCardGetStatusChange(context, 0, states, 3), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(states[0].dwEventState, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
    OC_ASSERT_BYTES(oc_span_of(states[0].rgbAtr, states[0].cbAtr), "3B021450");
    CU_ASSERT_EQUAL(states[1].dwEventState, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
    states[0].dwCurrentState = states[0].dwEventState;
    states[1].dwCurrentState = states[1].dwEventState;
    EXPECT(SCardGetStatusChange(context, 0, states, 3), SCARD_E_TIMEOUT);
    EXPECT(SCardGetStatusChange(context, 5, states, 3), SCARD_E_TIMEOUT);
    oc_card_server_present(server, 0, false);
    EXPECT(SCardGetStatusChange(context, INFINITE, states, 3), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(states[0].dwEventState & 0xFFFF, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
    CU_ASSERT_EQUAL(states[0].dwEventState >> 16, 1);
    states[0].szReader = "none";
    EXPECT(SCardGetStatusChange(context, 0, states, 1), SCARD_E_UNKNOWN_READER);
    struct other_program waiter = {.card = (SCARDHANDLE)context};
    CU_ASSERT_EQUAL_FATAL(pthread_create(&waiter.thread, NULL, wait_for_anything, &waiter), 0);
    oc_card_server_present(server, 2, true);
    pthread_join(waiter.thread, NULL);
    EXPECT(waiter.error, SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL((DWORD)waiter.card & SCARD_STATE_PRESENT, SCARD_STATE_PRESENT);
    oc_card_server_present(server, 2, false);
    echoes[2].is_mute = true;
    oc_card_server_present(server, 2, true);
    states[1].dwCurrentState = SCARD_STATE_UNAWARE;
    EXPECT(SCardGetStatusChange(context, 0, &states[1], 1), SCARD_S_SUCCESS);
    CU_ASSERT_EQUAL(states[1].dwEventState & SCARD_STATE_MUTE, SCARD_STATE_MUTE);
    SCARDHANDLE card = 0;
    DWORD protocol;
    EXPECT(SCardConnect(context, EMPTY, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, &card, &protocol),
           SCARD_W_UNRESPONSIVE_CARD);
    SCardReleaseContext(context);
    stop();
}

/* The wait may not have begun when it is to be ended, so that it is tried until it is. */
static void cancelling(void)
{
    start();
    SCARDCONTEXT context = open_context();
    struct other_program waiter = {.card = (SCARDHANDLE)context};
    CU_ASSERT_EQUAL_FATAL(pthread_create(&waiter.thread, NULL, wait_for_anything, &waiter), 0);
    while (pthread_tryjoin_np(waiter.thread, NULL) != 0) {
        EXPECT(SCardCancel(context), SCARD_S_SUCCESS);
        sched_yield();
    }
    EXPECT(waiter.error, SCARD_E_CANCELLED);
    SCARDHANDLE card = open_card(context, CARD, SCARD_SHARE_SHARED);
    EXPECT(send_hex(card, "0084000008"), SCARD_S_SUCCESS);
    SCardReleaseContext(context);
    stop();
}

static void removal(void)
{
    start();
    SCARDCONTEXT context = open_context();
    SCARDHANDLE card = open_card(context, CARD, SCARD_SHARE_SHARED);
    DWORD protocol;
    EXPECT(send_hex(card, "00FD0000"), SCARD_W_REMOVED_CARD);
    EXPECT(send_hex(card, "00840000"), SCARD_W_REMOVED_CARD);
    EXPECT(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_LEAVE_CARD, &protocol),
           SCARD_E_NO_SMARTCARD);
    oc_card_server_present(server, 0, true);
    EXPECT(send_hex(card, "00840000"), SCARD_W_REMOVED_CARD);
    EXPECT(SCardReconnect(card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_LEAVE_CARD, &protocol), SCARD_S_SUCCESS);
    EXPECT(send_hex(card, "00840000"), SCARD_S_SUCCESS);
    stop(); /* the server goes before its client */
    EXPECT(send_hex(card, "00840000"), SCARD_E_NO_SERVICE);
    EXPECT(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    EXPECT(SCardReleaseContext(context), SCARD_S_SUCCESS);
}

static void our_own_link(void)
{
    start();
    oc_link *link = NULL;
    oc_buf out = {0};
    oc_diag diag = {0};
    bool present = false;
    OC_ASSERT_OK(oc_link_pcsc(&link, CARD, &diag));
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &out, &diag));
    OC_ASSERT_BYTES(oc_buf_span(&out), "3B021450");
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_WARM, &out, &diag));
    OC_ASSERT_OK(oc_link_transmit(link, oc_test_hex("0084000008"), &out, &diag));
    OC_ASSERT_BYTES(oc_buf_span(&out), "00840000089000");
    OC_ASSERT_CODE(oc_link_transmit(link, oc_test_hex("00FE0000"), &out, NULL), OC_E_GONE);
    OC_ASSERT_CODE(oc_link_transmit(link, oc_test_hex("00FD0000"), &out, NULL), OC_E_GONE);
    oc_link_free(&link);
    OC_ASSERT_OK(oc_pcsc_presence(CARD, &present, &diag));
    CU_ASSERT_FALSE(present);
    OC_ASSERT_OK(oc_pcsc_presence(MODERN, &present, &diag));
    CU_ASSERT_TRUE(present);
    oc_buf_free(&out);
    stop();
}

int main(void)
{
    static const oc_test_row rows[] = {{"no server", it_is_the_stand_in},
                                       {"names", names},
                                       {"one card", one_card},
                                       {"status and attributes", status_and_attributes},
                                       {"sharing", sharing},
                                       {"transactions", transactions},
                                       {"changes", changes},
                                       {"cancelling", cancelling},
                                       {"removal", removal},
                                       {"our own link", our_own_link},
                                       {NULL, NULL}};
    return oc_test_main("standins_pcsc", rows);
}
