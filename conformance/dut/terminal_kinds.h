/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_TERMINAL_KINDS_H
#define OC_CONFORMANCE_DUT_TERMINAL_KINDS_H

#include "conformance/dut/operator_desk.h"

/* Peers that speak the line protocol: driver:, exec:, tcp:. */
OC_MUST_USE oc_result oc_terminal_program_open(oc_terminal_dut **out, const oc_terminal_spec *spec,
                                               const oc_terminal_setup *setup, oc_diag *diag);

/* An operator at the terminal of this process, or at its standard input and error. The function "prompt" shows "zh" and
 * "en" and waits until he has done it, or where "until" is "powered" until a reader has powered the card. What he does
 * not do is a breach OPERATOR; after the end of his input the terminal is unusable. */
OC_MUST_USE oc_result oc_terminal_manual_open(oc_terminal_dut **out, const oc_terminal_spec *spec,
                                              const oc_terminal_setup *setup);
/* The same at a desk (operator_desk.h), whose descriptors, times and watch are given. */
OC_MUST_USE oc_result oc_terminal_manual_new(oc_terminal_dut **out, const oc_desk *desk,
                                             const char *const *environment);

/* Browser bridges: ws:, http:. */
OC_MUST_USE oc_result oc_terminal_bridge_open(oc_terminal_dut **out, const oc_terminal_spec *spec,
                                              const oc_terminal_setup *setup, oc_diag *diag);

/* How many bytes of `text`, from its begin, are whole GB18030 characters. */
size_t oc_terminal_text_len(oc_span text);

#endif
