/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_CASE_PCAP_H
#define OC_CONFORMANCE_CLI_CASE_PCAP_H

#include "reports/bundle/bundle.h"

/* The exchanges of a case of a record as a packet capture (conformance/judge/pcap_out.h), beside its trace in a bundle.
 * Nothing for a case without exchanges. */
oc_bundle_companion oc_cli_case_pcap;

#endif
