/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/soak/judge.h"

#include <stdlib.h>

#include "reports/latency/order.h"

#define WARM_SHARE 10
#define HEAP_SPREAD_MAX 0.01
#define BYTES_A_SESSION_MAX 0.5
#define HEAP_SLACK 16384.0
#define RESIDENT_GROWTH_MAX 0.02
#define RESIDENT_SLACK 1048576.0
#define DRIFT_MAX 0.05
#define CONFIDENCE 0.999
#define YARDSTICK_PARTS 1000000.0

const char *const rule_names[RULES] = {
    [RULE_HEAP] = "heap",       [RULE_RESIDENT] = "resident", [RULE_DESCRIPTORS] = "descriptors",
    [RULE_THREADS] = "threads", [RULE_DAEMON] = "daemon",     [RULE_DRIFT] = "drift",
};

typedef uint64_t taken(const gauge *block);

static uint64_t heap_of(const gauge *block)
{
    return block->heap;
}

static uint64_t resident_of(const gauge *block)
{
    return block->resident;
}

static uint64_t daemon_of(const gauge *block)
{
    return block->daemon_resident;
}

static uint64_t wall_of(const gauge *block)
{
    return block->p50_ns;
}

/* In millionths of a yardstick. */
static uint64_t cost_of(const gauge *block)
{
    return block->yard_ns == 0 ? 0 : (uint64_t)((double)block->cpu_ns * YARDSTICK_PARTS / (double)block->yard_ns);
}

struct spread {
    double low, median, high; /* bounds of the median; 0 where there are too few */
};

static struct spread spread_of(const gauge *blocks, size_t count, taken *take)
{
    uint64_t *sorted = malloc((count + 1) * sizeof *sorted);
    if (sorted == NULL || count == 0) {
        free(sorted);
        return (struct spread){0};
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = take(&blocks[i]);
    }
    oc_order_sort(sorted, count);
    oc_order_bounds bounds = oc_order_two_sided(count, 0.5, CONFIDENCE);
    struct spread spread = {.low = bounds.lower == 0 ? 0 : (double)sorted[bounds.lower - 1],
                            .median = (double)sorted[oc_order_rank(count, 0.5) - 1],
                            .high = bounds.upper == 0 ? 0 : (double)sorted[bounds.upper - 1]};
    free(sorted);
    return spread;
}

static bool grew(double first, double last)
{
    return last > first * (1 + RESIDENT_GROWTH_MAX) + RESIDENT_SLACK;
}

static void judge_heap(judgement *out, const gauge *blocks, size_t count, const struct spread thirds[2],
                       double sessions_between)
{
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (size_t i = out->warm; i < count; i++) {
        least = blocks[i].heap < least ? blocks[i].heap : least;
        most = blocks[i].heap > most ? blocks[i].heap : most;
    }
    out->heap_spread = (double)(most - least) / thirds[0].median;
    out->bytes_a_session = (thirds[1].median - thirds[0].median) / sessions_between;
    out->broken[RULE_HEAP] = out->heap_spread > HEAP_SPREAD_MAX ||
                             thirds[1].median - thirds[0].median > sessions_between * BYTES_A_SESSION_MAX + HEAP_SLACK;
}

static void judge_counts(judgement *out, const gauge *blocks, size_t count)
{
    const gauge *start = &blocks[out->warm];
    for (size_t i = out->warm; i < count; i++) {
        out->broken[RULE_DESCRIPTORS] |= blocks[i].descriptors > start->descriptors;
        out->broken[RULE_THREADS] |= blocks[i].threads > start->threads;
        out->broken[RULE_DAEMON] |= blocks[i].daemon_descriptors > start->daemon_descriptors;
    }
}

judgement judge(const gauge *blocks, size_t count, size_t sessions_a_block)
{
    judgement out = {.warm = count / WARM_SHARE};
    size_t third = (count - out.warm) / 3;
    const gauge *parts[2] = {blocks + out.warm, blocks + count - third};
    struct spread heap[2];
    struct spread resident[2];
    struct spread daemon[2];
    struct spread cost[2];
    struct spread wall[2];
    for (size_t i = 0; i < 2; i++) {
        heap[i] = spread_of(parts[i], third, heap_of);
        resident[i] = spread_of(parts[i], third, resident_of);
        daemon[i] = spread_of(parts[i], third, daemon_of);
        cost[i] = spread_of(parts[i], third, cost_of);
        wall[i] = spread_of(parts[i], third, wall_of);
    }
    judge_heap(&out, blocks, count, heap, (double)(parts[1] - parts[0]) * (double)sessions_a_block);
    judge_counts(&out, blocks, count);
    out.resident_growth = resident[1].median - resident[0].median;
    out.broken[RULE_RESIDENT] = grew(resident[0].median, resident[1].median);
    out.daemon_growth = daemon[1].median - daemon[0].median;
    out.broken[RULE_DAEMON] |= grew(daemon[0].median, daemon[1].median);
    out.drift = cost[1].median / cost[0].median;
    out.first_low = cost[0].low / YARDSTICK_PARTS;
    out.first_high = cost[0].high / YARDSTICK_PARTS;
    out.last_low = cost[1].low / YARDSTICK_PARTS;
    out.last_high = cost[1].high / YARDSTICK_PARTS;
    out.broken[RULE_DRIFT] = out.drift > 1 + DRIFT_MAX && cost[0].high > 0 && cost[1].low > cost[0].high;
    out.first_wall_ns = wall[0].median;
    out.last_wall_ns = wall[1].median;
    return out;
}
