/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_DRIVERS_WRAP_H
#define OC_TESTS_MUTANTS_DRIVERS_WRAP_H

#include "sim/terminal/driver/entries.h"
#include "sim/terminal/pin_entry.h"
#include "tests/mutants/drivers/driver_defect.h"

/* The linker sends calls of NAME to __wrap_NAME, and calls of __real_NAME to NAME (ld --wrap). X(name, result,
 * parameters, names of the parameters); CMakeLists.txt lists the names again. */
#define WRAPPED(X)                                                                                                    \
    X(oc_driver_serve, long, (const char *function, const oc_driver_argument *arguments, size_t count, char *out))    \
    X(oc_driver_ask, enum oc_keypad_outcome,                                                                          \
      (const oc_driver_settings *settings, const char *entry, oc_wr *typed, oc_diag *diag))                           \
    X(oc_terminal_call, oc_result,                                                                                    \
      (oc_terminal * terminal, const char *function, const oc_fields *args, oc_fields *answer, oc_diag *diag))        \
    X(oc_apdu_transmit, oc_result, (oc_link * link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag))     \
    X(oc_link_pcsc_waiting, oc_result, (oc_link * *out, const char *reader, int wait_ms, oc_diag *diag))              \
    X(oc_link_reset, oc_result, (oc_link * link, enum oc_reset kind, oc_buf * atr, oc_diag * diag))                   \
    X(oc_link_free, void, (oc_link * *link))                                                                          \
    X(oc_random_bytes, oc_result, (oc_random * random, uint8_t * out, size_t len))                                    \
    X(oc_span_equal_secret, bool, (oc_span a, oc_span b))                                                             \
    X(oc_pin_is_initial, bool, (const struct oc_call *call, const struct oc_pin_entry *entry))

#define DECLARE_WRAPPED(name, result, parameters)                                                                     \
    result __wrap_##name parameters;                                                                                  \
    result __real_##name parameters;
WRAPPED(DECLARE_WRAPPED)
#undef DECLARE_WRAPPED

#endif
