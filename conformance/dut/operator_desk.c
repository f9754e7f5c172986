/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/operator_desk.h"

#include <unistd.h>

#include "sim/base/clock.h"

/* How often the cards are looked at while nobody types. */
#define LOOK_MS 50

oc_result oc_desk_init(oc_desk *desk)
{
    return oc_lines_init(&desk->lines, desk->in);
}

void oc_desk_free(oc_desk *desk)
{
    oc_lines_free(&desk->lines);
    if (desk->owns) {
        close(desk->in);
        if (desk->out != desk->in) {
            close(desk->out);
        }
    }
}

oc_result oc_desk_say(const oc_desk *desk, const char *text)
{
    return oc_write_all(desk->out, oc_span_text(text), oc_deadline_in(desk->wait_ms));
}

static oc_card_sight look(const oc_desk *desk)
{
    oc_card_sight sight = {0};
    if (desk->watch.look != NULL) {
        desk->watch.look(desk->watch.context, &sight);
    }
    return sight;
}

struct waiting {
    const char *after_use;
    bool until_powered;
    oc_card_sight before;
    uint64_t since_ns;
};

/* What the cards have to do with the wait. True when it is over. */
static bool is_over(oc_desk *desk, struct waiting *waiting)
{
    oc_card_sight now = look(desk);
    if (now.count == waiting->before.count) {
        return false;
    }
    waiting->since_ns = now.last_ns > waiting->since_ns ? now.last_ns : waiting->since_ns;
    if (waiting->until_powered && now.powered > waiting->before.powered) {
        return true;
    }
    uint64_t quiet_ns = (uint64_t)desk->quiet_ms * 1000000u;
    if (waiting->after_use != NULL && oc_clock_now_ns() >= now.last_ns + quiet_ns) {
        oc_result ignored = oc_desk_say(desk, waiting->after_use);
        (void)ignored; /* who cannot read it, cannot answer */
        waiting->after_use = NULL;
    }
    return false;
}

static oc_result wait_for(oc_desk *desk, struct waiting *waiting, enum oc_desk_event *event, oc_span *line)
{
    uint64_t whole_ns = (uint64_t)desk->wait_ms * 1000000u;
    for (;;) {
        uint64_t end = waiting->since_ns + whole_ns;
        uint64_t next = oc_deadline_in(LOOK_MS);
        oc_result r = oc_lines_next(&desk->lines, next < end ? next : end, line);
        if (oc_is_ok(r)) {
            *event = OC_DESK_LINE;
            return r;
        }
        if (r.code != OC_E_TIMEOUT) {
            return r;
        }
        if (is_over(desk, waiting)) {
            *event = OC_DESK_POWERED;
            return oc_ok();
        }
        if (oc_clock_now_ns() >= waiting->since_ns + whole_ns) {
            return r;
        }
    }
}

oc_result oc_desk_ask(oc_desk *desk, const char *question, const char *after_use, bool until_powered,
                      enum oc_desk_event *event, oc_span *line, oc_breach *breach)
{
    struct waiting waiting = {
        .after_use = after_use, .until_powered = until_powered, .before = look(desk), .since_ns = oc_clock_now_ns()};
    *event = OC_DESK_NOTHING;
    oc_result r = oc_desk_say(desk, question);
    if (oc_is_ok(r)) {
        r = wait_for(desk, &waiting, event, line);
    }
    if (oc_is_ok(r)) {
        desk->silent = 0;
        return r;
    }
    desk->silent++;
    desk->gone = r.code != OC_E_TIMEOUT || desk->silent >= OC_OPERATOR_SILENT_MAX;
    if (r.code == OC_E_TIMEOUT) {
        oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator did nothing for %d s", desk->wait_ms / 1000);
        r = oc_desk_say(desk, "\n   超时，跳过 / too late: skipped\n");
    } else {
        oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator has left");
    }
    bool his = r.code == OC_E_TIMEOUT || r.code == OC_E_GONE || r.code == OC_E_LIMIT;
    desk->gone = desk->gone || his;
    return his ? oc_ok() : r;
}

oc_result oc_desk_wake(oc_desk *desk, bool *there, oc_breach *breach)
{
    static const char question[] = "\n   上一步已超时。准备好后输入 ok 回车\n"
                                   "   The last step was given up. Type ok when you are there: ";
    enum oc_desk_event event = OC_DESK_LINE;
    oc_span line;
    *there = desk->silent == 0;
    for (unsigned tries = 0; !*there && event != OC_DESK_NOTHING && tries < OC_OPERATOR_WRONG_MAX; tries++) {
        OC_TRY(oc_desk_ask(desk, tries == 0 ? question : "", NULL, false, &event, &line, breach));
        *there = event == OC_DESK_LINE && oc_span_equal(line, oc_span_text("ok"));
    }
    if (!*there) {
        desk->silent += event == OC_DESK_NOTHING ? 0 : 1;
        oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator is not back");
    }
    return oc_ok();
}
