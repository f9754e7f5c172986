/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "reports/pairs.h"
#include "reports/plain_text.h"
#include "reports/reports.h"
#include "reports/untested.h"

/* A case of the vectors or an outcome of the record, under the requirement that it is about. */
struct link {
    size_t requirement; /* index */
    size_t order;
    const char *case_id;
    const char *pass; /* NULL: from the vectors */
    size_t rows;      /* of the vectors */
    enum oc_report_verdict verdict;
};

struct coverage {
    oc_plain_text text;
    oc_requirements requirements;
    oc_pairs pairs;
    oc_untested untested;
    oc_arena texts;   /* of the links of a record */
    const char *pass; /* of the last case, in `texts` */
    struct link *links;
    size_t count;
    size_t room;
    bool chinese;
    bool with_record;
};

static const char *say(const struct coverage *coverage, const char *english, const char *chinese)
{
    return coverage->chinese ? chinese : english;
}

static oc_result add_link(struct coverage *coverage, const struct link *link)
{
    if (coverage->count == coverage->room) {
        size_t room = coverage->room == 0 ? 512 : coverage->room * 2;
        struct link *more = realloc(coverage->links, room * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        coverage->links = more;
        coverage->room = room;
    }
    coverage->links[coverage->count] = *link;
    coverage->links[coverage->count].order = coverage->count;
    coverage->count++;
    return oc_ok();
}

/* Finds the requirement or adds it as one that no file knows. */
static oc_result index_of(struct coverage *coverage, const char *id, size_t *out)
{
    const oc_requirement *found = oc_requirements_find(&coverage->requirements, id);
    *out = found == NULL ? 0 : (size_t)(found - coverage->requirements.at);
    return found == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* With a record, its outcomes are listed instead of the cases. */
static oc_result take_case(struct coverage *coverage, const oc_covering *one)
{
    for (size_t i = 0; i < one->requirement_count; i++) {
        size_t requirement;
        OC_TRY(index_of(coverage, one->requirements[i], &requirement));
        OC_TRY(oc_pairs_declare(&coverage->pairs, requirement, one->condition));
        if (!coverage->with_record) {
            OC_TRY(add_link(coverage, &(struct link){.requirement = requirement, .case_id = one->case_id, .rows = 1}));
        }
    }
    return oc_ok();
}

/* Of each outcome only what is listed is kept. */
static oc_result take_outcome(void *self, const xmlNode *node, oc_diag *diag)
{
    (void)diag;
    struct coverage *coverage = self;
    const oc_result_case one = oc_result_case_of(node);
    const char *case_id = oc_arena_text(&coverage->texts, one.id);
    if (coverage->pass == NULL || strcmp(coverage->pass, one.pass) != 0) {
        coverage->pass = oc_arena_text(&coverage->texts, one.pass);
    }
    if (case_id == NULL || coverage->pass == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(oc_requirements_count_case(&coverage->requirements, &one));
    OC_TRY(oc_pairs_count_case(&coverage->pairs, &coverage->requirements, &one));
    OC_TRY(oc_untested_take_case(&coverage->untested, &coverage->requirements, &one));
    for (const xmlNode *req = oc_xml_child(node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        const char *id = req->children == NULL ? "" : (const char *)req->children->content;
        struct link link = {
            .case_id = case_id, .pass = coverage->pass, .verdict = oc_requirements_case_says(&one, id)};
        OC_TRY(index_of(coverage, id, &link.requirement));
        OC_TRY(add_link(coverage, &link));
    }
    return oc_ok();
}

static int compare_links(const void *a, const void *b)
{
    const struct link *left = a;
    const struct link *right = b;
    if (left->requirement != right->requirement) {
        return left->requirement < right->requirement ? -1 : 1;
    }
    return left->order < right->order ? -1 : 1;
}

/* The rows of a table stand as one, the first. */
static void unite_rows(struct coverage *coverage)
{
    size_t kept = 0;
    for (size_t i = 0; i < coverage->count; i++) {
        const struct link *link = &coverage->links[i];
        size_t same = kept;
        while (link->pass == NULL && same > 0 && coverage->links[same - 1].requirement == link->requirement &&
               strcmp(coverage->links[same - 1].case_id, link->case_id) != 0) {
            same--;
        }
        if (link->pass == NULL && same > 0 && coverage->links[same - 1].requirement == link->requirement) {
            coverage->links[same - 1].rows++;
        } else {
            coverage->links[kept++] = *link;
        }
    }
    coverage->count = kept;
}

static void put(struct coverage *coverage, const char *text, size_t columns)
{
    oc_plain_text_put(&coverage->text, text, columns, columns > 0);
}

static void put_head(struct coverage *coverage, const oc_requirement *requirement)
{
    enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
    FILE *out = coverage->text.out;
    put(coverage, requirement->id, 32);
    if (!requirement->known) {
        fprintf(out, " %s\n", say(coverage, "(in no requirement file)", "（要求文件中没有）"));
        return;
    }
    fputc(' ', out);
    put(coverage, requirement->level, 7);
    put(coverage, requirement->confidence, coverage->with_record ? 3 : 0);
    if (coverage->with_record) {
        put(coverage,
            oc_requirement_verdict(requirement, &verdict) ? oc_report_verdict_word(verdict, coverage->chinese)
                                                          : say(coverage, "not in this run", "本次运行未涉及"),
            15);
    }
    fputs("\n    ", out);
    put(coverage, coverage->chinese ? requirement->text_zh : requirement->text_en, 0);
    fputs("\n    ", out);
    put(coverage, requirement->doc, 0);
    fputs(", ", out);
    put(coverage, requirement->clause, 0);
    fputc('\n', out);
}

static void put_conditions(struct coverage *coverage, size_t requirement)
{
    FILE *out = coverage->text.out;
    bool first = true;
    for (size_t i = 0; i < coverage->pairs.count; i++) {
        const oc_pair *pair = &coverage->pairs.at[i];
        enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
        if (pair->requirement != requirement) {
            continue;
        }
        fputs(first ? say(coverage, "    conditions: ", "    条件：") : say(coverage, ", ", "，"), out);
        put(coverage, pair->condition, 0);
        if (oc_report_counts_verdict(&pair->counts, &verdict)) {
            fputc(' ', out);
            put(coverage, oc_report_verdict_word(verdict, coverage->chinese), 0);
        }
        first = false;
    }
    if (!first) {
        fputc('\n', out);
    }
}

static void put_requirement(struct coverage *coverage, size_t index, size_t first, size_t end)
{
    FILE *out = coverage->text.out;
    put_head(coverage, &coverage->requirements.at[index]);
    put_conditions(coverage, index);
    for (size_t i = first; i < end; i++) {
        const struct link *link = &coverage->links[i];
        fputs("      ", out);
        put(coverage, link->case_id, link->pass == NULL ? 0 : 44);
        if (link->pass != NULL) {
            fputc(' ', out);
            put(coverage, oc_report_verdict_word(link->verdict, coverage->chinese), 15);
            put(coverage, link->pass, 0);
        } else if (link->rows > 1) {
            fprintf(out, " (%zu%s)", link->rows, say(coverage, " rows", "行"));
        }
        fputc('\n', out);
    }
}

/* Known to a file, and no case of the record tried it; without a record, no case of the vectors is about it. */
static bool is_untested(const struct coverage *coverage, size_t index)
{
    const oc_requirement *requirement = &coverage->requirements.at[index];
    if (!requirement->known) {
        return false;
    }
    return coverage->with_record ? oc_requirement_untested(requirement)
                                 : oc_pairs_sum(&coverage->pairs, index).declared == 0;
}

/* Answers false where nobody says why. */
static bool put_reasons(struct coverage *coverage, size_t index)
{
    const oc_requirement *requirement = &coverage->requirements.at[index];
    const char *stated = coverage->chinese ? requirement->untested_zh : requirement->untested_en;
    FILE *out = coverage->text.out;
    bool any = stated[0] != '\0';
    if (any) {
        fputs("        ", out);
        put(coverage, stated, 0);
        fputc('\n', out);
    }
    for (size_t i = 0; i < coverage->untested.count; i++) {
        const oc_untested_reason *reason = &coverage->untested.at[i];
        if (reason->requirement == index) {
            fputs("        ", out);
            put(coverage, oc_report_verdict_word(reason->verdict, coverage->chinese), 0);
            fprintf(out, " (%zu): ", reason->cases);
            put(coverage, reason->text, 0);
            fputc('\n', out);
            any = true;
        }
    }
    return any;
}

static void put_untested(struct coverage *coverage, size_t *untested, size_t *unexplained)
{
    FILE *out = coverage->text.out;
    *untested = *unexplained = 0;
    for (size_t i = 0; i < coverage->requirements.count; i++) {
        const oc_requirement *requirement = &coverage->requirements.at[i];
        if (!is_untested(coverage, i)) {
            continue;
        }
        if ((*untested)++ == 0) {
            fprintf(out, "\n%s\n", say(coverage, "Untested requirements, and why:", "未测试的要求及原因："));
        }
        fputs("    ", out);
        put(coverage, requirement->id, 32);
        fputc(' ', out);
        put(coverage, requirement->level, 7);
        put(coverage, coverage->chinese ? requirement->text_zh : requirement->text_en, 0);
        fputc('\n', out);
        if (put_reasons(coverage, i)) {
            continue;
        }
        (*unexplained)++;
        bool has_case = oc_pairs_sum(&coverage->pairs, i).declared > 0;
        fprintf(out, "        %s\n",
                has_case ? say(coverage, "its cases are not in this run", "其用例不在本次运行中")
                         : say(coverage, "no case, and no reason stated", "没有用例，也未说明原因"));
    }
}

struct count {
    const char *english;
    const char *chinese;
    size_t number;
};

static void put_counts(struct coverage *coverage, const struct count *counts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fprintf(coverage->text.out, "%s%zu", say(coverage, counts[i].english, counts[i].chinese), counts[i].number);
    }
    fputc('\n', coverage->text.out);
}

static void put_all(struct coverage *coverage)
{
    FILE *out = coverage->text.out;
    size_t unknown = 0;
    size_t covered = 0;
    for (size_t i = 0, first = 0; i < coverage->requirements.count; i++) {
        size_t end = first;
        while (end < coverage->count && coverage->links[end].requirement == i) {
            end++;
        }
        put_requirement(coverage, i, first, end);
        covered += coverage->requirements.at[i].known && oc_pairs_sum(&coverage->pairs, i).declared > 0;
        unknown += !coverage->requirements.at[i].known;
        first = end;
    }
    size_t untested;
    size_t unexplained;
    put_untested(coverage, &untested, &unexplained);
    const struct count requirements[] = {{"Requirements: ", "要求：", coverage->requirements.count - unknown},
                                         {"; with a case: ", "；有用例：", covered},
                                         {"; untested: ", "；未测试：", untested},
                                         {", without a reason: ", "，其中未说明原因：", unexplained},
                                         {"; named by cases but in no file: ", "；用例引用但文件中没有：", unknown}};
    const oc_pair_sums sums = oc_pairs_sum(&coverage->pairs, OC_PAIRS_ALL);
    const struct count pairs[] = {
        {"Pairs of requirement and condition: declared: ", "要求与条件的组合：已声明：", sums.declared},
        {"; run: ", "；已执行：", sums.run},
        {"; passed: ", "；通过：", sums.passed}};
    fputc('\n', out);
    put_counts(coverage, requirements, sizeof requirements / sizeof requirements[0]);
    put_counts(coverage, pairs, coverage->with_record ? 3 : 1);
}

static oc_result gather(struct coverage *coverage, const oc_covering *cases, size_t case_count,
                        const char *result_path, oc_diag *diag)
{
    const oc_record_visitor visitor = {.self = coverage, .one = take_outcome};
    OC_TRY(oc_pairs_begin(&coverage->pairs));
    OC_TRY(oc_untested_begin(&coverage->untested));
    for (size_t i = 0; i < case_count; i++) {
        OC_TRY(take_case(coverage, &cases[i]));
    }
    if (result_path != NULL) {
        OC_TRY(oc_record_read(result_path, &visitor, diag));
    }
    oc_untested_finish(&coverage->untested, &coverage->requirements);
    oc_pairs_sort(&coverage->pairs);
    if (coverage->count > 1) {
        qsort(coverage->links, coverage->count, sizeof *coverage->links, compare_links);
    }
    unite_rows(coverage);
    return oc_ok();
}

oc_result oc_report_coverage(FILE *out, const char *requirements_folder, const oc_covering *cases, size_t case_count,
                             const char *result_path, const char *lang, oc_diag *diag)
{
    struct coverage coverage = {.chinese = lang != NULL && strncmp(lang, "zh", 2) == 0,
                                .with_record = result_path != NULL};
    oc_plain_text_begin(&coverage.text, out, false);
    oc_result r = oc_requirements_load(&coverage.requirements, requirements_folder, diag);
    if (oc_is_ok(r)) {
        r = gather(&coverage, cases, case_count, result_path, diag);
    }
    if (oc_is_ok(r)) {
        put_all(&coverage);
        if (ferror(out)) {
            r = oc_diag_fail(diag, OC_E_IO, "cannot write the coverage");
        }
    }
    oc_plain_text_end(&coverage.text);
    free(coverage.links);
    oc_arena_free(&coverage.texts);
    oc_untested_free(&coverage.untested);
    oc_pairs_free(&coverage.pairs);
    oc_requirements_free(&coverage.requirements);
    return r;
}
