/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_CAPTURE_H
#define OC_CONFORMANCE_JUDGE_CAPTURE_H

#include "conformance/judge/session.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sessions that were recorded somewhere: by this program, by a spy under a PC/SC application, by a sniffer, by a
 * terminal's own log. */

#define OC_CAPTURE_BYTES_MAX ((size_t)64 * 1024 * 1024) /* of a file */
#define OC_CAPTURE_EXCHANGES_MAX ((size_t)500000)

/* Exchanges `first` to `first + count` of the capture. */
typedef struct oc_capture_session {
    const char *name; /* id of the case, or the capture's own name */
    size_t first, count;
} oc_capture_session;

typedef struct oc_capture {
    oc_arena arena;
    const char *name;      /* of the file */
    const char *format;    /* "result", "journal", "events", "pcsc-spy", "pcap", "pcapng", "log" */
    const oc_scope *scope; /* knows what references in braces stand for; or NULL. Borrowed */
    bool calls_only;       /* of this program's records: what a terminal caused, and no other step */
    oc_raw_exchange *at;
    size_t count, room;
    oc_capture_session *sessions;
    size_t session_count, session_room;
} oc_capture;

/* What to know of a log of a foreign form: regular expressions, as data (vectors/README.md, "Logs"). */
typedef struct oc_log_map oc_log_map;
OC_MUST_USE oc_result oc_log_map_load(oc_log_map **out, const char *path, const char *schema_path, oc_diag *diag);
OC_MUST_USE oc_result oc_log_map_parse(oc_log_map **out, oc_span xml, const char *name, oc_diag *diag);
void oc_log_map_free(oc_log_map **map);

/* Reads a capture of the form that its first bytes tell; with `map`, a log. `out` is zeroed but for name, scope and
 * calls_only. FORMAT with the file and the line or packet; LIMIT past a bound; a capture without exchanges is FORMAT.
 * Free with oc_capture_free, also after a failure. */
OC_MUST_USE oc_result oc_capture_read(oc_capture *out, oc_span content, const oc_log_map *map, oc_diag *diag);
OC_MUST_USE oc_result oc_capture_load(oc_capture *out, const char *path, const oc_log_map *map, oc_diag *diag);
void oc_capture_free(oc_capture *capture);

/* --- for the readers --- */

/* Begins a session; the name is copied. An empty one is dropped. */
OC_MUST_USE oc_result oc_capture_session_begin(oc_capture *capture, const char *name);
/* Adds an exchange to the session; its spans must live as long as the capture. */
OC_MUST_USE oc_result oc_capture_add(oc_capture *capture, const oc_raw_exchange *exchange);
/* Bytes in hex in which secrets stand as "{@reference}" or "{3 bytes}". `whole`: how many bytes they are in all, if it
 * is known, else SIZE_MAX. FORMAT for what is none. */
OC_MUST_USE oc_result oc_capture_bytes(oc_capture *capture, const char *text, size_t whole, oc_seen_bytes *out);
/* Fills in what the texts of this program's records tell of an exchange: "reset cold" or a command; NULL: no answer. */
OC_MUST_USE oc_result oc_capture_texts(oc_capture *capture, const char *actor, const char *command,
                                       const char *response, oc_raw_exchange *exchange, oc_diag *diag);

OC_MUST_USE oc_result oc_capture_result(oc_capture *capture, oc_span content, oc_diag *diag);
OC_MUST_USE oc_result oc_capture_journal(oc_capture *capture, oc_span content, oc_diag *diag);
OC_MUST_USE oc_result oc_capture_events(oc_capture *capture, oc_span content, oc_diag *diag);
OC_MUST_USE oc_result oc_capture_spy(oc_capture *capture, oc_span content, oc_diag *diag);
OC_MUST_USE oc_result oc_capture_pcap(oc_capture *capture, oc_span content, oc_diag *diag);
OC_MUST_USE oc_result oc_capture_log(oc_capture *capture, oc_span content, const oc_log_map *map, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
