/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_TERMINAL_KINDS_H
#define OC_CONFORMANCE_DUT_TERMINAL_KINDS_H

#include "conformance/dut/terminal_dut.h"

/* How many bytes of `text`, from its begin, are whole GB18030 characters. */
size_t oc_terminal_text_len(oc_span text);

#endif
