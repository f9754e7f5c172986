/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "reports/review/internal.h"

/* What submissions may not have in common, and where they differ though they should not. */

struct meeting {
    struct oc_submission *of;
    const struct oc_submission *other;
    size_t same;
    const char *first; /* id of a case */
    oc_result r;
};

static void meet(void *payload, void *context, const xmlChar *link)
{
    struct meeting *meeting = context;
    if (xmlHashLookup(meeting->other->contents, link) != NULL) {
        meeting->same++;
        meeting->first = meeting->first == NULL ? payload : meeting->first;
    }
}

static oc_result say_replayed(struct oc_submission *of, const struct oc_submission *other)
{
    struct meeting meeting = {.of = of, .other = other};
    if (of->contents == NULL || other->contents == NULL) {
        return oc_ok();
    }
    xmlHashScan(of->contents, meet, &meeting);
    return meeting.same == 0
               ? oc_ok()
               : oc_review_say(of, OC_REVIEW_OTHERS, true,
                               oc_arena_format(&of->arena,
                                               "%zu of %zu traces are those of %s to the nanosecond, %s the first: "
                                               "replayed",
                                               meeting.same, of->content_count, other->page.folder, meeting.first),
                               oc_arena_format(&of->arena,
                                               "%zu/%zu 条踪迹与 %s 完全相同（精确到纳秒），首个为 %s：系重放",
                                               meeting.same, of->content_count, other->page.folder, meeting.first));
}

static oc_result say_same(struct oc_submission *of, const struct oc_submission *other)
{
    if (of->page.run_id[0] != '\0' && strcmp(of->page.run_id, other->page.run_id) == 0) {
        OC_TRY(oc_review_say(of, OC_REVIEW_OTHERS, true,
                             oc_arena_format(&of->arena, "the same run id as %s", other->page.folder),
                             oc_arena_format(&of->arena, "与 %s 的测试编号相同", other->page.folder)));
    }
    if (of->has_record && other->has_record && of->nonce[0] != '\0' && strcasecmp(of->nonce, other->nonce) == 0) {
        OC_TRY(oc_review_say(
            of, OC_REVIEW_OTHERS, true,
            oc_arena_format(&of->arena, "the same nonce as %s: one challenge was answered twice", other->page.folder),
            oc_arena_format(&of->arena, "与 %s 的随机数相同：同一质询被应答两次", other->page.folder)));
    }
    return say_replayed(of, other);
}

static const struct oc_review_module *module_of(const struct oc_submission *other, const char *path)
{
    for (size_t i = 0; i < other->module_count; i++) {
        if (strcmp(other->modules[i].path, path) == 0) {
            return &other->modules[i];
        }
    }
    return NULL;
}

/* Both loaded a file of that name, and it is not the same one. */
static oc_result say_modules(struct oc_submission *of, const struct oc_submission *other)
{
    for (size_t i = 0; i < of->module_count; i++) {
        const struct oc_review_module *module = &of->modules[i];
        const struct oc_review_module *there = module_of(other, module->path);
        bool known = i > 0 && strcmp(of->modules[i - 1].path, module->path) == 0;
        if (there == NULL || known || strcasecmp(there->sha256, module->sha256) == 0) {
            continue;
        }
        OC_TRY(oc_review_say(
            of, OC_REVIEW_OTHERS, true,
            oc_arena_format(&of->arena, "%s is another file than in %s", module->path, other->page.folder),
            oc_arena_format(&of->arena, "%s 与 %s 中的不是同一文件", module->path, other->page.folder)));
    }
    return oc_ok();
}

oc_result oc_submissions_compare(struct oc_submission *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (i != k) {
                OC_TRY(say_same(&at[i], &at[k]));
                OC_TRY(say_modules(&at[i], &at[k]));
            }
        }
    }
    return oc_ok();
}
