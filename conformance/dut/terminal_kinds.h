/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_TERMINAL_KINDS_H
#define OC_CONFORMANCE_DUT_TERMINAL_KINDS_H

#include "conformance/dut/terminal_dut.h"

/* Peers that speak the line protocol: driver:, exec:, tcp:. */
OC_MUST_USE oc_result oc_terminal_program_open(oc_terminal_dut **out, const oc_terminal_spec *spec,
                                               const oc_terminal_setup *setup, oc_diag *diag);

/* An operator at the terminal of this process, or at its standard input and error. He has ONECARD_OPERATOR_SECONDS
 * (300) for each answer. The function "prompt" shows "zh" and "en" and waits until he has done it. */
OC_MUST_USE oc_result oc_terminal_manual_open(oc_terminal_dut **out, oc_diag *diag);
/* The same with descriptors; `owns`: they are closed with it. */
OC_MUST_USE oc_result oc_terminal_manual_new(oc_terminal_dut **out, int in, int to, bool owns, int wait_ms);

/* Browser bridges: ws:, http:. */
OC_MUST_USE oc_result oc_terminal_bridge_open(oc_terminal_dut **out, const oc_terminal_spec *spec,
                                              const oc_terminal_setup *setup, oc_diag *diag);

/* How many bytes of `text`, from its begin, are whole GB18030 characters. */
size_t oc_terminal_text_len(oc_span text);

#endif
