/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <strings.h>

#include "reports/review/internal.h"
#include "sim/base/clock.h"
#include "sim/base/random.h"

#define SHOWN_MAX 20
#define PPM_MAX 200.0      /* NTP steers by 500 at most; a machine that is off by this much is worth a question */
#define CLOCK_SLACK_S 30.0 /* between the times of day and the clock that nobody sets */

static oc_result say_bundle(struct oc_submission *to)
{
    OC_TRY(oc_review_say(to, OC_REVIEW_BUNDLE, !to->verification.verified,
                         to->verification.verified ? "verified" : "NOT verified",
                         to->verification.verified ? "核验通过" : "核验不通过"));
    for (unsigned i = 0; i < OC_CHECK_COUNT; i++) {
        const oc_check_result *check = &to->verification.checks[i];
        if (check->state == OC_CHECK_BAD) {
            OC_TRY(oc_review_say(to, OC_REVIEW_BUNDLE, true,
                                 oc_arena_format(&to->arena, "%s: %s %s", oc_check_words((enum oc_check)i, "en"),
                                                 check->file, check->reason),
                                 oc_arena_format(&to->arena, "%s：%s %s", oc_check_words((enum oc_check)i, "zh"),
                                                 check->file, check->reason)));
        }
    }
    for (size_t i = 0; i < to->verification.signers.count; i++) {
        const oc_cms_signer *signer = &to->verification.signers.at[i];
        OC_TRY(oc_review_say(to, OC_REVIEW_BUNDLE, false, oc_arena_format(&to->arena, "signed by %s", signer->subject),
                             oc_arena_format(&to->arena, "签名者 %s", signer->subject)));
    }
    return oc_ok();
}

static oc_result say_run(struct oc_submission *to)
{
    const struct {
        bool asks;
        const char *en, *zh;
    } lines[] = {
        {!to->verification.evidence.official, "not a run of record (--official)", "不是正式测试（--official）"},
        {to->resumes > 0, "it was stopped and continued: what happened in between, nobody recorded",
         "测试曾中断并继续：其间发生的事没有记录"},
        {to->interrupted, "it was interrupted", "测试被中断"},
        {to->build[0] == '\0' || to->build[strlen(to->build) - 1] == '+' || strcmp(to->build, "unknown") == 0,
         "the program was not built from a state that can be named", "程序不是由可指名的版本构建的"},
        {to->ics_id[0] == '\0', "the item under test is not declared", "被测品未声明"},
    };
    OC_TRY(oc_review_say(to, OC_REVIEW_RUN, false,
                         oc_arena_format(&to->arena, "%s %s %s, %s to %s, exit code %s, build %s", to->vendor,
                                         to->model, to->serial, to->started, to->ended, to->exit_code, to->build),
                         oc_arena_format(&to->arena, "%s %s %s，%s 至 %s，退出码 %s，版本 %s", to->vendor, to->model,
                                         to->serial, to->started, to->ended, to->exit_code, to->build)));
    OC_TRY(oc_review_say(to, OC_REVIEW_RUN, false, to->command_line, to->command_line));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].asks) {
            OC_TRY(oc_review_say(to, OC_REVIEW_RUN, true, lines[i].en, lines[i].zh));
        }
    }
    return to->amends[0] == '\0'
               ? oc_ok()
               : oc_review_say(to, OC_REVIEW_RUN, true, oc_arena_format(&to->arena, "it replaces %s", to->amends),
                               oc_arena_format(&to->arena, "本次取代 %s", to->amends));
}

static oc_result say_list(struct oc_submission *to, enum oc_review_section section, const struct oc_review_texts *list,
                          const char *en, const char *zh)
{
    OC_TRY(oc_review_say(to, section, list->count > 0, oc_arena_format(&to->arena, "%s: %zu", en, list->count),
                         oc_arena_format(&to->arena, "%s：%zu", zh, list->count)));
    for (size_t i = 0; i < list->count && i < SHOWN_MAX; i++) {
        OC_TRY(oc_review_say(to, section, true, list->at[i], list->at[i]));
    }
    return list->count <= SHOWN_MAX
               ? oc_ok()
               : oc_review_say(to, section, true,
                               oc_arena_format(&to->arena, "... and %zu more", list->count - SHOWN_MAX),
                               oc_arena_format(&to->arena, "……另有 %zu 条", list->count - SHOWN_MAX));
}

static oc_result say_lists(struct oc_submission *to)
{
    OC_TRY(say_list(to, OC_REVIEW_PLAN, &to->not_run, "planned and not run", "计划内而未执行"));
    OC_TRY(say_list(to, OC_REVIEW_ICS, &to->excluded, "not applicable because not declared", "因未声明而不适用"));
    OC_TRY(say_list(to, OC_REVIEW_VERDICTS, &to->failures, "failures and errors", "不合格与错误"));
    OC_TRY(say_list(to, OC_REVIEW_VERDICTS, &to->deviations, "deviations", "偏离"));
    OC_TRY(say_list(to, OC_REVIEW_VERDICTS, &to->undecided, "undecided", "无结论"));
    OC_TRY(say_list(to, OC_REVIEW_WAIVERS, &to->waivers, "waivers", "豁免"));
    return say_list(to, OC_REVIEW_WAIVERS, &to->waived, "failures that are waived", "被豁免的不合格");
}

static oc_result say_clocks(struct oc_submission *to)
{
    oc_clock began;
    oc_clock ended;
    double ppm = strtod(to->clock_ppm, NULL);
    double measured = strtod(to->clock_ns, NULL) / 1e9;
    bool is_fast = strcmp(to->clock_source, "tsc") == 0 || strcmp(to->clock_source, "arch_sys_counter") == 0;
    OC_TRY(oc_review_say(
        to, OC_REVIEW_CLOCKS, !is_fast,
        oc_arena_format(&to->arena, "clock source %s, greatest gap %s ns", to->clock_source, to->clock_gap_ns),
        oc_arena_format(&to->arena, "时钟源 %s，最大间隔 %s 纳秒", to->clock_source, to->clock_gap_ns)));
    OC_TRY(oc_review_say(to, OC_REVIEW_CLOCKS, to->clock_ppm[0] == '\0' || ppm > PPM_MAX || ppm < -PPM_MAX,
                         to->clock_ppm[0] == '\0' ? "the clock was not calibrated"
                                                  : oc_arena_format(&to->arena, "calibration: %s ppm", to->clock_ppm),
                         to->clock_ppm[0] == '\0' ? "时钟未校准"
                                                  : oc_arena_format(&to->arena, "校准：%s ppm", to->clock_ppm)));
    if (to->resumes > 0 || measured <= 0 || !oc_is_ok(oc_clock_parse(&began, to->started)) ||
        !oc_is_ok(oc_clock_parse(&ended, to->ended))) {
        return oc_ok();
    }
    double told = (double)(ended.seconds - began.seconds);
    bool was_set = told - measured > CLOCK_SLACK_S || measured - told > CLOCK_SLACK_S;
    return !was_set ? oc_ok()
                    : oc_review_say(to, OC_REVIEW_CLOCKS, true,
                                    oc_arena_format(&to->arena,
                                                    "the time of day was set during the run: %.0f s by it, %.0f s "
                                                    "measured",
                                                    told, measured),
                                    oc_arena_format(&to->arena, "测试期间时间被调整：按日时 %.0f 秒，实测 %.0f 秒",
                                                    told, measured));
}

static oc_result say_driver(struct oc_submission *to)
{
    for (size_t i = 0; i < to->drivers.count; i++) {
        bool swapped = to->library[0] != '\0' && strcasecmp(to->library, to->drivers.at[i]) != 0;
        OC_TRY(
            oc_review_say(to, OC_REVIEW_ITEM, swapped || to->library[0] == '\0',
                          oc_arena_format(&to->arena, "driver %s: %s", to->drivers.at[i],
                                          swapped                  ? "NOT the library that is declared"
                                          : to->library[0] == '\0' ? "the declaration does not say which library it is"
                                                                   : "the one that is declared"),
                          oc_arena_format(&to->arena, "驱动 %s：%s", to->drivers.at[i],
                                          swapped                  ? "不是所声明的库"
                                          : to->library[0] == '\0' ? "声明未说明是哪个库"
                                                                   : "即所声明的库")));
    }
    if (to->drivers.count > 0 && to->module_count == 0) {
        OC_TRY(oc_review_say(to, OC_REVIEW_ITEM, true, "the record does not tell what was loaded with it",
                             "记录未说明随其加载了什么"));
    }
    return oc_ok();
}

static oc_result say_module(struct oc_submission *to, const struct oc_review_module *module)
{
    bool is_driver = strcmp(module->place, "item") == 0;
    bool is_foreign = strcmp(module->place, "other") == 0;
    bool replaced = is_driver && to->drivers.count > 0;
    for (size_t i = 0; i < to->drivers.count; i++) {
        replaced = replaced && strcasecmp(module->sha256, to->drivers.at[i]) != 0;
    }
    if (replaced) {
        return oc_review_say(
            to, OC_REVIEW_ITEM, true,
            oc_arena_format(&to->arena, "%s: what was loaded is NOT what was there when the pass began: %s",
                            module->path, module->sha256),
            oc_arena_format(&to->arena, "%s：加载的不是开始时的库：%s", module->path, module->sha256));
    }
    return !is_foreign ? oc_ok()
                       : oc_review_say(to, OC_REVIEW_ITEM, true,
                                       oc_arena_format(&to->arena, "foreign module %s, SHA-256 %s", module->path,
                                                       module->sha256[0] == '\0' ? "not known" : module->sha256),
                                       oc_arena_format(&to->arena, "外来模块 %s，SHA-256 %s", module->path,
                                                       module->sha256[0] == '\0' ? "未知" : module->sha256));
}

static oc_result say_modules(struct oc_submission *to)
{
    OC_TRY(say_driver(to));
    for (size_t i = 0; i < to->module_count; i++) {
        OC_TRY(say_module(to, &to->modules[i]));
    }
    return to->module_count == 0 ? oc_ok()
                                 : oc_review_say(to, OC_REVIEW_ITEM, false,
                                                 oc_arena_format(&to->arena, "%zu modules in all", to->module_count),
                                                 oc_arena_format(&to->arena, "共 %zu 个模块", to->module_count));
}

/* Without putting back: each case once. Reorders `lines`, of which there is at least one left. */
static oc_result draw(oc_random *random, const char **lines, size_t count, const char **out)
{
    uint8_t bytes[4];
    OC_TRY(oc_random_bytes(random, bytes, sizeof bytes));
    uint64_t number = (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
    size_t drawn = (size_t)(number * count >> 32);
    *out = lines[drawn];
    lines[drawn] = lines[count - 1];
    return oc_ok();
}

static oc_result say_drawn(struct oc_submission *to, const oc_review_order *order, const char **lines, size_t count)
{
    oc_random random;
    char label[96];
    snprintf(label, sizeof label, "review/%.80s", to->page.run_id);
    oc_random_init(&random, order->seed, label);
    for (size_t i = 0; i < order->sample && i < count; i++) {
        const char *line = NULL;
        OC_TRY(draw(&random, lines, count - i, &line));
        size_t pass = strcspn(line, "\t");
        const char *one = line + pass + (line[pass] != '\0');
        const char *text = oc_arena_format(&to->arena, "%.*s [%.*s]", (int)strcspn(one, "\t"), one, (int)pass, line);
        OC_TRY(oc_review_say(to, OC_REVIEW_SAMPLE, false, text, text));
    }
    return oc_ok();
}

static oc_result say_sample(struct oc_submission *to, const oc_review_order *order)
{
    const oc_plan_lines *plan = &to->verification.evidence.plan;
    OC_TRY(oc_review_say(to, OC_REVIEW_SAMPLE, false,
                         oc_arena_format(&to->arena, "drawn with --seed %llu", (unsigned long long)order->seed),
                         oc_arena_format(&to->arena, "抽样种子 --seed %llu", (unsigned long long)order->seed)));
    const char **lines = calloc(plan->count + 1, sizeof *lines);
    if (lines == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < plan->count; i++) {
        lines[i] = plan->at[i];
    }
    oc_result r = say_drawn(to, order, lines, plan->count);
    free(lines);
    return r;
}

oc_result oc_submission_judge(struct oc_submission *to, const oc_review_order *order, oc_diag *diag)
{
    OC_TRY(say_bundle(to));
    if (!to->has_record || to->verification.evidence.run_id == NULL) {
        return oc_review_say(to, OC_REVIEW_RUN, true, "there is no record that can be read", "没有可读的结果记录");
    }
    OC_TRY(say_run(to));
    OC_TRY(oc_submission_judge_challenge(to, order, diag));
    OC_TRY(say_lists(to));
    OC_TRY(say_clocks(to));
    OC_TRY(say_modules(to));
    return say_sample(to, order);
}
