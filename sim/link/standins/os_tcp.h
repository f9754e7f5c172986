/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_STANDINS_OS_TCP_H
#define OC_LINK_STANDINS_OS_TCP_H

#include <stdbool.h>

/* Takes HOST:PORT apart. False when it is none. */
#define OC_OS_HOST_ROOM 64
bool oc_os_host_port(const char *text, char host[OC_OS_HOST_ROOM], unsigned short *port);

#endif
