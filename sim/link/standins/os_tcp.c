/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/standins/os_tcp.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool oc_os_host_port(const char *text, char host[OC_OS_HOST_ROOM], unsigned short *port)
{
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    if (colon == NULL || colon[1] < '0' || colon[1] > '9' || (size_t)(colon - text) >= OC_OS_HOST_ROOM) {
        return false;
    }
    unsigned long number = strtoul(colon + 1, &end, 10);
    if (*end != '\0' || number == 0 || number > 65535) {
        return false;
    }
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    *port = (unsigned short)number;
    return true;
}
