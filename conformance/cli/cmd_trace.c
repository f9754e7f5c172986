/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/stop.h"
#include "conformance/cli/words.h"
#include "conformance/judge/pcap_out.h"
#include "conformance/run/show.h"

/* onecard trace: the exchanges of a record or capture for a reader, or as a packet capture. */

struct trace {
    const oc_cli *cli;
    const char *path;
    const char *pcap;
    const char *map_path;
    const char *lang;
    bool follow, calls_only, reveal;
};

enum { KEY_PCAP = 1000, KEY_MAP, KEY_FOLLOW, KEY_CALLS, KEY_REVEAL };

static const struct argp_option trace_options[] = {
    {"follow", KEY_FOLLOW, 0, 0, "of a file of run --events: go on as it grows, until its run has ended", 1},
    {"calls", KEY_CALLS, 0, 0, "of own records, what a terminal caused alone", 1},
    {"map", KEY_MAP, "FILE", 0, "log map: how commands and answers stand in the file", 1},
    {"pcap", KEY_PCAP, "OUT", 0, "write a packet capture for Wireshark in place of text; masked bytes are zeros", 2},
    {"reveal", KEY_REVEAL, 0, 0, "show PINs and records of captures that mask nothing", 2},
    {"lang", 'l', "LANG", 0, "language of meanings: en or zh", 2},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct trace *trace = state->input;
    switch (key) {
    case KEY_FOLLOW:
        trace->follow = true;
        return 0;
    case KEY_CALLS:
        trace->calls_only = true;
        return 0;
    case KEY_REVEAL:
        trace->reveal = true;
        return 0;
    case KEY_MAP:
        trace->map_path = text;
        return 0;
    case KEY_PCAP:
        trace->pcap = text;
        return 0;
    case 'l':
        trace->lang = text;
        return 0;
    case ARGP_KEY_ARG:
        if (trace->path != NULL) {
            argp_error(state, _("one file at a time"));
        }
        trace->path = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static oc_result load_map(const struct trace *trace, oc_log_map **map, oc_diag *diag)
{
    char schema[PATH_MAX];
    if (trace->map_path == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_cli_data_path(trace->cli, schema, "vectors/schema/log-map.xsd"));
    return oc_log_map_load(map, trace->map_path, schema, diag);
}

/* What the other side of a pipe no longer reads is nobody's failure. */
static oc_result flush(oc_diag *diag)
{
    if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
        return oc_diag_fail(diag, OC_E_IO, _("cannot write the trace: %s"), strerror(errno));
    }
    return oc_ok();
}

/* A packet capture is masked as the text is: what its source shows in clear goes through the mask and back. */
static oc_result mask_capture(oc_capture *capture, const oc_mask *mask)
{
    for (size_t i = 0; i < capture->count; i++) {
        oc_raw_exchange *raw = &capture->at[i];
        if (raw->command_text != NULL || raw->is_reset) {
            continue;
        }
        const oc_span command = raw->command.bytes;
        const char *answer = oc_mask_response(mask, &capture->arena, command, raw->response.bytes);
        const char *text = oc_mask_command(mask, &capture->arena, command);
        if (text == NULL || answer == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        OC_TRY(oc_capture_bytes(capture, answer, raw->response.bytes.len, &raw->response));
        OC_TRY(oc_capture_bytes(capture, text, command.len, &raw->command));
    }
    return oc_ok();
}

static oc_result write_pcap(const struct trace *trace, oc_capture *capture, const oc_mask *mask, oc_diag *diag)
{
    OC_TRY(mask_capture(capture, mask));
    return oc_pcap_write(capture, trace->pcap, diag);
}

static oc_result show_file(const struct trace *trace, oc_show *show, oc_diag *diag)
{
    oc_capture capture = {.calls_only = trace->calls_only};
    oc_log_map *map = NULL;
    oc_result r = load_map(trace, &map, diag);
    if (oc_is_ok(r)) {
        r = oc_capture_load(&capture, trace->path, map, diag);
    }
    if (oc_is_ok(r) && trace->pcap != NULL) {
        r = write_pcap(trace, &capture, show->mask, diag);
    } else if (oc_is_ok(r)) {
        oc_show_capture(show, &capture);
        r = flush(diag);
    }
    oc_capture_free(&capture);
    oc_log_map_free(&map);
    return r;
}

#define LINE_BYTES_MAX ((size_t)1 << 20)
#define WAIT_NS 100000000 /* between looks at a file that does not grow (project choice) */

struct growing {
    oc_buf line;
    bool ended; /* the run's last event was shown */
};

static oc_result take_bytes(struct growing *growing, oc_show *show, const char *bytes, size_t count, oc_diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != '\n') {
            if (growing->line.len == LINE_BYTES_MAX) {
                return oc_diag_fail(diag, OC_E_LIMIT, _("a line of more than %zu bytes"), LINE_BYTES_MAX);
            }
            OC_TRY(oc_buf_append_byte(&growing->line, (uint8_t)bytes[i]));
            continue;
        }
        oc_show_event(show, (const char *)growing->line.at, growing->line.len);
        growing->ended = growing->ended || memmem(growing->line.at, growing->line.len, "\"event\":\"run-ended\"",
                                                  strlen("\"event\":\"run-ended\"")) != NULL;
        oc_buf_clear(&growing->line);
    }
    return flush(diag);
}

static oc_result follow_from(int fd, oc_show *show, oc_diag *diag)
{
    const volatile sig_atomic_t *stop = oc_stop_watch(false);
    const struct timespec pause = {.tv_nsec = WAIT_NS};
    struct growing growing = {.ended = false};
    char bytes[65536];
    oc_result r = oc_ok();
    while (oc_is_ok(r) && !growing.ended && *stop == 0 && !ferror(stdout)) {
        ssize_t count = read(fd, bytes, sizeof bytes);
        if (count > 0) {
            r = take_bytes(&growing, show, bytes, (size_t)count, diag);
        } else if (count < 0 && errno != EINTR) {
            r = oc_diag_fail(diag, OC_E_IO, _("cannot read: %s"), strerror(errno));
        } else {
            nanosleep(&pause, NULL);
        }
    }
    oc_buf_free(&growing.line);
    return r;
}

static oc_result follow(const struct trace *trace, oc_show *show, oc_diag *diag)
{
    int fd = open(trace->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return oc_diag_fail_at(diag, OC_E_NOT_FOUND, trace->path, 0, "%s", strerror(errno));
    }
    oc_result r = follow_from(fd, show, diag);
    close(fd);
    if (!oc_is_ok(r)) {
        oc_diag_place(diag, trace->path, 0);
    }
    return r;
}

int oc_command_trace(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {trace_options,
                                     take,
                                     "FILE",
                                     "Show the exchanges of a result.xml, run.journal, file of events or capture, or "
                                     "write them as a packet capture.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct trace trace = {.cli = cli, .lang = cli->lang};
    int code = oc_cli_parse(&argp, argc, argv, &trace);
    if (code != OC_EXIT_OK) {
        return code;
    }
    if (trace.path == NULL || (trace.follow && trace.pcap != NULL)) {
        fprintf(stderr, "onecard trace: %s\n",
                trace.path == NULL ? _("which file?") : _("--follow shows, and writes no packet capture"));
        return OC_EXIT_USAGE;
    }
    oc_diag diag = {0};
    oc_mask *mask = NULL;
    oc_result r = trace.reveal ? oc_mask_new(&mask, NULL, true) : oc_mask_new_blind(&mask);
    oc_show show = {.out = stdout, .lang = trace.lang, .mask = mask};
    if (oc_is_ok(r)) {
        r = trace.follow ? follow(&trace, &show, &diag) : show_file(&trace, &show, &diag);
    }
    oc_show_free(&show);
    oc_mask_free(&mask);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return r.code == OC_E_IO ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
    }
    return OC_EXIT_OK;
}
