/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/specification/one_case.h"

#include <ctype.h>
#include <string.h>

#include "conformance/specification/pen.h"
#include "conformance/specification/steps.h"
#include "sim/base/file.h"

oc_result oc_spec_texts_load(oc_spec_texts *out, const char *data_folder, oc_diag *diag)
{
    char path[PATH_MAX];
    *out = (oc_spec_texts){0};
    OC_TRY(oc_file_join(path, sizeof path, data_folder, "vectors/requirements"));
    OC_TRY(oc_requirements_load(&out->requirements, path, diag));
    OC_TRY(oc_file_join(path, sizeof path, data_folder, "vectors/terms.xml"));
    return oc_xml_load(&out->terms, path, NULL, diag);
}

void oc_spec_texts_free(oc_spec_texts *texts)
{
    oc_requirements_free(&texts->requirements);
    oc_xml_free(&texts->terms);
}

static const oc_requirement *requirement_of(const oc_spec_texts *texts, const char *id)
{
    for (size_t i = 0; i < texts->requirements.count; i++) {
        if (strcmp(texts->requirements.at[i].id, id) == 0) {
            return &texts->requirements.at[i];
        }
    }
    return NULL;
}

void oc_spec_requirement(FILE *out, const oc_spec_texts *texts, const char *id)
{
    const oc_requirement *requirement = requirement_of(texts, id);
    oc_pen_code(out, id[0] == '\0' ? "-" : id);
    if (requirement == NULL) {
        return;
    }
    fputc(' ', out);
    oc_pen_both(out, requirement->text_zh, requirement->text_en);
    fputs(" <span class=\"light note\">", out);
    oc_pen_text(out, requirement->doc);
    fputs(", ", out);
    oc_pen_text(out, requirement->clause);
    fputs("; ", out);
    oc_pen_text(out, requirement->level);
    fputs("; ", out);
    oc_pen_both(out, "可信度", "confidence");
    fputc(' ', out);
    oc_pen_text(out, requirement->confidence);
    fputs("</span>", out);
}

/* Whether a declared name stands for one that is used: setting.NAME.VALUE for setting.pin-tries.3, key(DIR/KEY) for
 * key(DF01/RK). */
static bool stands_for(const char *declared, const char *used, size_t len)
{
    size_t at = 0;
    while (*declared != '\0' && at < len) {
        if (*declared == '(' && used[at] == '(') {
            return true;
        }
        if (isupper((unsigned char)*declared) && isupper((unsigned char)declared[1])) {
            declared += strspn(declared, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
            at += strcspn(&used[at], *declared == '.' ? "." : "");
            at = at > len ? len : at;
            continue;
        }
        if (*declared != used[at]) {
            return false;
        }
        declared++;
        at++;
    }
    return *declared == '\0' && at == len;
}

static const xmlNode *term_of(const oc_spec_texts *texts, const char *used, size_t len)
{
    const xmlNode *root = oc_xml_root(texts->terms);
    for (const xmlNode *term = oc_xml_child(root, "term"); term != NULL; term = oc_xml_next(term, "term")) {
        const char *name = oc_xml_attr(term, "name");
        if (name != NULL && stands_for(name, used, len)) {
            return term;
        }
    }
    return NULL;
}

static const char *meaning_of(const xmlNode *term, const char *lang)
{
    for (const xmlNode *node = oc_xml_child(term, "meaning"); node != NULL; node = oc_xml_next(node, "meaning")) {
        const char *its = oc_xml_attr(node, "xml:lang");
        if (its != NULL && strcmp(its, lang) == 0 && node->children != NULL) {
            return (const char *)node->children->content;
        }
    }
    return "";
}

/* One term of a condition: a name, with its argument in parentheses where it has one. */
static size_t term_length(const char *at)
{
    size_t len = strcspn(at, " ()\t\n");
    if (at[len] == '(' && len > 0) {
        len += strcspn(&at[len], ")");
        len += at[len] == ')';
    }
    return len;
}

static void put_condition(FILE *out, const oc_spec_texts *texts, const char *condition)
{
    fputs("<p>", out);
    oc_pen_both(out, "适用条件：", "applies where: ");
    oc_pen_code(out, condition);
    const char *joint = " — ";
    for (const char *at = condition; *at != '\0';) {
        size_t len = term_length(at);
        bool word = (len == 3 && (strncmp(at, "and", 3) == 0 || strncmp(at, "not", 3) == 0)) ||
                    (len == 2 && strncmp(at, "or", 2) == 0);
        const xmlNode *term = len == 0 || word ? NULL : term_of(texts, at, len);
        if (term != NULL) {
            fputs(joint, out);
            oc_pen_both(out, meaning_of(term, "zh"), meaning_of(term, "en"));
            joint = " ";
        }
        at += len > 0 ? len : 1;
    }
    fputs("</p>\n", out);
}

static void put_touches(FILE *out, const oc_case *one)
{
    static const struct {
        unsigned touch;
        const char *zh, *en;
    } words[] = {
        {OC_TOUCH_COUNTERS, "尝试计数器", "try counters"}, {OC_TOUCH_RECORDS, "文件内容", "contents of files"},
        {OC_TOUCH_PURSE, "个人账户", "the account"},       {OC_TOUCH_KEYS, "密钥和 PIN", "keys and PIN"},
        {OC_TOUCH_LIFECYCLE, "寿命状态", "life cycle"},
    };
    const char *joint = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((one->touches & words[i].touch) == 0) {
            continue;
        }
        if (joint[0] == '\0') {
            fputs("<p>", out);
            oc_pen_both(out, "卡上的持久改变：", "lasting changes on the card: ");
        }
        fputs(joint, out);
        oc_pen_both(out, words[i].zh, words[i].en);
        joint = ", ";
    }
    fputs(joint[0] == '\0' ? "" : "</p>\n", out);
}

static void put_because(FILE *out, const char *because)
{
    static const char *const words[][3] = {
        {"security-status", "安全状态不满足", "the security status is not satisfied"},
        {"wrong-data", "数据错误", "the data are wrong"},
        {"wrong-mac", "MAC 错误", "the MAC does not hold"},
        {"tac", "TAC 错误", "the TAC does not hold"},
        {"balance", "金额不符", "an amount does not hold"},
        {"wrong-length", "长度错误", "the length is wrong"},
        {"wrong-state", "状态不允许", "the state does not allow it"},
        {"wrong-holder", "不是本人", "it is another holder"},
        {"not-found", "所指的不存在", "what is named is not there"},
        {"freshness", "不是新产生的", "it is not fresh"},
        {"missing-field", "缺少字段", "a field is missing"},
        {"wrong-key", "密钥错误", "the key is wrong"},
        {"wrong-pin", "PIN 错误", "the PIN is wrong"},
        {"duplicate", "重复", "it is there twice"},
        {"out-of-range", "超出范围", "it is out of range"},
        {"sequence", "次序错误", "the order is wrong"},
        {"blocked", "已锁定", "it is blocked"},
        {"not-entitled", "没有资格", "nobody is entitled to it"},
        {"wrong-city", "城市不符", "it is another city"},
        {"cloned", "是复制的卡", "the card is a copy"},
        {"wrong-p1p2", "P1、P2 错误", "P1 or P2 is wrong"},
        {"wrong-cla", "CLA 错误", "CLA is wrong"},
        {"not-diversified", "密钥未分散", "the key is not diversified"},
        {"wrong-version", "版本错误", "the version is wrong"},
        {"initial-pin", "PIN 仍为初始值", "the PIN is still the initial one"},
        {"not-ended", "前一项尚未结束", "what came before has not ended"},
        {"wrong-structure", "结构错误", "the structure is wrong"},
        {"missing-file", "缺少文件", "a file is missing"},
        {"access-never", "从不允许", "it is never allowed"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], because) == 0) {
            oc_pen_both(out, words[i][1], words[i][2]);
            return;
        }
    }
    oc_pen_code(out, because);
}

static void put_negative(FILE *out, const oc_case *negative)
{
    fputs("<div class=\"negative\" id=\"", out);
    oc_pen_anchor(out, negative->id);
    fputs("\"><p>", out);
    oc_pen_code(out, negative->id);
    fputs(" — ", out);
    oc_pen_both(out, "须被拒绝，因为", "has to be refused, because");
    fputc(' ', out);
    put_because(out, negative->because);
    if (negative->requirement != NULL) {
        fputs(" (", out);
        oc_pen_code(out, negative->requirement);
        fputc(')', out);
    }
    fputs("<br>", out);
    oc_pen_both(out, "与用例的差别：", "what differs: ");
    oc_pen_code(out, negative->edit_text == NULL ? "" : negative->edit_text);
    fputs("</p>\n", out);
    if (negative->expected_step < negative->step_count) {
        const oc_step *step = &negative->steps[negative->expected_step];
        fputs("<p>", out);
        oc_pen_both(out, "判定的步骤：", "the step that decides: ");
        oc_pen_code(out, step->id);
        fputc(' ', out);
        oc_spec_step(out, step);
        fputs("</p>", out);
        oc_spec_expect(out, step);
    }
    fputs("</div>\n", out);
}

/* The first requirement heads the section. */
static void put_requirements(FILE *out, const oc_spec_texts *texts, const oc_case *one)
{
    if (one->requirement_count < 2) {
        return;
    }
    fputs("<p>", out);
    oc_pen_both(out, "另涉及要求：", "also about: ");
    fputs("</p><ul>", out);
    for (size_t i = 1; i < one->requirement_count; i++) {
        fputs("<li>", out);
        oc_spec_requirement(out, texts, one->requirements[i].id);
        fputs("</li>", out);
    }
    fputs("</ul>\n", out);
}

void oc_spec_case(FILE *out, const oc_spec_texts *texts, const oc_case *one)
{
    fputs("<article class=\"case\"><h4 id=\"", out);
    oc_pen_anchor(out, one->id);
    fputs("\">", out);
    oc_pen_code(out, one->id);
    oc_pen_both(out, one->title_zh, one->title_en);
    fputs("</h4>\n", out);
    if (one->purpose != NULL && one->purpose[0] != '\0') {
        fputs("<p>", out);
        oc_pen_both(out, "", one->purpose);
        fputs("</p>\n", out);
    }
    if (one->official != NULL && one->official[0] != '\0') {
        fputs("<p>", out);
        oc_pen_both(out, "正式名称：", "official name: ");
        oc_pen_code(out, one->official);
        fputs("</p>\n", out);
    }
    put_requirements(out, texts, one);
    if (one->applicability != NULL && one->applicability[0] != '\0') {
        put_condition(out, texts, one->applicability);
    }
    put_touches(out, one);
    oc_spec_steps(out, one->steps, one->step_count, "步骤与期望", "Steps, and what is expected");
    oc_spec_steps(out, one->restore, one->restore_count, "恢复", "Putting things back");
    for (size_t i = 0; i < one->negative_count; i++) {
        put_negative(out, &one->negatives[i]);
    }
    fputs("</article>\n", out);
}
