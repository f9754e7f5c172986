/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_HTTP_CLIENT_H
#define OC_TESTS_SUPPORT_OC_HTTP_CLIENT_H

#include "sim/base/bytes.h"

/* The least of an HTTP client, over a socket that is kept: so little that a load of it measures the service, and so
 * plain that tests can send what no library would. */

/* A socket connected to "127.0.0.1:PORT"; -1 when nobody listens there. */
int oc_client_dial(const char *address);
/* False when the connection is broken. */
bool oc_client_say(int fd, oc_span bytes);
/* POST of JSON. */
bool oc_client_post(int fd, const char *path, oc_span body);
/* Reads one response, headers and as many bytes of body as it announces. The status and the body, or 0 when the
 * connection broke or nothing came for `timeout_ms`. `body` is emptied first; it holds the head meanwhile. */
unsigned oc_client_hear(int fd, oc_buf *body, int timeout_ms);

#endif
