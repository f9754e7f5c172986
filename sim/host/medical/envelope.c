/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/envelope.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/json.h"

#define MSGID_TIME 14

/* "yyyy-MM-dd HH:mm:ss" or "yyyyMMddHHmmss" of China to seconds; false for no time. */
static bool seconds_of(const char *text, bool compact, int64_t *out)
{
    char iso[40];
    oc_clock clock;
    if (compact) {
        snprintf(iso, sizeof iso, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+08:00", text, text + 4, text + 6, text + 8, text + 10,
                 text + 12);
    } else {
        snprintf(iso, sizeof iso, "%.10sT%.8s+08:00", text, text + 11);
    }
    if (!oc_is_ok(oc_clock_parse(&clock, iso))) {
        return false;
    }
    *out = clock.seconds;
    return true;
}

static bool near(int64_t a, int64_t b, unsigned minutes)
{
    return llabs(a - b) <= (int64_t)minutes * 60;
}

static oc_result check_msgid(struct oc_med_call *call, int64_t inf_time)
{
    const oc_med_rules *rules = oc_region_rules(call->medical->region);
    const char *institution = oc_med_text(call->envelope, "fixmedins_code");
    size_t lead = strlen(institution);
    int64_t made;
    if (strncmp(call->msgid, institution, lead) != 0 ||
        strlen(call->msgid) != lead + MSGID_TIME + rules->msgid_serial ||
        strspn(call->msgid + lead, "0123456789") != MSGID_TIME + rules->msgid_serial) {
        return oc_med_refuse(call, "MSGID", "msgid", "报文ID应为机构编号、时间和顺序号",
                             "institution, time and serial number make a msgid");
    }
    return seconds_of(call->msgid + lead, true, &made) && near(made, inf_time, rules->clock_minutes)
               ? oc_ok()
               : oc_med_refuse(call, "MSGID", "msgid", "报文ID中的时间与交易时间不符",
                               "the time in the msgid is not that of the message");
}

oc_result oc_med_check_request(struct oc_med_call *call)
{
    const oc_region *region = call->medical->region;
    const oc_med_rules *rules = oc_region_rules(region);
    int64_t inf_time = 0;
    call->institution = oc_region_institution(region, oc_med_text(call->envelope, "fixmedins_code"));
    if (call->institution == NULL) {
        return oc_med_refuse(call, "INSTITUTION", "fixmedins_code", "定点医药机构不存在",
                             "there is no such institution");
    }
    if (!oc_med_listed(rules->infver, oc_med_text(call->envelope, "infver"))) {
        return oc_med_refuse(call, "INFVER", "infver", "接口版本号不支持", "a version that the region does not take");
    }
    if (strcmp(oc_med_text(call->envelope, "mdtrtarea_admvs"), call->institution->admdvs) != 0) {
        return oc_med_refuse(call, "INSTITUTION", "mdtrtarea_admvs", "就医地与机构所在地不符",
                             "not the place of the institution");
    }
    if (!seconds_of(oc_med_text(call->envelope, "inf_time"), false, &inf_time) ||
        !near(inf_time, call->now.seconds, rules->clock_minutes)) {
        return oc_med_refuse(call, "TIME", "inf_time", "交易时间与中心时间相差过大",
                             "the time of the message is too far from the centre's");
    }
    return check_msgid(call, inf_time);
}

oc_result oc_med_check_session(struct oc_med_call *call)
{
    const oc_med_rules *rules = oc_region_rules(call->medical->region);
    sqlite3_stmt *row;
    if (!rules->sign_no_required) {
        return oc_ok();
    }
    OC_TRY(oc_med_store_row(
        call->medical->store, &row, call->diag,
        "SELECT begun FROM session WHERE sign_no = ?1 AND institution = ?2 AND opter = ?3 AND ended"
        " IS NULL",
        "sss", oc_med_text(call->envelope, "sign_no"), call->institution->code, oc_med_text(call->envelope, "opter")));
    if (row == NULL) {
        return oc_med_refuse(call, "F1", "sign_no", "未签到或签到已失效", "no session: sign in (9001) first");
    }
    int64_t age = call->now.seconds - sqlite3_column_int64(row, 0);
    return rules->sign_in_seconds > 0 && age > (int64_t)rules->sign_in_seconds
               ? oc_med_refuse(call, "F1", "sign_no", "签到已过期", "the session has expired: sign in (9001) again")
               : oc_ok();
}

/* The longest beginning of at most `characters` UTF-8 characters. */
static void cut(char *text, size_t characters)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (((unsigned char)*text & 0xC0) != 0x80 && count++ == characters) {
            *text = '\0';
            return;
        }
    }
}

/* yyyyMMddHHmmss; milliseconds are not simulated. */
static void compact_time(const struct oc_med_call *call, char out[18])
{
    size_t len = 0;
    for (const char *at = call->time; *at != '\0' && len < 14; at++) {
        if (*at >= '0' && *at <= '9') {
            out[len++] = *at;
        }
    }
    snprintf(out + len, 18 - len, "000");
}

static void name_unknown(struct oc_med_call *call)
{
    const oc_med_findings *findings = &call->judgement->findings;
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].flaw == OC_MED_FLAW_UNKNOWN) {
            snprintf(call->warn_msg, sizeof call->warn_msg, "[%s] %s / %s", findings->at[i].path,
                     oc_med_flaw_zh(OC_MED_FLAW_UNKNOWN), oc_med_flaw_en(OC_MED_FLAW_UNKNOWN));
            return;
        }
    }
}

oc_result oc_med_write_answer(struct oc_med_call *call, oc_buf *answer)
{
    char number[31];
    char time[18];
    oc_buf_clear(answer);
    compact_time(call, time);
    snprintf(number, sizeof number, "%s%.14s%010" PRIu32, oc_region_admdvs(call->medical->region), time,
             __atomic_add_fetch(&call->medical->serial, 1, __ATOMIC_RELAXED));
    name_unknown(call);
    cut(call->err_msg, 200);
    cut(call->warn_msg, 200);
    json_t *out = json_object();
    if (out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_med_put(out, "infcode", call->refused ? "-1" : "0");
    oc_med_put(out, "inf_refmsgid", number);
    oc_med_put(out, "refmsg_time", time);
    oc_med_put(out, "respond_time", time);
    oc_med_put(out, "err_msg", call->err_msg);
    if (call->warn_msg[0] != '\0') {
        oc_med_put(out, "warn_msg", call->warn_msg);
    }
    if (call->refused) {
        json_object_set_new(out, "output", json_object());
    } else {
        json_object_set(out, "output", call->output);
    }
    oc_result r = json_object_get(out, "output") == NULL ? oc_fail(OC_E_MEMORY) : oc_json_print(answer, out);
    json_decref(out);
    return r;
}
