/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/review/review.h"

#include <stdlib.h>

#include "reports/review/internal.h"
#include "sim/base/visible.h"

oc_result oc_review_add_text(struct oc_review_texts *list, const char *text)
{
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 64 : 2 * list->room;
        const char **grown = realloc(list->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        list->at = grown;
        list->room = room;
    }
    list->at[list->count++] = text;
    return oc_ok();
}

oc_result oc_review_say(struct oc_submission *to, enum oc_review_section section, bool asks, const char *en,
                        const char *zh)
{
    oc_review_page *page = &to->page;
    if (en == NULL || zh == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (page->count == page->room) {
        size_t room = page->room == 0 ? 64 : 2 * page->room;
        oc_review_line *grown = realloc(page->lines, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        page->lines = grown;
        page->room = room;
    }
    page->lines[page->count++] = (oc_review_line){section, asks, en, zh};
    page->questions += asks;
    return oc_ok();
}

static oc_result make(oc_review *review, const oc_review_order *order, oc_diag *diag)
{
    review->seed = order->seed;
    for (size_t i = 0; i < order->count; i++) {
        struct oc_submission *one = &review->at[i];
        one->page.folder = order->folders[i];
        review->count++;
        OC_TRY(oc_submission_read(one, order, diag));
        OC_TRY(oc_submission_judge(one, order, diag));
    }
    OC_TRY(oc_submissions_compare(review->at, review->count));
    for (size_t i = 0; i < review->count; i++) {
        review->pages[i] = review->at[i].page;
    }
    return oc_ok();
}

oc_result oc_review_make(oc_review **out, const oc_review_order *order, oc_diag *diag)
{
    oc_review *review = calloc(1, sizeof *review);
    *out = review;
    if (review == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    review->at = calloc(order->count + 1, sizeof *review->at);
    review->pages = calloc(order->count + 1, sizeof *review->pages);
    oc_result r = review->at == NULL || review->pages == NULL ? oc_fail(OC_E_MEMORY) : make(review, order, diag);
    if (!oc_is_ok(r)) {
        oc_review_free(out);
    }
    return r;
}

static void free_submission(struct oc_submission *one)
{
    struct oc_review_texts *const lists[] = {&one->excluded, &one->failures, &one->deviations, &one->undecided,
                                             &one->not_run,  &one->waivers,  &one->waived,     &one->drivers};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        free(lists[i]->at);
    }
    free(one->modules);
    free(one->page.lines);
    if (one->contents != NULL) {
        xmlHashFree(one->contents, NULL);
    }
    oc_verification_free(&one->verification);
    oc_arena_free(&one->arena);
}

void oc_review_free(oc_review **review)
{
    if (*review == NULL) {
        return;
    }
    for (size_t i = 0; i < (*review)->count; i++) {
        free_submission(&(*review)->at[i]);
    }
    free((*review)->at);
    free((*review)->pages);
    free(*review);
    *review = NULL;
}

const oc_review_page *oc_review_pages(const oc_review *review, size_t *count)
{
    *count = review->count;
    return review->pages;
}

static const struct {
    const char *en, *zh;
} titles[OC_REVIEW_SECTIONS] = {
    [OC_REVIEW_BUNDLE] = {"The bundle", "证据包"},
    [OC_REVIEW_RUN] = {"The run", "测试"},
    [OC_REVIEW_CHALLENGE] = {"The challenge", "质询"},
    [OC_REVIEW_PLAN] = {"The plan", "计划"},
    [OC_REVIEW_ICS] = {"Exclusions by the declaration", "因声明而排除"},
    [OC_REVIEW_VERDICTS] = {"Verdicts to look at", "需查看的结论"},
    [OC_REVIEW_WAIVERS] = {"Waivers", "豁免"},
    [OC_REVIEW_CLOCKS] = {"Clocks", "时钟"},
    [OC_REVIEW_ITEM] = {"The item under test", "被测品"},
    [OC_REVIEW_OTHERS] = {"Beside the other submissions", "与其他送审件比对"},
    [OC_REVIEW_SAMPLE] = {"To run again in front of the examiner", "建议在考官面前重测"},
};

/* What no file can show. */
static const struct {
    const char *en, *zh;
} limits[] = {
    {"Only a run that the examiner watches, with his own copy of the program on his own machine, can exclude that:",
     "以下情况只有由考官在自己的机器上以自己的程序副本现场见证重测才能排除："},
    {"- the harness itself was altered, and wrote what it liked, signature included;",
     "- 测试程序本身被改动，随意写出结果（包括签名）；"},
    {"- another device than the one declared stood behind the reader, the socket or the library;",
     "- 读卡器、接口或驱动库背后是另一台设备；"},
    {"- the item behaves otherwise when it does not see a virtual card;", "- 被测品在不面对虚拟卡时表现不同；"},
    {"- runs that came out worse were made and not handed in.", "- 做过结果较差的测试而未提交。"},
};

static void put(const char *text, FILE *out)
{
    oc_buf visible = {0};
    if (oc_is_ok(oc_visible_text(&visible, text))) {
        for (size_t i = 0; i < visible.len; i++) {
            visible.at[i] = visible.at[i] < ' ' ? ' ' : visible.at[i];
        }
        fputs((const char *)visible.at, out);
    }
    oc_buf_free(&visible);
}

static void put_both(const char *en, const char *zh, const char *lang, FILE *out)
{
    put(lang != NULL && strcmp(lang, "zh") == 0 ? zh : en, out);
    if (lang == NULL && strcmp(en, zh) != 0) {
        fputs(" / ", out);
        put(zh, out);
    }
}

static void print_section(const oc_review_page *page, enum oc_review_section section, const char *lang, FILE *out)
{
    bool begun = false;
    for (size_t i = 0; i < page->count; i++) {
        const oc_review_line *line = &page->lines[i];
        if (line->section != section) {
            continue;
        }
        if (!begun) {
            put_both(titles[section].en, titles[section].zh, lang, out);
            fputc('\n', out);
            begun = true;
        }
        fputs(line->asks ? "  ? " : "    ", out);
        put_both(line->en, line->zh, lang, out);
        fputc('\n', out);
    }
}

static void print_page(const oc_review_page *page, const char *lang, FILE *out)
{
    fputs("==== ", out);
    put(page->folder, out);
    fputs("  ", out);
    put(page->run_id, out);
    fputc('\n', out);
    for (unsigned section = 0; section < OC_REVIEW_SECTIONS; section++) {
        print_section(page, (enum oc_review_section)section, lang, out);
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        put_both(limits[i].en, limits[i].zh, lang, out);
        fputc('\n', out);
    }
    fprintf(out, "%zu ", page->questions);
    put_both("to ask", "处需询问", lang, out);
    fputc('\n', out);
}

void oc_review_print(const oc_review *review, const char *lang, FILE *out)
{
    for (size_t i = 0; i < review->count; i++) {
        fputs(i == 0 ? "" : "\f", out);
        print_page(&review->pages[i], lang, out);
    }
}
