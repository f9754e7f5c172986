/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_HOST_JUDGE_H
#define OC_CONFORMANCE_CLI_HOST_JUDGE_H

#include "conformance/cli/cli.h"
#include "sim/host/medical/medical.h"

/* Judges the clients of the settlement back-end: a case for each message that came, in a result record. A message fails
 * by the first thing that the field tables, the signature or a rule object to; an objection that rests on this project's
 * choice is a DEVIATION. After an answer that hid the outcome of a settlement, a second one of the same institution for
 * the same visit with a new msgid breaks F11, unless 2601 took the first back, 2208 cancelled it, or the first was sent once more. A client that does
 * none of these has not noticed: a DEVIATION of its own at the end. A success whose amounts or numbers are wrong is such an
 * answer, too. */
typedef struct oc_host_judge oc_host_judge;

OC_MUST_USE oc_result oc_host_judge_open(oc_host_judge **out, const oc_cli *cli, const char *folder,
                                         const char *command_line, oc_diag *diag);

/* Notes a message. `hidden`: the client was not told what became of it. */
OC_MUST_USE oc_result oc_host_judge_note(oc_host_judge *judge, oc_span request, const oc_med_judgement *judgement,
                                         bool hidden, oc_diag *diag);

/* Ends the record and writes result.xml, report.html and junit.xml; *code is the exit code. Accepts NULL. */
OC_MUST_USE oc_result oc_host_judge_close(oc_host_judge **judge, int *code, oc_diag *diag);

#endif
