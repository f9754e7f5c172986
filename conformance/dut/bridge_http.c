/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>
#include <stdlib.h>

#include "conformance/dut/bridge_internal.h"

#define REPLY_MAX ((size_t)1024 * 1024)

struct http {
    CURL *curl;
    struct curl_slist *headers;
    char *url;
    oc_buf *reply; /* of the request under way */
};

static size_t take_more(char *bytes, size_t one, size_t count, void *context)
{
    const struct http *http = context;
    bool fits = http->reply->len + one * count <= REPLY_MAX;
    return fits && oc_is_ok(oc_buf_append(http->reply, oc_span_of(bytes, one * count))) ? one * count : 0;
}

static oc_result http_ask(void *context, oc_span request, int timeout_ms, oc_buf *reply, oc_breach *breach,
                          oc_diag *diag)
{
    struct http *http = context;
    long status = 0;
    (void)diag;
    http->reply = reply;
    oc_buf_clear(reply);
    curl_easy_setopt(http->curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE, (long)request.len);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, (const char *)request.at);
    CURLcode code = curl_easy_perform(http->curl);
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OPERATION_TIMEDOUT) {
        oc_breach_note(breach, OC_BREACH_HANG, "the bridge gave no answer within %d ms", timeout_ms);
    } else if (code == CURLE_WRITE_ERROR) {
        oc_breach_note(breach, OC_BREACH_FLOOD, "the bridge answered more than %zu bytes", REPLY_MAX);
    } else if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
        oc_breach_note(breach, OC_BREACH_LOAD, "no bridge serves at %s: %s", http->url, curl_easy_strerror(code));
    } else if (code != CURLE_OK) {
        oc_breach_note(breach, OC_BREACH_EXIT, "the bridge hung up: %s", curl_easy_strerror(code));
    } else if (status != 200) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "the bridge answered with HTTP status %ld", status);
    }
    return oc_ok();
}

static void http_free(void *context)
{
    struct http *http = context;
    curl_slist_free_all(http->headers);
    if (http->curl != NULL) {
        curl_easy_cleanup(http->curl);
    }
    free(http->url);
    free(http);
}

oc_result oc_bridge_http(oc_bridge_way *out, const char *url, oc_diag *diag)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    http->curl = curl_easy_init();
    http->url = strdup(url);
    http->headers = curl_slist_append(NULL, "Content-Type: application/json; charset=UTF-8");
    if (http->curl == NULL || http->url == NULL || http->headers == NULL) {
        http_free(http);
        return oc_diag_fail(diag, OC_E_MEMORY, "no HTTP client could be made");
    }
    curl_easy_setopt(http->curl, CURLOPT_URL, url);
    curl_easy_setopt(http->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(http->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(http->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, http->headers);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, take_more);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, http);
    *out = (oc_bridge_way){http_ask, http_free, http};
    return oc_ok();
}
