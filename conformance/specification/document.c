/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "conformance/specification/one_case.h"
#include "conformance/specification/pen.h"
#include "conformance/specification/specification.h"
#include "sim/base/file.h"

struct area {
    const char *name, *zh, *en;
};

/* In the order of the document. */
static const struct area areas[] = {
    {"card", "卡", "The card"},
    {"terminal", "终端", "The terminal"},
    {"flow", "业务流程", "Flows"},
    {"host", "后台", "The back-end"},
};
#define AREAS (sizeof areas / sizeof areas[0])

static size_t area_of(const oc_case *one)
{
    size_t at = 0;
    while (at + 1 < AREAS && strcmp(areas[at].name, one->area) != 0) {
        at++;
    }
    return at;
}

static const char *first_requirement(const oc_case *one)
{
    return one->requirement_count > 0 ? one->requirements[0].id : "";
}

static int by_place(const void *a, const void *b)
{
    const oc_case *one = *(const oc_case *const *)a;
    const oc_case *other = *(const oc_case *const *)b;
    if (area_of(one) != area_of(other)) {
        return area_of(one) < area_of(other) ? -1 : 1;
    }
    int order = strcmp(first_requirement(one), first_requirement(other));
    return order != 0 ? order : strcmp(one->id, other->id);
}

static bool begins_area(const oc_case *const *cases, size_t at)
{
    return at == 0 || area_of(cases[at - 1]) != area_of(cases[at]);
}

static bool begins_requirement(const oc_case *const *cases, size_t at)
{
    return begins_area(cases, at) || strcmp(first_requirement(cases[at - 1]), first_requirement(cases[at])) != 0;
}

/* An anchor: a requirement may stand in several areas. */
static void put_section_anchor(FILE *out, const oc_case *one)
{
    fprintf(out, "req.%s.", areas[area_of(one)].name);
    oc_pen_anchor(out, first_requirement(one));
}

static void put_style(FILE *out, const char *style)
{
    fputs("<style>", out);
    fputs(style, out);
    fputs(
        ".case { border: 1px solid var(--line); border-radius: .3rem; margin: 1rem 0; padding: .6rem 1.1rem;\n"
        "  content-visibility: auto; contain-intrinsic-size: auto 20rem; }\n"
        ".case h4 { margin: 0 0 .4rem; font-size: 1rem; font-weight: 600; line-height: 1.45; }\n"
        ".case h4 code { display: block; color: var(--soft); font-weight: 400; }\n"
        ".case p { margin: .3rem 0; font-size: .92rem; }\n"
        ".case .part { margin-top: .6rem; font-weight: 700; }\n"
        ".case ol, .case ul { margin: .15rem 0; padding-left: 1.5rem; font-size: .92rem; }\n"
        ".case .routine { color: var(--soft); }\n"
        ".case .expect { border-left: .2rem solid var(--line); list-style: none; padding-left: .8rem; }\n"
        ".negative { border-left: .3rem solid var(--warn); padding-left: .8rem; margin: .7rem 0; }\n"
        "@media print { nav { display: block !important; } .case { break-inside: auto; content-visibility: visible; }"
        " h3, h4 { break-after: avoid; } }\n"
        "</style>\n",
        out);
}

static void put_head(FILE *out, const oc_plan *plan, const char *style)
{
    fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<title>测试规范 / Test specification</title>\n",
          out);
    put_style(out, style);
    fputs("</head>\n<body>\n<a class=\"skip\" href=\"#main\">正文 / to the text</a>\n<header>\n"
          "<fieldset class=\"languages\"><legend class=\"i\">",
          out);
    oc_pen_both(out, "语言", "language");
    fputs("</legend>\n<input type=\"radio\" name=\"language\" id=\"lang-both\" checked>"
          "<label for=\"lang-both\">中文 + <span lang=\"en\">English</span></label>\n"
          "<input type=\"radio\" name=\"language\" id=\"lang-zh\"><label for=\"lang-zh\">中文</label>\n"
          "<input type=\"radio\" name=\"language\" id=\"lang-en\"><label for=\"lang-en\" lang=\"en\">English</label>\n"
          "</fieldset>\n<p class=\"kind\">onecard " OC_VERSION "</p>\n<h1>",
          out);
    oc_pen_both(out, "社会保障卡符合性测试规范", "Conformance tests of the social security card: specification");
    fputs("</h1>\n<p class=\"i\">", out);
    oc_pen_count(out, plan->unit_count, "个用例", "cases");
    fputs(", ", out);
    oc_pen_count(out, plan->case_count - plan->unit_count, "个反例", "negatives");
    fputs("</p>\n</header>\n", out);
}

static void put_reading_notes(FILE *out)
{
    static const char *const notes[][2] = {
        {"要求为本项目自己的措辞，并注明来源和可信度：A 有两个独立来源，B 有一个，C 为推断，P 为项目选择。",
         "Requirements are in this project's own wording, with source and confidence: A two independent sources, B "
         "one, C "
         "inferred, P project choice."},
        {"用例先满足适用条件，再执行步骤；每一步之后列出期望结果。例程只作准备，其失败使用例不确定，不判不通过。",
         "A case applies where its condition holds; under each step stands what is expected. Routines only prepare: "
         "where "
         "one fails, the case is inconclusive and nobody has failed."},
        {"反例与其用例只差一处，并须因所述原因被拒绝。",
         "A negative differs from its case in one place, and has to be refused for the reason stated."},
        {"数值按向量原样书写：十六进制字节；'文字' 按 GB 18030 编码；$名称 为前面记下的值；@名称 "
         "为卡配置中的值；key:目录/名称 为密钥；状态字和模式中 ? 为任意数字。",
         "Values stand as in the vectors: bytes in hexadecimal; 'text' in GB 18030; $name, kept by an earlier step; "
         "@name, "
         "from the card profile; key:DIR/NAME, a key; ? in status words and patterns, any digit."},
    };
    fputs("<section class=\"limits\" aria-labelledby=\"reading\"><h2 id=\"reading\" class=\"i\">", out);
    oc_pen_both(out, "如何阅读", "How to read this");
    fputs("</h2>\n<ul>\n", out);
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        fputs("<li>", out);
        oc_pen_both(out, notes[i][0], notes[i][1]);
        fputs("</li>\n", out);
    }
    fputs("</ul></section>\n", out);
}

static void put_contents(FILE *out, const oc_case *const *cases, size_t count)
{
    fputs("<nav aria-labelledby=\"contents\" class=\"i\">\n<h2 id=\"contents\">", out);
    oc_pen_both(out, "目录", "Contents");
    fputs("</h2>\n<ul>\n", out);
    for (size_t i = 0; i < count; i++) {
        if (begins_area(cases, i)) {
            const struct area *area = &areas[area_of(cases[i])];
            fprintf(out, "%s<li><a href=\"#area.%s\">", i == 0 ? "" : "</ol></li>\n", area->name);
            oc_pen_both(out, area->zh, area->en);
            fputs("</a>\n<ol>\n", out);
        }
        if (begins_requirement(cases, i)) {
            size_t n = 1;
            while (i + n < count && !begins_requirement(cases, i + n)) {
                n++;
            }
            fputs("<li><a href=\"#", out);
            put_section_anchor(out, cases[i]);
            fputs("\">", out);
            oc_pen_code(out, first_requirement(cases[i])[0] == '\0' ? "-" : first_requirement(cases[i]));
            fprintf(out, "</a> %zu</li>\n", n);
        }
    }
    fputs(count > 0 ? "</ol></li>\n</ul>\n</nav>\n" : "</ul>\n</nav>\n", out);
}

static void put_cases(FILE *out, const oc_spec_texts *texts, const oc_case *const *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (begins_area(cases, i)) {
            const struct area *area = &areas[area_of(cases[i])];
            fprintf(out, "<h2 id=\"area.%s\">", area->name);
            oc_pen_both(out, area->zh, area->en);
            fputs("</h2>\n", out);
        }
        if (begins_requirement(cases, i)) {
            fputs("<h3 id=\"", out);
            put_section_anchor(out, cases[i]);
            fputs("\" class=\"i\">", out);
            oc_spec_requirement(out, texts, first_requirement(cases[i]));
            fputs("</h3>\n", out);
        }
        oc_spec_case(out, texts, cases[i]);
    }
}

static oc_result load_style(oc_buf *style, const char *data_folder, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_file_join(path, sizeof path, data_folder, "reports/transforms/style.xml"));
    OC_TRY(oc_xml_load(&doc, path, NULL, diag));
    oc_result r = oc_xml_text(style, oc_xml_root(doc));
    oc_xml_free(&doc);
    return oc_is_ok(r) ? oc_buf_append(style, oc_span_of("", 1)) : r;
}

static oc_result write_all(FILE *out, const oc_plan *plan, const oc_spec_texts *texts, const char *style,
                           oc_diag *diag)
{
    const oc_case **cases = calloc(plan->unit_count + 1, sizeof *cases);
    if (cases == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memcpy(cases, plan->units, plan->unit_count * sizeof *cases);
    qsort(cases, plan->unit_count, sizeof *cases, by_place);
    put_head(out, plan, style);
    put_reading_notes(out);
    put_contents(out, cases, plan->unit_count);
    fputs("<main id=\"main\" class=\"i\">\n", out);
    put_cases(out, texts, cases, plan->unit_count);
    fputs("</main>\n</body>\n</html>\n", out);
    free(cases);
    return fflush(out) != 0 || ferror(out) ? oc_diag_fail(diag, OC_E_IO, "cannot write the specification") : oc_ok();
}

oc_result oc_specification_write(FILE *out, const oc_plan *plan, const char *data_folder, oc_diag *diag)
{
    oc_spec_texts texts = {0};
    oc_buf style = {0};
    oc_result r = load_style(&style, data_folder, diag);
    if (oc_is_ok(r)) {
        r = oc_spec_texts_load(&texts, data_folder, diag);
    }
    if (oc_is_ok(r)) {
        r = write_all(out, plan, &texts, (const char *)style.at, diag);
    }
    oc_spec_texts_free(&texts);
    oc_buf_free(&style);
    return r;
}
