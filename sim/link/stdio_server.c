/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/link/io.h"
#include "sim/link/transports.h"

struct server {
    oc_endpoint endpoint;
    oc_lines lines;
    int out_fd;
    oc_buf command;
    uint8_t response[OC_RESPONSE_MAX];
    char line[2 * OC_RESPONSE_MAX + 2];
};

/* "R" and "W" are resets; everything else has to be hex. */
static bool is_reset(oc_span line, enum oc_reset *kind)
{
    if (line.len != 1 || (line.at[0] != 'R' && line.at[0] != 'W')) {
        return false;
    }
    *kind = line.at[0] == 'R' ? OC_RESET_COLD : OC_RESET_WARM;
    return true;
}

static oc_result ask_endpoint(struct server *server, oc_span line, oc_wr *response, oc_diag *diag)
{
    enum oc_reset kind;
    if (is_reset(line, &kind)) {
        return server->endpoint.reset(server->endpoint.self, kind, response);
    }
    oc_buf_clear(&server->command);
    if (!oc_is_ok(oc_hex_decode(&server->command, (const char *)line.at, line.len))) {
        char seen[OC_SEEN_ROOM];
        oc_seen(seen, line);
        return oc_diag_fail(diag, OC_E_GARBAGE, "\"%s\" is neither R, W nor a command in hex", seen);
    }
    return server->endpoint.exchange(server->endpoint.self, oc_buf_span(&server->command), response);
}

static oc_result answer(struct server *server, oc_span line, oc_diag *diag)
{
    oc_wr response = oc_wr_of(server->response, sizeof server->response);
    oc_result result = ask_endpoint(server, line, &response, diag);
    if (!oc_is_ok(result)) {
        return oc_diag_fail(diag, result.code, "the card failed: %s", oc_code_sentence(result.code));
    }
    if (response.bad) {
        return oc_diag_fail(diag, OC_E_INTERNAL, "the card's answer is longer than %d bytes", OC_RESPONSE_MAX);
    }
    oc_hex_encode(server->line, sizeof server->line - 1, oc_wr_span(&response));
    server->line[2 * response.len] = '\n';
    result = oc_write_all(server->out_fd, oc_span_of(server->line, 2 * response.len + 1), OC_NO_DEADLINE);
    if (!oc_is_ok(result)) {
        return oc_diag_fail(diag, result.code, "the terminal no longer reads the card's answers");
    }
    return oc_ok();
}

static oc_result serve(struct server *server, oc_diag *diag)
{
    for (;;) {
        oc_span line;
        oc_result result = oc_lines_next(&server->lines, OC_NO_DEADLINE, &line);
        oc_span rest = oc_lines_rest(&server->lines);
        if (result.code == OC_E_GONE && rest.len == 0) {
            return oc_ok();
        }
        if (result.code == OC_E_GONE || result.code == OC_E_LIMIT) {
            char seen[OC_SEEN_ROOM];
            oc_seen(seen, rest);
            return oc_diag_fail(diag, OC_E_GARBAGE, "the line \"%s\" %s", seen,
                                result.code == OC_E_LIMIT ? "does not end" : "has no end before the end of input");
        }
        if (!oc_is_ok(result)) {
            return oc_diag_fail(diag, result.code, "reading commands failed");
        }
        OC_TRY(answer(server, line, diag));
    }
}

oc_result oc_serve_stdio(oc_endpoint endpoint, int in_fd, int out_fd, oc_diag *diag)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    server->endpoint = endpoint;
    server->out_fd = out_fd;
    oc_result result = oc_lines_init(&server->lines, in_fd);
    if (oc_is_ok(result)) {
        result = serve(server, diag);
    }
    oc_lines_free(&server->lines);
    oc_buf_free(&server->command);
    oc_wipe(server, sizeof *server);
    free(server);
    return result;
}
