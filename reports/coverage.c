/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "reports/plain_text.h"
#include "reports/reports.h"
#include "reports/vectors.h"

/* A case of the vectors or an outcome of the record, under the requirement that it is about. */
struct link {
    size_t requirement; /* index */
    size_t order;
    const char *case_id;
    const char *pass; /* NULL: from the vectors */
    enum oc_report_verdict verdict;
};

struct coverage {
    oc_plain_text text;
    oc_requirements requirements;
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

static struct link *add_link(struct coverage *coverage, const char *requirement)
{
    oc_requirement *found = oc_requirements_find(&coverage->requirements, requirement);
    if (found == NULL) {
        return NULL;
    }
    if (coverage->count == coverage->room) {
        size_t room = coverage->room == 0 ? 512 : coverage->room * 2;
        struct link *more = realloc(coverage->links, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        coverage->links = more;
        coverage->room = room;
    }
    struct link *link = &coverage->links[coverage->count];
    *link = (struct link){.requirement = (size_t)(found - coverage->requirements.at), .order = coverage->count};
    coverage->count++;
    return link;
}

static oc_result take_vector(void *self, const char *requirement, const char *case_id, oc_diag *diag)
{
    (void)diag;
    struct coverage *coverage = self;
    oc_requirement *found = oc_requirements_find(&coverage->requirements, requirement);
    if (found == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    found->vector_cases++;
    if (coverage->with_record) {
        return oc_ok(); /* the record's outcomes are listed instead */
    }
    struct link *link = add_link(coverage, requirement);
    if (link == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    link->case_id = oc_arena_text(&coverage->requirements.arena, case_id);
    return link->case_id == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result take_record(struct coverage *coverage, const oc_result_record *record)
{
    OC_TRY(oc_requirements_count(&coverage->requirements, record));
    for (size_t i = 0; i < record->case_count; i++) {
        const oc_result_case *one = &record->cases[i];
        for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
            const char *id = req->children == NULL ? "" : (const char *)req->children->content;
            struct link *link = add_link(coverage, id);
            if (link == NULL) {
                return oc_fail(OC_E_MEMORY);
            }
            link->case_id = one->id;
            link->pass = one->pass;
            link->verdict = oc_requirements_case_says(one, id);
        }
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
    fputc('\n', out);
    fputs("    ", out);
    put(coverage, coverage->chinese ? requirement->text_zh : requirement->text_en, 0);
    fputs("\n    ", out);
    put(coverage, requirement->doc, 0);
    fputs(", ", out);
    put(coverage, requirement->clause, 0);
    fputc('\n', out);
}

static void put_requirement(struct coverage *coverage, size_t index, size_t first, size_t end)
{
    FILE *out = coverage->text.out;
    put_head(coverage, &coverage->requirements.at[index]);
    for (size_t i = first; i < end; i++) {
        const struct link *link = &coverage->links[i];
        fputs("      ", out);
        put(coverage, link->case_id, link->pass == NULL ? 0 : 44);
        if (link->pass != NULL) {
            fputc(' ', out);
            put(coverage, oc_report_verdict_word(link->verdict, coverage->chinese), 15);
            put(coverage, link->pass, 0);
        }
        fputc('\n', out);
    }
}

static void put_all(struct coverage *coverage)
{
    FILE *out = coverage->text.out;
    size_t covered = 0;
    size_t unknown = 0;
    for (size_t i = 0, first = 0; i < coverage->requirements.count; i++) {
        size_t end = first;
        while (end < coverage->count && coverage->links[end].requirement == i) {
            end++;
        }
        put_requirement(coverage, i, first, end);
        covered += coverage->requirements.at[i].known && coverage->requirements.at[i].vector_cases > 0;
        unknown += !coverage->requirements.at[i].known;
        first = end;
    }
    size_t known = coverage->requirements.count - unknown;
    if (known > covered) {
        fprintf(out, "\n%s\n", say(coverage, "Requirements without a case:", "没有用例的要求："));
    }
    for (size_t i = 0; i < coverage->requirements.count; i++) {
        const oc_requirement *requirement = &coverage->requirements.at[i];
        if (requirement->known && requirement->vector_cases == 0) {
            fputs("    ", out);
            put(coverage, requirement->id, 32);
            fputc(' ', out);
            put(coverage, requirement->level, 7);
            put(coverage, coverage->chinese ? requirement->text_zh : requirement->text_en, 0);
            fputc('\n', out);
        }
    }
    fprintf(out, "\n%s%zu%s%zu%s%zu%s%zu\n", say(coverage, "Requirements: ", "要求："), known,
            say(coverage, "; with a case: ", "；有用例："), covered, say(coverage, "; without: ", "；无用例："),
            known - covered, say(coverage, "; named by cases but in no file: ", "；用例引用但文件中没有："), unknown);
}

static oc_result gather(struct coverage *coverage, const char *requirements_folder, const char *vectors_folder,
                        const oc_result_record *record, oc_diag *diag)
{
    OC_TRY(oc_requirements_load(&coverage->requirements, requirements_folder, diag));
    OC_TRY(oc_vectors_walk(vectors_folder, take_vector, coverage, diag));
    if (record != NULL) {
        OC_TRY(take_record(coverage, record));
    }
    if (coverage->count > 1) {
        qsort(coverage->links, coverage->count, sizeof *coverage->links, compare_links);
    }
    return oc_ok();
}

oc_result oc_report_coverage(FILE *out, const char *requirements_folder, const char *vectors_folder,
                             const char *result_path, const char *lang, oc_diag *diag)
{
    oc_result_record record = {0};
    struct coverage coverage = {.chinese = lang != NULL && strncmp(lang, "zh", 2) == 0,
                                .with_record = result_path != NULL};
    if (result_path != NULL) {
        OC_TRY(oc_result_load(&record, result_path, diag));
    }
    oc_plain_text_begin(&coverage.text, out, false);
    oc_result r = gather(&coverage, requirements_folder, vectors_folder, result_path == NULL ? NULL : &record, diag);
    if (oc_is_ok(r)) {
        put_all(&coverage);
        if (ferror(out)) {
            r = oc_diag_fail(diag, OC_E_IO, "cannot write the coverage");
        }
    }
    oc_plain_text_end(&coverage.text);
    free(coverage.links);
    oc_requirements_free(&coverage.requirements);
    oc_result_release(&record);
    return r;
}
