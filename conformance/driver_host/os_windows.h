/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_OS_WINDOWS_H
#define OC_CONFORMANCE_DRIVER_HOST_OS_WINDOWS_H

#include <stddef.h>

/* Shared by the sources of Windows. */

/* Writes to the harness; allowed in a handler of faults. Does nothing before there is a stream. */
void oc_dh_windows_write(const char *at, size_t len);

#endif
