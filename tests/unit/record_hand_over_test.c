/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdio.h>

#include "conformance/record/hand_over.h"
#include "tests/support/oc_test.h"

#define GIVERS 4
#define EACH 1500

/* Written by the queue's thread alone, read after settling. */
struct seen {
    long last[GIVERS];
    size_t count;
    size_t unsynced;
    size_t fails_at; /* 0: never */
    bool in_order;
};

static oc_result append(void *self, const oc_outcome *outcome, oc_diag *diag)
{
    struct seen *seen = self;
    size_t giver = outcome->rev;
    if (seen->count + 1 == seen->fails_at) {
        return oc_diag_fail(diag, OC_E_IO, "no room for %s", outcome->id);
    }
    seen->in_order = seen->in_order && giver < GIVERS && outcome->line == seen->last[giver] + 1;
    seen->last[giver] = outcome->line;
    seen->count++;
    seen->unsynced++;
    return oc_ok();
}

static oc_result sync_all(void *self, oc_diag *diag)
{
    struct seen *seen = self;
    (void)diag;
    seen->unsynced = 0;
    return oc_ok();
}

static oc_outcome outcome_of(unsigned giver, long number)
{
    oc_outcome outcome = {.rev = giver, .line = number};
    outcome.id = oc_arena_text(&outcome.arena, "CARD.HAND.01");
    return outcome;
}

struct giver {
    oc_hand_over *queue;
    unsigned number;
    bool failed;
};

static void *give(void *context)
{
    struct giver *giver = context;
    for (long i = 1; i <= EACH; i++) {
        oc_outcome outcome = outcome_of(giver->number, i);
        giver->failed = giver->failed || !oc_is_ok(oc_hand_over_give(giver->queue, &outcome, NULL));
        oc_outcome_free(&outcome);
    }
    return NULL;
}

static void all_arrive_in_the_order_of_each_giver(void)
{
    struct seen seen = {.in_order = true};
    oc_hand_over *queue = NULL;
    struct giver givers[GIVERS];
    pthread_t threads[GIVERS];
    OC_ASSERT_OK(oc_hand_over_new(&queue, (oc_hand_over_sink){&seen, append, sync_all}));
    for (unsigned i = 0; i < GIVERS; i++) {
        givers[i] = (struct giver){queue, i, false};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, give, &givers[i]), 0);
    }
    for (unsigned i = 0; i < GIVERS; i++) {
        CU_ASSERT_EQUAL(pthread_join(threads[i], NULL), 0);
        CU_ASSERT_FALSE(givers[i].failed);
    }
    OC_ASSERT_OK(oc_hand_over_settle(queue, NULL));
    CU_ASSERT_TRUE(seen.in_order);
    CU_ASSERT_EQUAL(seen.count, GIVERS * EACH);
    CU_ASSERT_EQUAL(seen.unsynced, 0);
    oc_hand_over_free(&queue);
    CU_ASSERT_PTR_NULL(queue);
}

static void settling_waits_for_few_and_for_none(void)
{
    struct seen seen = {.in_order = true};
    oc_hand_over *queue = NULL;
    OC_ASSERT_OK(oc_hand_over_new(&queue, (oc_hand_over_sink){&seen, append, sync_all}));
    OC_ASSERT_OK(oc_hand_over_settle(queue, NULL));
    for (long i = 1; i <= 3; i++) {
        oc_outcome outcome = outcome_of(0, i);
        OC_ASSERT_OK(oc_hand_over_give(queue, &outcome, NULL));
        CU_ASSERT_EQUAL(outcome.arena.blocks == NULL, i == 1); /* from the second on one comes back */
        oc_outcome_free(&outcome);
        OC_ASSERT_OK(oc_hand_over_settle(queue, NULL));
        CU_ASSERT_EQUAL(seen.count, (size_t)i);
        CU_ASSERT_EQUAL(seen.unsynced, 0);
    }
    oc_hand_over_free(&queue);
}

static void closing_settles(void)
{
    struct seen seen = {.in_order = true};
    oc_hand_over *queue = NULL;
    OC_ASSERT_OK(oc_hand_over_new(&queue, (oc_hand_over_sink){&seen, append, sync_all}));
    for (long i = 1; i <= 300; i++) {
        oc_outcome outcome = outcome_of(1, i);
        OC_ASSERT_OK(oc_hand_over_give(queue, &outcome, NULL));
        oc_outcome_free(&outcome);
    }
    oc_hand_over_free(&queue);
    CU_ASSERT_EQUAL(seen.count, 300);
    CU_ASSERT_EQUAL(seen.unsynced, 0);
}

static void a_failure_stays_with_its_reason(void)
{
    struct seen seen = {.in_order = true, .fails_at = 2};
    oc_diag diag = {0};
    oc_hand_over *queue = NULL;
    OC_ASSERT_OK(oc_hand_over_new(&queue, (oc_hand_over_sink){&seen, append, sync_all}));
    for (long i = 1; i <= 2; i++) {
        oc_outcome outcome = outcome_of(0, i);
        OC_ASSERT_OK(oc_hand_over_give(queue, &outcome, NULL));
        oc_outcome_free(&outcome);
    }
    OC_ASSERT_CODE(oc_hand_over_settle(queue, &diag), OC_E_IO);
    CU_ASSERT_STRING_EQUAL(diag.reason, "no room for CARD.HAND.01");
    oc_outcome late = outcome_of(0, 3);
    OC_ASSERT_CODE(oc_hand_over_give(queue, &late, NULL), OC_E_IO);
    CU_ASSERT_PTR_NOT_NULL(late.arena.blocks); /* still the caller's */
    oc_outcome_free(&late);
    CU_ASSERT_EQUAL(seen.count, 1);
    oc_hand_over_free(&queue);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"all arrive, in the order of each giver", all_arrive_in_the_order_of_each_giver},
        {"settling waits for few and for none", settling_waits_for_few_and_for_none},
        {"closing settles", closing_settles},
        {"a failure stays with its reason", a_failure_stays_with_its_reason},
        {NULL, NULL},
    };
    return oc_test_main("record: handing over", rows);
}
