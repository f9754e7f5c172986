/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/host_misbehave.h"
#include "conformance/cli/words.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/text.h"
#include "sim/host/json.h"

#define LATE_S 20

static const char *const words[] = {"",
#define WORD(name, word, what) word,
                                    OC_MISBEHAVIOURS(WORD)
#undef WORD
};

oc_result oc_misbehave_parse(oc_misbehave *out, const char *text, oc_diag *diag)
{
    char all[200] = "";
    size_t len = strcspn(text, "@=");
    *out = (oc_misbehave){0};
    for (size_t i = 1; i < sizeof words / sizeof words[0]; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, " %s", words[i]);
        if (strlen(words[i]) == len && strncmp(words[i], text, len) == 0) {
            out->kind = (enum oc_misbehaviour)i;
        }
    }
    bool fits = out->kind != OC_MISBEHAVE_NOT;
    out->late_s = LATE_S;
    if (fits && text[len] == '=') {
        char *end = NULL;
        out->late_s = (unsigned)strtoul(text + len + 1, &end, 10);
        fits = out->kind == OC_MISBEHAVE_LATE && end != text + len + 1 && out->late_s <= LATE_S;
        len = (size_t)(end - text);
        fits = fits && (text[len] == '@' || text[len] == '\0');
    }
    if (fits && text[len] == '@') {
        const char *infno = text + len + 1;
        size_t number = strcspn(infno, ":");
        snprintf(out->infno, sizeof out->infno, "%.*s", number < 7 ? (int)number : 7, infno);
        char *end = NULL;
        out->nth = infno[number] == ':' ? (unsigned)strtoul(infno + number + 1, &end, 10) : 0;
        fits = number > 0 && number < 7 && (infno[number] != ':' || (*end == '\0' && out->nth > 0));
    }
    return fits ? oc_ok()
                : oc_diag_fail(diag, OC_E_USAGE, _("'%.40s' is no RULE[@INFNO[:N]]; rules are%s"), text, all);
}

static void add_cent(json_t *info, const char *name)
{
    if (json_is_object(info)) {
        json_object_set_new(info, name, json_real(json_number_value(json_object_get(info, name)) + 0.01));
    }
}

static void spoil_object(enum oc_misbehaviour kind, json_t *answer)
{
    static const struct {
        enum oc_misbehaviour kind;
        const char *amount;
    } amounts[] = {{OC_MISBEHAVE_A1, "preselfpay_amt"},
                   {OC_MISBEHAVE_A2, "hifob_pay"},
                   {OC_MISBEHAVE_A4, "hosp_part_amt"},
                   {OC_MISBEHAVE_A5, "psn_cash_pay"},
                   {OC_MISBEHAVE_A6, "balc"}};
    json_t *output = json_object_get(answer, "output");
    char text[501];
    memset(text, 'X', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        if (amounts[i].kind == kind) {
            add_cent(json_object_get(output, "setlinfo"), amounts[i].amount);
        }
    }
    if (kind == OC_MISBEHAVE_A3) {
        json_array_append_new(
            json_object_get(output, "setldetail"),
            json_pack("{s:s,s:f,s:f}", "fund_pay_type", "310100", "inscp_scp_amt", 0.0, "fund_payamt", 0.01));
    }
    if (kind == OC_MISBEHAVE_NUMBER) {
        json_object_set_new(answer, "inf_refmsgid", json_string("00000"));
    } else if (kind == OC_MISBEHAVE_EMPTY) {
        json_object_set_new(answer, "output", json_object());
    } else if (kind == OC_MISBEHAVE_LONG) {
        json_object_set_new(answer, "err_msg", json_string(text));
    } else if (kind == OC_MISBEHAVE_WARNING) {
        json_object_set_new(answer, "warn_msg", json_string("示例提示 / a warning"));
    } else if (kind == OC_MISBEHAVE_UNKNOWN) {
        json_object_set_new(answer, "exp_content", json_object());
    }
}

static bool spoil(const oc_misbehave *order, oc_buf *answer)
{
    enum oc_misbehaviour kind = order->kind;
    json_t *object = NULL;
    oc_buf other = {0};
    oc_result r = oc_json_parse(&object, oc_buf_span(answer), NULL);
    if (oc_is_ok(r) && kind == OC_MISBEHAVE_GBK) {
        r = oc_text_to_card(&other, oc_buf_span(answer));
    } else if (oc_is_ok(r)) {
        spoil_object(kind, object);
        r = oc_json_print(&other, object);
    }
    if (oc_is_ok(r) && kind == OC_MISBEHAVE_DOUBLE) {
        r = oc_buf_append(&other, oc_buf_span(answer));
    }
    r = oc_is_ok(r) ? oc_buf_set(answer, oc_buf_span(&other)) : r;
    if (kind == OC_MISBEHAVE_LATE) {
        sleep(order->late_s);
    }
    json_decref(object);
    oc_buf_free(&other);
    return oc_is_ok(r);
}

/* Counts the messages that it is about. */
static bool is_turn(oc_misbehave *order, const char *infno)
{
    if (order->kind == OC_MISBEHAVE_NOT || (order->infno[0] != '\0' && strcmp(order->infno, infno) != 0)) {
        return false;
    }
    order->so_far++;
    return order->nth == 0 || order->nth == order->so_far;
}

bool oc_misbehave_refuses(oc_misbehave *order, const char *infno)
{
    return order->kind == OC_MISBEHAVE_FAILURE && is_turn(order, infno);
}

bool oc_misbehave_now(oc_misbehave *order, const char *infno, oc_buf *answer)
{
    return order->kind != OC_MISBEHAVE_FAILURE && is_turn(order, infno) && spoil(order, answer);
}

bool oc_misbehave_hides(const oc_misbehave *order)
{
    return order->kind != OC_MISBEHAVE_WARNING && order->kind != OC_MISBEHAVE_UNKNOWN;
}
