/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_DRIVER_MANIFEST_H
#define OC_CONFORMANCE_DUT_DRIVER_MANIFEST_H

#include "sim/base/diag.h"
#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the functions of a driver library are called: those of LD/T 33 (sim/terminal/functions.h), and where a manifest,
 * driver.xml, says so, otherwise. Immutable after it was made; threads may share it. */
typedef struct oc_driver_manifest oc_driver_manifest;

#define OC_DRIVER_PARAMETERS_MAX 10
/* Bytes of an output buffer where nothing is documented (project choice: no function returns more). */
#define OC_DRIVER_BUFFER 65536u

enum oc_driver_parameter_kind {
    OC_DRIVER_INT,
    OC_DRIVER_IN,       /* const char * */
    OC_DRIVER_OUT,      /* char *, the output buffer */
    OC_DRIVER_SIZE,     /* int, bytes of the output buffer */
    OC_DRIVER_NULL,     /* a null pointer, always */
    OC_DRIVER_CALLBACK, /* the function that hands out key pad entries */
    OC_DRIVER_ROOM      /* char *, a buffer that nobody looks at afterwards */
};

typedef struct oc_driver_parameter {
    enum oc_driver_parameter_kind kind;
    const char *from;  /* name of the argument or key pad entry, or "env:NAME"; NULL: `value` */
    const char *value; /* UTF-8 */
    unsigned size;     /* of OC_DRIVER_ROOM */
} oc_driver_parameter;

typedef struct oc_driver_call {
    const char *function; /* name by LD/T 33, or the vendor's for calls of his own */
    const char *symbol;   /* the name that is exported */
    const char *before;   /* of a key pad call: only before this function; or NULL */
    unsigned buffer;      /* bytes of the output buffer */
    unsigned count;
    oc_driver_parameter parameters[OC_DRIVER_PARAMETERS_MAX];
} oc_driver_call;

typedef struct oc_driver_calls {
    const oc_driver_call *at;
    size_t count;
} oc_driver_calls;

/* What LD/T 33 says and nothing else. */
OC_MUST_USE oc_result oc_driver_manifest_default(oc_driver_manifest **out);
/* FORMAT with file, line and reason for what is no manifest. */
OC_MUST_USE oc_result oc_driver_manifest_load(oc_driver_manifest **out, const char *path, oc_diag *diag);
/* The same from memory; `name` stands for the file in messages. */
OC_MUST_USE oc_result oc_driver_manifest_parse(oc_driver_manifest **out, oc_span text, const char *name,
                                               oc_diag *diag);
void oc_driver_manifest_free(oc_driver_manifest **manifest);

/* NULL for what the driver does not have, as far as the manifest knows. */
const oc_driver_call *oc_driver_manifest_function(const oc_driver_manifest *manifest, const char *name);
/* All that it may have, in the order of the standard. */
oc_driver_calls oc_driver_manifest_functions(const oc_driver_manifest *manifest);
oc_driver_calls oc_driver_manifest_init(const oc_driver_manifest *manifest);
oc_driver_calls oc_driver_manifest_exit(const oc_driver_manifest *manifest);
oc_driver_calls oc_driver_manifest_keypad(const oc_driver_manifest *manifest);
/* "NAME=VALUE" texts, NULL at the end. */
const char *const *oc_driver_manifest_environment(const oc_driver_manifest *manifest);
/* The standard's return code for the driver's. */
long long oc_driver_manifest_code(const oc_driver_manifest *manifest, long long code);
/* 32, 64, or 0: as wide as long is on the driver's machine. */
unsigned oc_driver_manifest_long_bits(const oc_driver_manifest *manifest);
/* True where __stdcall was declared or nothing was; it tells something on 32-bit Windows only. */
bool oc_driver_manifest_is_stdcall(const oc_driver_manifest *manifest);
/* One process for all cases. */
bool oc_driver_manifest_keeps(const oc_driver_manifest *manifest);

/* Sets a field "departure-TOPIC" for each kind of departure from the standard: one sentence that names all of that
 * kind, "" where there is none. Topics: parameters symbols absent init pin keypad codes long convention buffer items.
 * "departures" is the number of those that are not empty. */
OC_MUST_USE oc_result oc_driver_manifest_departures(const oc_driver_manifest *manifest, oc_fields *answer);

#ifdef __cplusplus
}
#endif
#endif
