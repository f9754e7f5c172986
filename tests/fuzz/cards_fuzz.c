/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of three clients to a card service with three slots, in any order and form. The input is a row of
 * operations, each a byte and what it takes along:
 *   00..BF  low 6 bits: that many bytes are a question; high 2 bits: which client asks
 *   C0..FF  the owner puts a card in or takes it out, or a client leaves and another one comes */
#include "sim/link/card_service.h"
#include "tests/fuzz/echo_card.h"
#include "tests/fuzz/fuzz.h"

#define CLIENTS 3

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void renew(oc_card_service *service, oc_card_client **client)
{
    if (*client != NULL) {
        oc_card_service_leave(service, client);
    }
    FUZZ_DEMAND(oc_is_ok(oc_card_service_join(service, client)));
}

static void ask(oc_card_service *service, oc_card_client **client, oc_span question, uint8_t *room)
{
    oc_wr answer = oc_wr_of(room, OC_CARDS_BODY_MAX);
    enum oc_card_reply reply = oc_card_service_ask(service, *client, question, &answer);
    FUZZ_DEMAND(!answer.bad);
    FUZZ_DEMAND(reply != OC_CARD_REPLY_NOW || answer.len > 0);
    FUZZ_DEMAND((reply == OC_CARD_REPLY_WAIT) <= oc_card_client_waits(*client));
    if (reply == OC_CARD_REPLY_BAD) {
        renew(service, client);
    }
    (void)oc_card_service_waited(service, *client, &answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const oc_endpoint card = {NULL, echo_reset, echo_exchange};
    const oc_card_slot slots[] = {{"card", OC_CARDS_USER, card, true},
                                  {"psam", OC_CARDS_SAM, card, true},
                                  {"none", OC_CARDS_CONTACTLESS, card, false}};
    oc_card_service *service = NULL;
    oc_card_client *clients[CLIENTS] = {NULL};
    static uint8_t room[OC_CARDS_BODY_MAX];
    FUZZ_DEMAND(oc_is_ok(oc_card_service_new(&service, slots, 3, NULL)));
    for (size_t i = 0; i < CLIENTS; i++) {
        renew(service, &clients[i]);
    }
    oc_rd rd = oc_rd_of(oc_span_of(data, size));
    while (rd.rest.len > 0) {
        uint8_t operation = oc_rd_u8(&rd);
        size_t who = operation >> 6;
        if (who < CLIENTS) {
            size_t len = operation & 0x3F;
            ask(service, &clients[who], oc_rd_bytes(&rd, len <= rd.rest.len ? len : rd.rest.len), room);
        } else if ((operation & 0x20) != 0) {
            renew(service, &clients[operation % CLIENTS]);
        } else {
            oc_card_service_present(service, operation % 5, (operation & 0x10) != 0);
        }
    }
    oc_card_service_free(&service);
    return 0;
}
