/* SPDX-License-Identifier: Apache-2.0 */
#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/bridge_internal.h"
#include "sim/link/io.h"

#define REPLY_MAX ((size_t)1024 * 1024)

/* One connection for all requests, made when it is needed and again when it was lost. */
struct ws {
    struct lws_context *context;
    struct lws *wsi; /* NULL: not connected */
    char *text;      /* of the URL, cut into the next three */
    const char *scheme;
    const char *host;
    char path[1024];
    int port;
    bool is_open;
    bool failed;
    bool is_answered;
    bool is_flooded;
    oc_span request; /* to be sent */
    oc_buf *reply;
    char reason[128];
    oc_buf frame; /* LWS_PRE bytes, then the request */
};

static int send_request(struct ws *self, struct lws *wsi)
{
    static const uint8_t room[LWS_PRE] = {0};
    if (self->request.len == 0) {
        return 0;
    }
    oc_buf_clear(&self->frame);
    if (!oc_is_ok(oc_buf_append(&self->frame, oc_span_of(room, sizeof room))) ||
        !oc_is_ok(oc_buf_append(&self->frame, self->request))) {
        return -1;
    }
    size_t len = self->request.len;
    self->request = oc_span_empty();
    int put = lws_write(wsi, self->frame.at + LWS_PRE, len, LWS_WRITE_TEXT);
    oc_wipe(self->frame.at, self->frame.len);
    return put < (int)len ? -1 : 0;
}

static void take_part(struct ws *self, struct lws *wsi, oc_span part)
{
    bool fits = self->reply != NULL && !self->is_answered && self->reply->len + part.len <= REPLY_MAX;
    self->is_flooded = self->is_flooded || (self->reply != NULL && !fits);
    if (fits && oc_is_ok(oc_buf_append(self->reply, part))) {
        self->is_answered = lws_is_final_fragment(wsi) != 0 && lws_remaining_packet_payload(wsi) == 0;
    }
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct ws *self = lws_context_user(lws_get_context(wsi));
    (void)user;
    if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED) {
        self->is_open = true;
        lws_callback_on_writable(wsi);
    } else if (reason == LWS_CALLBACK_CLIENT_WRITEABLE) {
        return send_request(self, wsi);
    } else if (reason == LWS_CALLBACK_CLIENT_RECEIVE) {
        take_part(self, wsi, oc_span_of(in, len));
    } else if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR) {
        snprintf(self->reason, sizeof self->reason, "%.*s", (int)len, in == NULL ? "" : (const char *)in);
        self->failed = true;
        self->wsi = NULL;
    } else if (reason == LWS_CALLBACK_CLIENT_CLOSED) {
        self->failed = true;
        self->is_open = false;
        self->wsi = NULL;
    }
    return 0;
}

static const struct lws_protocols protocols[] = {{"", on_event, 0, 65536, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};

static void connect_to(struct ws *self)
{
    bool secure = strcmp(self->scheme, "wss") == 0 || strcmp(self->scheme, "https") == 0;
    char name[300];
    snprintf(name, sizeof name, "%s:%d", self->host, self->port);
    const struct lws_client_connect_info info = {.context = self->context,
                                                 .address = self->host,
                                                 .port = self->port,
                                                 .ssl_connection = secure ? LCCSCF_USE_SSL : 0,
                                                 .path = self->path,
                                                 .host = name,
                                                 .origin = name,
                                                 .ietf_version_or_minus_one = -1,
                                                 .pwsi = &self->wsi};
    self->is_open = false;
    self->failed = lws_client_connect_via_info(&info) == NULL;
}

static oc_result ws_ask(void *context, oc_span request, int timeout_ms, oc_buf *reply, oc_breach *breach,
                        oc_diag *diag)
{
    struct ws *self = context;
    uint64_t deadline = oc_deadline_in(timeout_ms);
    (void)diag;
    oc_buf_clear(reply);
    self->request = request;
    self->reply = reply;
    self->failed = self->is_answered = self->is_flooded = false;
    self->reason[0] = '\0';
    if (self->wsi == NULL) {
        connect_to(self);
    } else {
        lws_callback_on_writable(self->wsi);
    }
    bool was_open = self->is_open;
    while (!self->failed && !self->is_answered && !self->is_flooded && oc_deadline_left(deadline) > 0) {
        /* -1: what is there already; a wait in between, because the service knows no deadline. */
        lws_service(self->context, -1);
        was_open = was_open || self->is_open;
        if (!self->is_answered) {
            (void)poll(NULL, 0, 1);
        }
    }
    self->reply = NULL;
    self->request = oc_span_empty();
    if (self->is_flooded) {
        oc_breach_note(breach, OC_BREACH_FLOOD, "the bridge answered more than %zu bytes or twice", REPLY_MAX);
    } else if (self->failed) {
        oc_breach_note(breach, was_open ? OC_BREACH_EXIT : OC_BREACH_LOAD, "%s %s:%d%s: %s",
                       was_open ? "the bridge hung up at" : "no bridge serves at", self->host, self->port, self->path,
                       self->reason[0] != '\0' ? self->reason : "closed");
    } else if (!self->is_answered) {
        oc_breach_note(breach, OC_BREACH_HANG, "the bridge gave no answer within %d ms", timeout_ms);
    }
    if (!self->is_answered && self->wsi != NULL) {
        /* A late answer must not be taken for the next one. */
        lws_set_timeout(self->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
        self->wsi = NULL;
    }
    return oc_ok();
}

static void ws_free(void *context)
{
    struct ws *self = context;
    if (self->context != NULL) {
        lws_context_destroy(self->context);
    }
    oc_buf_free(&self->frame);
    free(self->text);
    free(self);
}

oc_result oc_bridge_ws(oc_bridge_way *out, const char *url, oc_diag *diag)
{
    struct ws *self = calloc(1, sizeof *self);
    const char *path = "";
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    lws_set_log_level(0, NULL);
    const struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN,
                                                   .protocols = protocols,
                                                   .gid = -1,
                                                   .uid = -1,
                                                   .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
                                                   .user = self};
    self->text = strdup(url);
    if (self->text == NULL || lws_parse_uri(self->text, &self->scheme, &self->host, &self->port, &path) != 0) {
        ws_free(self);
        return oc_diag_fail(diag, OC_E_USAGE, "%s is no URL of a WebSocket; write ws://HOST:PORT/PATH", url);
    }
    snprintf(self->path, sizeof self->path, "/%s", path);
    self->context = lws_create_context(&info);
    if (self->context == NULL) {
        ws_free(self);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no WebSocket client could be made");
    }
    *out = (oc_bridge_way){ws_ask, ws_free, self};
    return oc_ok();
}
