/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_OS_H
#define OC_CONFORMANCE_DRIVER_HOST_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the operating system does for the driver host: os_posix*.c or os_windows*.c. */

/* A library. */
typedef struct oc_dh_library oc_dh_library;
typedef void oc_dh_function(void);

/* Why a library cannot be loaded. */
typedef struct oc_dh_load_error {
    const char *kind; /* "missing-file", "not-a-library", "other-architecture", "missing-dependency", "not-loaded" */
    char text[400];   /* one sentence; the system's own words in its encoding */
} oc_dh_load_error;

bool oc_dh_library_open(oc_dh_library **out, const char *path, oc_dh_load_error *error);
/* NULL when it is not exported, also not under its decorated name ("_iReadCardBas@8"). */
oc_dh_function *oc_dh_library_find(oc_dh_library *library, const char *name);

/* Memory for an output: `size` bytes that end where pages begin that nobody can read or write. There are many, because
 * a C library may fill a long range from its end. What stands in front of
 * them, at least a page, is known. */
typedef struct oc_dh_guarded {
    unsigned char *at;
    size_t size;
    unsigned char *region; /* from here to `at`: bytes of OC_DH_GUARD */
    unsigned char *guard;  /* what lies behind */
    size_t guard_size;
} oc_dh_guarded;

#define OC_DH_GUARD 0xA5
#define OC_DH_BEHIND ((size_t)16 * 1024 * 1024)

bool oc_dh_guarded_new(oc_dh_guarded *out, size_t size);
void oc_dh_guarded_free(oc_dh_guarded *guarded);

#define OC_DH_CALLERS 2

/* While a call of `caller` (from 0) runs: an access to the guard page of `guarded` writes `message` to the harness and
 * ends this process with OC_DH_EXIT_OVERRUN. Any other fault ends it as the system does. NULL: nothing of this caller's
 * is watched any more. */
void oc_dh_watch(unsigned caller, const oc_dh_guarded *guarded, const char *message, size_t len);

/* task(first) in this thread and task(second) in one of its own, begun at the same moment. Returns when both have
 * returned; false, and nothing was done, when no thread can be had. */
bool oc_dh_at_once(void (*task)(void *), void *first, void *second);

/* Exit statuses of this program that tell of the driver. */
enum oc_dh_exit {
    OC_DH_EXIT_USAGE = 2,
    OC_DH_EXIT_DESCRIPTORS = 93, /* the way to the harness was closed */
    OC_DH_EXIT_OVERRUN = 94,     /* the guard page was touched */
    OC_DH_EXIT_NOTHING = 95,     /* the warden could not start the command */
};

/* Sets an environment variable of this process, and so of the driver; NULL takes it away. */
void oc_dh_set_variable(const char *name, const char *value);

/* Nanoseconds on a clock that only moves forward. */
uint64_t oc_dh_now_ns(void);

/* The way to the harness. It is moved away from the standard descriptors, so that what the driver prints or reads does
 * not mix with it. */
typedef struct oc_dh_stream oc_dh_stream;

/* Takes standard input and output for the protocol. What the driver then prints goes to standard error with
 * `to_stderr`, else into a file that oc_dh_printed_take reads. */
bool oc_dh_stream_standard(oc_dh_stream **out, bool to_stderr);
/* One read; 0 at the end, -1 on failure. */
long oc_dh_stream_read(oc_dh_stream *stream, char *at, size_t room);
/* All of it; ends this process with OC_DH_EXIT_DESCRIPTORS where the way is not there any more. */
void oc_dh_stream_write(oc_dh_stream *stream, const char *at, size_t len);

/* The first `room` bytes of what was printed since it was last asked; *total tells how many there were. */
size_t oc_dh_printed_take(oc_dh_stream *stream, unsigned char *at, size_t room, unsigned long long *total);

/* Serves one harness after the other on a TCP port (listen), or one that waits there (connect): each gets a fresh child
 * of this program with `arguments` (NULL at the end), whose end is told in a last line. Returns an exit status. */
int oc_dh_listen(const char *address, const char *port, char *const *arguments);
int oc_dh_connect(const char *host, const char *port, char *const *arguments);

#ifdef __cplusplus
}
#endif
#endif
