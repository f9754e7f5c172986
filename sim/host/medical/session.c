/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/host/medical/call.h"

/* 9001: a session number for institution and operator. Another sign-in of the same operator ends the one before. */
oc_result oc_med_sign_in(struct oc_med_call *call)
{
    oc_med_store *store = call->medical->store;
    const char *opter = oc_med_in(call, "opter_no");
    char sign_no[31];
    OC_TRY(oc_med_store_run(store, call->diag,
                            "UPDATE session SET ended = ?3 WHERE institution = ?1 AND opter = ?2 AND ended IS NULL",
                            "ssi", call->institution->code, opter, call->now.seconds));
    OC_TRY(oc_med_store_run(store, call->diag,
                            "INSERT INTO session (sign_no, institution, opter, begun) VALUES (?1, ?2, ?3, ?4)", "sssi",
                            call->msgid, call->institution->code, opter, call->now.seconds));
    snprintf(sign_no, sizeof sign_no, "S%s%013" PRId64, call->institution->code, oc_med_store_last(store));
    OC_TRY(oc_med_store_run(store, call->diag, "UPDATE session SET sign_no = ?2 WHERE id = ?1", "is",
                            oc_med_store_last(store), sign_no));
    json_t *out = json_object();
    oc_med_put(out, "sign_time", call->time);
    oc_med_put(out, "sign_no", sign_no);
    json_object_set_new(call->output, "signinoutb", out);
    return oc_ok();
}

oc_result oc_med_sign_out(struct oc_med_call *call)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "UPDATE session SET ended = ?3 WHERE sign_no = ?1 AND institution = ?2 AND ended IS NULL"
                            " RETURNING id",
                            "ssi", oc_med_in(call, "sign_no"), call->institution->code, call->now.seconds));
    if (row == NULL) {
        return oc_med_refuse(call, "F1", "signOut.sign_no", "没有这次签到", "there is no such session");
    }
    while (row != NULL) {
        OC_TRY(oc_med_store_next(call->medical->store, &row, call->diag));
    }
    json_t *out = json_object();
    oc_med_put(out, "sign_time", call->time);
    json_object_set_new(call->output, "signoutoutb", out);
    return oc_ok();
}
