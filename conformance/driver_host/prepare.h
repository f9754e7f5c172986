/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_PREPARE_H
#define OC_CONFORMANCE_DRIVER_HOST_PREPARE_H

#include "conformance/driver_host/call.h"
#include "conformance/driver_host/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A call made ready from the list "c" of a question, or of an object in it, one text a parameter:
 *   "int N"    a whole number
 *   "in HEX"   a text of these bytes; a NUL is added
 *   "out SIZE" an output buffer of SIZE bytes, whose first byte is 0
 *   "room SIZE" a second buffer, of which nothing is told afterwards
 *   "size"     the size of the output buffer
 *   "null"     a null pointer
 *   "keypad"   the function that hands out key pad entries (keypad.h) */
typedef struct oc_dh_prepared {
    oc_dh_call call;
    oc_dh_guarded out; /* at NULL: none */
    void *owned[OC_DH_PARAMETERS_MAX];
    oc_dh_guarded rooms[OC_DH_PARAMETERS_MAX];
} oc_dh_prepared;

#define OC_DH_BUFFER_MAX ((size_t)64 * 1024)

/* `object`: 0, or the index of the object. Zero-initialise before; free with oc_dh_prepared_free, also after a failure. */
bool oc_dh_prepare(oc_dh_prepared *out, const oc_dh_json *question, unsigned object, const char **why);
void oc_dh_prepared_free(oc_dh_prepared *prepared);

/* How many bytes in front of the output buffer are not what they were. */
size_t oc_dh_prepared_underrun(const oc_dh_prepared *prepared);

#ifdef __cplusplus
}
#endif
#endif
