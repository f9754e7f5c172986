/* SPDX-License-Identifier: Apache-2.0 */
/* How a card is seated in a reader that looks only now and then: with a daemon, a vpcd card and a clock of this test's
 * own, so that a look that is missed can be had when it is wanted. */
#define oc_clock_now_ns fake_now_ns
#include "conformance/run/slots.c"

#include "tests/support/oc_test.h"

#define LOOK_MS 400 /* as pcscd looks at a vpcd reader */
#define MS 1000000u

/* The daemon sees what is in the reader when it looks, and counts what changed. */
static struct daemon {
    uint64_t now_ns;
    uint64_t next_look_ns;
    bool plugged;
    bool seen;
    unsigned events;
    unsigned starts;
    unsigned blind;      /* so many cards that come are not seen until they come again */
    bool this_one_blind; /* the card that is in the reader now */
    uint64_t stopped_ns;
    uint64_t out_for_ns; /* how long the card was out before it came last */
    bool command_failed; /* taking the card out counted as an event at once, before any look */
} daemon_;

uint64_t fake_now_ns(void)
{
    return daemon_.now_ns;
}

void oc_wait_ms(uint32_t ms)
{
    daemon_.now_ns += (uint64_t)ms * MS;
    while (daemon_.next_look_ns <= daemon_.now_ns) {
        bool there = daemon_.plugged && !daemon_.this_one_blind;
        daemon_.events += there != daemon_.seen;
        daemon_.seen = there;
        daemon_.next_look_ns += LOOK_MS * MS;
    }
}

oc_result oc_pcsc_look(oc_pcsc_reader *out, const char *wanted, oc_diag *diag)
{
    (void)diag;
    *out = (oc_pcsc_reader){.present = daemon_.seen, .events = daemon_.events};
    snprintf(out->name, sizeof out->name, "%s", wanted);
    return oc_ok();
}

const char *oc_private_pcscd_reader(const oc_private_pcscd *pcscd, unsigned slot)
{
    (void)pcscd;
    return slot == 0 ? "Reader 0" : "Reader 1";
}

unsigned oc_private_pcscd_port(const oc_private_pcscd *pcscd, unsigned slot)
{
    (void)pcscd;
    return 1 + slot;
}

static int plugged_card; /* what a vpcd card is to this test: its address */

oc_result oc_vpcd_card_start(oc_vpcd_card **out, oc_endpoint card, unsigned port, oc_diag *diag)
{
    (void)card;
    (void)port;
    (void)diag;
    *out = (void *)&plugged_card;
    daemon_.plugged = true;
    daemon_.starts++;
    daemon_.out_for_ns = daemon_.now_ns - daemon_.stopped_ns;
    daemon_.this_one_blind = daemon_.blind > 0;
    daemon_.blind -= daemon_.blind > 0;
    return oc_ok();
}

void oc_vpcd_card_stop(oc_vpcd_card **card)
{
    if (*card == NULL) {
        return;
    }
    *card = NULL;
    daemon_.plugged = false;
    daemon_.stopped_ns = daemon_.now_ns;
    daemon_.events += daemon_.command_failed;
}

void oc_vpcd_card_lock(oc_vpcd_card *card)
{
    (void)card;
}

void oc_vpcd_card_unlock(oc_vpcd_card *card)
{
    (void)card;
}

static oc_result never_called(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    (void)command;
    (void)response;
    return oc_fail(OC_E_INTERNAL);
}

/* One card, in the first reader. */
static oc_result start(oc_slots **slots, unsigned blind, oc_diag *diag)
{
    static const oc_endpoint cards[OC_SLOT_COUNT] = {{.exchange = never_called}};
    static char pcscd;
    daemon_ = (struct daemon){.next_look_ns = LOOK_MS * MS, .blind = blind};
    return oc_slots_start(slots, cards, (const oc_private_pcscd *)(void *)&pcscd, NULL, false, diag);
}

static void a_card_that_is_seen_is_seated_once(void)
{
    oc_slots *slots = NULL;
    OC_ASSERT_OK(start(&slots, 0, NULL));
    CU_ASSERT_EQUAL(daemon_.starts, 1);
    CU_ASSERT_TRUE(daemon_.seen);
    OC_ASSERT_OK(oc_slots_present(slots, OC_SLOT_CARD, true, NULL)); /* it is there already */
    CU_ASSERT_EQUAL(daemon_.starts, 1);
    OC_ASSERT_OK(oc_slots_present(slots, OC_SLOT_PSAM, true, NULL)); /* there is none */
    CU_ASSERT_EQUAL(daemon_.starts, 1);
    OC_ASSERT_OK(oc_slots_present(slots, OC_SLOT_CARD, false, NULL));
    CU_ASSERT_FALSE(daemon_.seen);
    OC_ASSERT_OK(oc_slots_present(slots, OC_SLOT_CARD, true, NULL));
    CU_ASSERT_EQUAL(daemon_.starts, 2);
    CU_ASSERT_TRUE(daemon_.seen);
    oc_slots_stop(&slots);
}

static void a_card_that_nobody_saw_is_seated_again(void)
{
    for (unsigned blind = 1; blind <= 3; blind++) {
        oc_slots *slots = NULL;
        OC_ASSERT_OK(start(&slots, blind, NULL));
        CU_ASSERT_EQUAL(daemon_.starts, blind + 1);
        CU_ASSERT_TRUE(daemon_.seen);
        CU_ASSERT(daemon_.out_for_ns >= (uint64_t)LOOK_MS * MS); /* a look fell into the time it was out */
        oc_slots_stop(&slots);
    }
}

static void a_reader_that_never_looks_is_named(void)
{
    oc_slots *slots = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(start(&slots, 1000, &diag), OC_E_TIMEOUT);
    CU_ASSERT_STRING_EQUAL(diag.reason, "the reader Reader 0 did not see the card come within 20 s");
    CU_ASSERT(daemon_.starts > 1 && daemon_.starts <= NOTICE_MS / SEEN_MS);
    CU_ASSERT_FALSE(daemon_.plugged);
    CU_ASSERT_PTR_NULL(slots);
}

/* A command that failed as the card went counts as an event; the daemon has not looked yet. */
static void a_failed_command_is_no_look(void)
{
    oc_slots *slots = NULL;
    OC_ASSERT_OK(start(&slots, 0, NULL));
    daemon_.command_failed = true;
    oc_slots_lost(slots, OC_SLOT_CARD);
    daemon_.command_failed = false;
    CU_ASSERT_TRUE(daemon_.seen);
    OC_ASSERT_OK(oc_slots_present(slots, OC_SLOT_CARD, true, NULL));
    CU_ASSERT(daemon_.out_for_ns >= (uint64_t)OUT_MS * MS);
    CU_ASSERT_EQUAL(daemon_.starts, 2);
    CU_ASSERT_TRUE(daemon_.seen);
    oc_slots_stop(&slots);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a card that is seen is seated once", a_card_that_is_seen_is_seated_once},
        {"a card that nobody saw is seated again", a_card_that_nobody_saw_is_seated_again},
        {"a reader that never looks is named", a_reader_that_never_looks_is_named},
        {"a failed command is no look", a_failed_command_is_no_look},
        {NULL, NULL},
    };
    return oc_test_main("slots", rows);
}
