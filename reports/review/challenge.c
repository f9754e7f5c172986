/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>
#include <time.h>

#include "reports/review/internal.h"
#include "sim/base/file.h"

#define PATH_ROOM 4096
#define SHOWN_MAX 20

#define SECTION OC_REVIEW_CHALLENGE

static oc_result say(struct oc_submission *to, enum oc_review_section section, bool asks, const char *en,
                     const char *zh)
{
    return oc_review_say(to, section, asks, en, zh);
}

struct difference {
    struct oc_submission *to;
    size_t missing, extra;
};

static oc_result tell_line(struct difference *difference, const char *line, bool missing)
{
    struct oc_submission *to = difference->to;
    size_t *count = missing ? &difference->missing : &difference->extra;
    size_t pass = strcspn(line, "\t");
    const char *one = line + pass + (line[pass] != '\0');
    int len = (int)strcspn(one, "\t");
    if (++*count > SHOWN_MAX) {
        return oc_ok();
    }
    return say(to, OC_REVIEW_PLAN, true,
               oc_arena_format(&to->arena, "%s: %.*s in %.*s", missing ? "demanded and missing" : "not demanded", len,
                               one, (int)pass, line),
               oc_arena_format(&to->arena, "%s：%.*s（%.*s）", missing ? "要求而缺少" : "未要求而多出", len, one,
                               (int)pass, line));
}

/* Both are sorted. */
static oc_result compare_plans(struct oc_submission *to, const oc_plan_lines *demanded, const oc_plan_lines *had)
{
    struct difference difference = {.to = to};
    size_t i = 0;
    size_t k = 0;
    while (i < demanded->count || k < had->count) {
        int order = i == demanded->count ? 1 : k == had->count ? -1 : strcmp(demanded->at[i], had->at[k]);
        if (order < 0) {
            OC_TRY(tell_line(&difference, demanded->at[i++], true));
        } else if (order > 0) {
            OC_TRY(tell_line(&difference, had->at[k++], false));
        } else {
            i++;
            k++;
        }
    }
    bool differs = difference.missing + difference.extra > 0;
    return say(to, OC_REVIEW_PLAN, differs,
               oc_arena_format(&to->arena, "%zu verdicts demanded, %zu missing, %zu not demanded", demanded->count,
                               difference.missing, difference.extra),
               oc_arena_format(&to->arena, "要求 %zu 个结论，缺少 %zu，多出 %zu", demanded->count, difference.missing,
                               difference.extra));
}

/* "R-20261122T093000Z-..." against "2026-11-22T09:30:00Z". */
static bool began_outside(const char *run_id, const char *issued, const char *expires)
{
    struct tm began = {0};
    struct tm from = {0};
    struct tm to = {0};
    return strptime(run_id, "R-%Y%m%dT%H%M%SZ-", &began) == NULL ||
           strptime(issued, "%Y-%m-%dT%H:%M:%SZ", &from) == NULL ||
           strptime(expires, "%Y-%m-%dT%H:%M:%SZ", &to) == NULL || timegm(&began) < timegm(&from) ||
           timegm(&began) > timegm(&to);
}

static oc_result judge_answer(struct oc_submission *to, const oc_challenge *challenge)
{
    bool same = strcasecmp(to->challenge_digest, oc_challenge_digest(challenge)) == 0 &&
                strcasecmp(to->nonce, oc_challenge_nonce(challenge)) == 0;
    bool seeded = to->seed == oc_challenge_seed(challenge);
    const char *ics = oc_challenge_ics(challenge);
    OC_TRY(say(to, SECTION, !same,
               same ? "the run answers this challenge"
                    : "the run does NOT answer this challenge: it is from before, or for another",
               same ? "测试应答的正是此质询" : "测试应答的不是此质询：或为旧测试，或为他用"));
    if (same && !seeded) {
        OC_TRY(
            say(to, SECTION, true, "its seed is not the one that follows from the challenge", "其种子并非由质询得出"));
    }
    if (began_outside(to->page.run_id, to->issued, to->expires)) {
        OC_TRY(say(to, SECTION, true, "it was not begun between issue and end of the challenge",
                   "测试不是在质询发出与失效之间开始的"));
    }
    if (strcasecmp(ics == NULL ? "" : ics, to->verification.evidence.ics_digest) != 0) {
        OC_TRY(say(to, SECTION, true, "its declaration is not the one that the challenge names",
                   "其被测品声明不是质询所指的那一份"));
    }
    return compare_plans(to, oc_challenge_plan(challenge), &to->verification.evidence.plan);
}

/* Nobody demanded anything: what could be left out was. */
static oc_result judge_without(struct oc_submission *to)
{
    static const char *const selecting[] = {" -k", " --filter", " -t", " --tag"};
    OC_TRY(say(to, SECTION, true, "the run answers no challenge: it may be one of many, made until one came out well",
               "测试未应答任何质询：可能是多次测试中挑选出的一次"));
    for (size_t i = 0; i < sizeof selecting / sizeof selecting[0]; i++) {
        if (strstr(to->command_line, selecting[i]) != NULL) {
            OC_TRY(say(to, OC_REVIEW_PLAN, true,
                       oc_arena_format(&to->arena, "cases were selected by hand:%s", selecting[i]),
                       oc_arena_format(&to->arena, "用例经人为挑选：%s", selecting[i])));
        }
    }
    return say(
        to, OC_REVIEW_PLAN, false,
        oc_arena_format(&to->arena, "%zu verdicts; nobody demanded a plan to compare them with",
                        to->verification.evidence.plan.count),
        oc_arena_format(&to->arena, "%zu 个结论；没有要求的计划可供对照", to->verification.evidence.plan.count));
}

static oc_result load(oc_challenge **out, const char *path, const oc_review_order *order, oc_diag *why, oc_diag *diag)
{
    char schema[PATH_ROOM];
    oc_trust *trust = NULL;
    OC_TRY(oc_file_join(schema, sizeof schema, order->data_folder, "reports/challenge/challenge.xsd"));
    if (order->ca_count > 0) {
        OC_TRY(oc_trust_new(&trust, order->ca_paths, order->ca_count, 0, diag));
    }
    oc_result r = oc_challenge_load(out, path, schema, trust, why);
    oc_trust_free(&trust);
    return r.code == OC_E_MEMORY || r.code == OC_E_CRYPTO ? r : oc_ok();
}

oc_result oc_submission_judge_challenge(struct oc_submission *to, const oc_review_order *order, oc_diag *diag)
{
    char own[PATH_ROOM];
    oc_challenge *challenge = NULL;
    oc_diag why = {0};
    if (to->nonce[0] == '\0' && order->challenge_path == NULL) {
        return judge_without(to);
    }
    OC_TRY(oc_file_join(own, sizeof own, to->page.folder, OC_BUNDLE_CHALLENGE));
    OC_TRY(load(&challenge, order->challenge_path == NULL ? own : order->challenge_path, order, &why, diag));
    if (challenge == NULL) {
        return say(to, SECTION, true, oc_arena_format(&to->arena, "the challenge cannot be relied on: %s", why.reason),
                   oc_arena_format(&to->arena, "质询不可信：%s", why.reason));
    }
    oc_result r = say(to, SECTION, false,
                      oc_arena_format(&to->arena, "of %s, issued %s, until %s, nonce %s", to->examiner, to->issued,
                                      to->expires, to->nonce),
                      oc_arena_format(&to->arena, "%s，%s 发出，%s 失效，随机数 %s", to->examiner, to->issued,
                                      to->expires, to->nonce));
    if (oc_is_ok(r)) {
        r = judge_answer(to, challenge);
    }
    oc_challenge_free(&challenge);
    return r;
}
