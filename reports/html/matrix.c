/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/matrix.h"

#include <stdlib.h>

enum assessment { NOT_APPLICABLE, GOOD, NOT_ASSESSED, OPEN, BAD };
#define ASSESSMENTS 5
static const char *const assessments[ASSESSMENTS] = {"not-applicable", "good", "not-assessed", "open", "bad"};

static enum assessment assess(const oc_requirement *requirement)
{
    enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
    if (!oc_requirement_verdict(requirement, &verdict)) {
        return NOT_ASSESSED;
    }
    switch (verdict) {
    case OC_REPORT_PASS:
        return GOOD;
    case OC_REPORT_FAIL:
        return BAD;
    case OC_REPORT_NOT_APPLICABLE:
        return NOT_APPLICABLE;
    case OC_REPORT_NOT_RUN:
        return NOT_ASSESSED;
    case OC_REPORT_INCONCLUSIVE:
    case OC_REPORT_DEVIATION:
    case OC_REPORT_ERROR:
        break;
    }
    return OPEN;
}

/* What is said of a requirement that no case of the run tried. */
static void add_why(oc_pen *pen, xmlNode *node, const oc_matrix *matrix, size_t index)
{
    const oc_requirement *requirement = &matrix->requirements->at[index];
    if (!oc_requirement_untested(requirement)) {
        return;
    }
    if (requirement->known && requirement->untested_zh[0] != '\0') {
        oc_pen_add(pen, node, "untested-zh", requirement->untested_zh);
        oc_pen_add(pen, node, "untested-en", requirement->untested_en);
    }
    for (size_t i = 0; i < matrix->untested->count; i++) {
        const oc_untested_reason *reason = &matrix->untested->at[i];
        if (reason->requirement == index) {
            oc_pen_set_number(pen, oc_pen_add(pen, node, "why", reason->text), "cases", reason->cases);
        }
    }
}

/* Pairs of one requirement follow each other from *at. */
static void add_conditions(oc_pen *pen, xmlNode *node, const oc_pairs *pairs, size_t *at, size_t index)
{
    size_t all = 0;
    size_t run = 0;
    size_t passed = 0;
    for (; *at < pairs->count && pairs->at[*at].requirement == index; ++*at) {
        enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
        if (!oc_report_counts_verdict(&pairs->at[*at].counts, &verdict)) {
            continue;
        }
        all++;
        run += oc_report_tried(verdict);
        passed += verdict == OC_REPORT_PASS;
        if (verdict != OC_REPORT_PASS) {
            xmlNode *condition = oc_pen_add(pen, node, "condition", pairs->at[*at].condition);
            oc_pen_set(pen, condition, "verdict", oc_report_verdict_name(verdict));
        }
    }
    oc_pen_set_number(pen, node, "pairs", all);
    oc_pen_set_number(pen, node, "pairs-run", run);
    oc_pen_set_number(pen, node, "pairs-passed", passed);
}

static void add_requirement(oc_pen *pen, xmlNode *parent, const oc_matrix *matrix, size_t *pair, size_t index)
{
    const oc_requirement *requirement = &matrix->requirements->at[index];
    enum oc_report_verdict verdict = OC_REPORT_PASS;
    xmlNode *node = oc_pen_add(pen, parent, "requirement", NULL);
    oc_pen_set(pen, node, "id", requirement->id);
    oc_pen_set_number(pen, node, "index", index);
    oc_pen_set(pen, node, "known", requirement->known ? "true" : "false");
    oc_pen_set(pen, node, "assessment", assessments[assess(requirement)]);
    if (oc_requirement_verdict(requirement, &verdict)) {
        oc_pen_set(pen, node, "verdict", oc_report_verdict_name(verdict));
    }
    oc_pen_set_counts(pen, node, &requirement->counts);
    if (requirement->known) {
        oc_pen_set(pen, node, "doc", requirement->doc);
        oc_pen_set(pen, node, "clause", requirement->clause);
        oc_pen_set(pen, node, "level", requirement->level);
        oc_pen_set(pen, node, "confidence", requirement->confidence);
        oc_pen_add(pen, node, "zh", requirement->text_zh);
        oc_pen_add(pen, node, "en", requirement->text_en);
    }
    add_conditions(pen, node, matrix->pairs, pair, index);
    add_why(pen, node, matrix, index);
    oc_case_list_write_says(matrix->cases, pen, node, index);
}

/* By document, then clause, then as the requirement files have them. */
static int by_clause(const void *a, const void *b)
{
    const oc_requirement *left = *(const oc_requirement *const *)a;
    const oc_requirement *right = *(const oc_requirement *const *)b;
    int order = strcmp(left->doc, right->doc);
    order = order != 0 ? order : strcmp(left->clause, right->clause);
    return order != 0 ? order : left < right ? -1 : left > right;
}

static void close_clause(oc_pen *pen, xmlNode *clause, const size_t of[ASSESSMENTS])
{
    enum assessment worst = NOT_APPLICABLE;
    size_t count = 0;
    if (clause == NULL) {
        return;
    }
    for (size_t i = 0; i < ASSESSMENTS; i++) {
        worst = of[i] > 0 ? (enum assessment)i : worst;
        count += of[i];
    }
    bool partly = worst == NOT_ASSESSED && of[GOOD] > 0;
    oc_pen_set(pen, clause, "assessment", partly ? "partly" : assessments[worst]);
    oc_pen_set_number(pen, clause, "n", count);
}

static void close_document(oc_pen *pen, xmlNode *document, const size_t of[ASSESSMENTS])
{
    for (size_t i = 0; document != NULL && i < ASSESSMENTS; i++) {
        oc_pen_set_number(pen, document, assessments[i], of[i]);
    }
}

static void add_clauses(oc_pen *pen, xmlNode *parent, const oc_requirement *const *sorted, size_t count,
                        const oc_requirement *first)
{
    xmlNode *document = NULL;
    xmlNode *clause = NULL;
    size_t in_clause[ASSESSMENTS] = {0};
    size_t in_document[ASSESSMENTS] = {0};
    for (size_t i = 0; i < count; i++) {
        bool new_document = i == 0 || strcmp(sorted[i]->doc, sorted[i - 1]->doc) != 0;
        if (new_document || strcmp(sorted[i]->clause, sorted[i - 1]->clause) != 0) {
            close_clause(pen, clause, in_clause);
            memset(in_clause, 0, sizeof in_clause);
            if (new_document) {
                close_document(pen, document, in_document);
                memset(in_document, 0, sizeof in_document);
                document = oc_pen_add(pen, parent, "document", NULL);
                oc_pen_set(pen, document, "doc", sorted[i]->doc);
            }
            clause = oc_pen_add(pen, document, "clause", NULL);
            oc_pen_set(pen, clause, "clause", sorted[i]->clause);
        }
        enum assessment its = assess(sorted[i]);
        in_clause[its]++;
        in_document[its]++;
        xmlNode *node = oc_pen_add(pen, clause, "of", sorted[i]->id);
        oc_pen_set_number(pen, node, "index", (size_t)(sorted[i] - first));
        oc_pen_set(pen, node, "assessment", assessments[its]);
    }
    close_clause(pen, clause, in_clause);
    close_document(pen, document, in_document);
}

void oc_matrix_write(const oc_matrix *matrix, oc_pen *pen, xmlNode *parent)
{
    const oc_requirements *all = matrix->requirements;
    size_t pair = 0;
    size_t known = 0;
    const oc_requirement **sorted = calloc(all->count + 1, sizeof *sorted);
    if (sorted == NULL) {
        pen->bad = true;
        return;
    }
    for (size_t i = 0; i < all->count && !pen->bad; i++) {
        add_requirement(pen, parent, matrix, &pair, i);
        if (all->at[i].known) {
            sorted[known++] = &all->at[i];
        }
    }
    qsort(sorted, known, sizeof *sorted, by_clause);
    add_clauses(pen, parent, sorted, known, all->at);
    free(sorted);
}
