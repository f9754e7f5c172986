/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/http_post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLY_MAX ((size_t)1024 * 1024)

struct oc_http_post {
    CURL *curl;
    const char *who;
    char *url;
    oc_buf *reply; /* of the request under way */
};

static size_t take_more(char *bytes, size_t one, size_t count, void *context)
{
    const struct oc_http_post *post = context;
    bool fits = post->reply->len + one * count <= REPLY_MAX;
    return fits && oc_is_ok(oc_buf_append(post->reply, oc_span_of(bytes, one * count))) ? one * count : 0;
}

static bool add_header(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    *list = longer != NULL ? longer : *list;
    return longer != NULL;
}

static oc_result make_headers(const oc_fields *headers, struct curl_slist **out)
{
    bool made = add_header(out, "Content-Type: application/json; charset=UTF-8");
    for (size_t i = 0; headers != NULL && i < headers->count && made; i++) {
        char line[1024];
        const oc_field *header = &headers->at[i];
        if (header->name[0] != ':') {
            snprintf(line, sizeof line, "%s: %.*s", header->name, (int)header->value.len,
                     header->value.len == 0 ? "" : (const char *)header->value.at);
            made = add_header(out, line);
        }
    }
    return made ? oc_ok() : oc_fail(OC_E_MEMORY);
}

static void note(const struct oc_http_post *post, CURLcode code, long status, int timeout_ms, oc_breach *breach)
{
    if (code == CURLE_OPERATION_TIMEDOUT) {
        oc_breach_note(breach, OC_BREACH_HANG, "%s gave no answer within %d ms", post->who, timeout_ms);
    } else if (code == CURLE_WRITE_ERROR) {
        oc_breach_note(breach, OC_BREACH_FLOOD, "%s answered more than %zu bytes", post->who, REPLY_MAX);
    } else if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
               code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION) {
        oc_breach_note(breach, OC_BREACH_LOAD, "%s does not serve at %s: %s", post->who, post->url,
                       curl_easy_strerror(code));
    } else if (code != CURLE_OK) {
        oc_breach_note(breach, OC_BREACH_EXIT, "%s hung up: %s", post->who, curl_easy_strerror(code));
    } else if (status != 200) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s answered with HTTP status %ld", post->who, status);
    }
}

oc_result oc_http_post_reach(oc_http_post *post, int timeout_ms, oc_diag *diag)
{
    curl_easy_setopt(post->curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(post->curl, CURLOPT_CONNECT_ONLY, 1L);
    CURLcode code = curl_easy_perform(post->curl);
    curl_easy_setopt(post->curl, CURLOPT_CONNECT_ONLY, 0L);
    if (code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE) {
        return oc_diag_fail(diag, OC_E_USAGE, "the certificate, key or authorities for %s cannot be used", post->who);
    }
    return code == CURLE_OK ? oc_ok()
                            : oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s does not serve at %s: %s", post->who, post->url,
                                           curl_easy_strerror(code));
}

oc_result oc_http_post_ask(oc_http_post *post, oc_span request, const oc_fields *headers, int timeout_ms,
                           oc_buf *reply, oc_breach *breach, oc_diag *diag)
{
    struct curl_slist *list = NULL;
    long status = 0;
    oc_result r = make_headers(headers, &list);
    if (oc_is_ok(r)) {
        post->reply = reply;
        oc_buf_clear(reply);
        curl_easy_setopt(post->curl, CURLOPT_HTTPHEADER, list);
        curl_easy_setopt(post->curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
        curl_easy_setopt(post->curl, CURLOPT_POSTFIELDSIZE, (long)request.len);
        curl_easy_setopt(post->curl, CURLOPT_POSTFIELDS, (const char *)request.at);
        CURLcode code = curl_easy_perform(post->curl);
        curl_easy_getinfo(post->curl, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_setopt(post->curl, CURLOPT_HTTPHEADER, NULL);
        if (code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE) {
            r = oc_diag_fail(diag, OC_E_USAGE, "the certificate, key or authorities for %s cannot be used", post->who);
        } else {
            note(post, code, status, timeout_ms, breach);
        }
    } else {
        r = oc_diag_fail(diag, r.code, "memory ran out");
    }
    curl_slist_free_all(list);
    return r;
}

void oc_http_post_free(oc_http_post **post)
{
    if (*post != NULL) {
        if ((*post)->curl != NULL) {
            curl_easy_cleanup((*post)->curl);
        }
        free((*post)->url);
        free(*post);
        *post = NULL;
    }
}

static void show_credentials(CURL *curl, const oc_http_credentials *credentials)
{
    const struct {
        CURLoption option;
        const char *file;
    } rows[] = {{CURLOPT_CAINFO, credentials->ca},
                {CURLOPT_SSLCERT, credentials->certificate},
                {CURLOPT_SSLKEY, credentials->key}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].file != NULL) {
            curl_easy_setopt(curl, rows[i].option, rows[i].file);
        }
    }
}

oc_result oc_http_post_new(oc_http_post **out, const char *url, const oc_http_credentials *credentials,
                           const char *who, oc_diag *diag)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->curl = curl_easy_init();
    (*out)->who = who;
    (*out)->url = strdup(url);
    if ((*out)->curl == NULL || (*out)->url == NULL) {
        oc_http_post_free(out);
        return oc_diag_fail(diag, OC_E_MEMORY, "no HTTP client could be made");
    }
    curl_easy_setopt((*out)->curl, CURLOPT_URL, url);
    curl_easy_setopt((*out)->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt((*out)->curl, CURLOPT_PROXY, "");
    curl_easy_setopt((*out)->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt((*out)->curl, CURLOPT_WRITEFUNCTION, take_more);
    curl_easy_setopt((*out)->curl, CURLOPT_WRITEDATA, *out);
    if (credentials != NULL) {
        show_credentials((*out)->curl, credentials);
    }
    return oc_ok();
}
