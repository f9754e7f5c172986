/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/bridge_internal.h"
#include "conformance/dut/http_post.h"

static oc_result http_ask(void *context, oc_span request, int timeout_ms, oc_buf *reply, oc_breach *breach,
                          oc_diag *diag)
{
    return oc_http_post_ask(context, request, NULL, timeout_ms, reply, breach, diag);
}

static void http_free(void *context)
{
    oc_http_post *post = context;
    oc_http_post_free(&post);
}

oc_result oc_bridge_http(oc_bridge_way *out, const char *url, oc_diag *diag)
{
    oc_http_post *post = NULL;
    OC_TRY(oc_http_post_new(&post, url, NULL, "the bridge", diag));
    *out = (oc_bridge_way){http_ask, http_free, post};
    return oc_ok();
}
