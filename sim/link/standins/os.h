/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_STANDINS_OS_H
#define OC_LINK_STANDINS_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
typedef SRWLOCK oc_os_mutex;
#define OC_OS_MUTEX SRWLOCK_INIT
#else
#include <pthread.h>
typedef pthread_mutex_t oc_os_mutex;
#define OC_OS_MUTEX PTHREAD_MUTEX_INITIALIZER
#endif

/* What the stand-in libraries need of an operating system beyond the C library. */

void oc_os_mutex_init(oc_os_mutex *mutex);
void oc_os_lock(oc_os_mutex *mutex);
void oc_os_unlock(oc_os_mutex *mutex);

/* Where the card server is: the environment variable ONECARD_CARDS. False when it is not set or too long. */
#define OC_OS_ADDRESS_ROOM 256
bool oc_os_address(char out[OC_OS_ADDRESS_ROOM]);

/* A connected stream: "unix:PATH" or "tcp:HOST:PORT", HOST an IPv4 address. */
typedef intptr_t oc_os_stream;
#define OC_OS_NO_STREAM ((oc_os_stream)-1)
/* OC_OS_NO_STREAM when nobody answers there. */
oc_os_stream oc_os_connect(const char *address);
/* All bytes or false. */
bool oc_os_send(oc_os_stream stream, const void *bytes, size_t len);
bool oc_os_receive(oc_os_stream stream, void *bytes, size_t len);
/* Makes pending and later calls of other threads fail. */
void oc_os_shut(oc_os_stream stream);
void oc_os_close(oc_os_stream stream);

void oc_os_sleep(unsigned ms);
/* Milliseconds on a clock that is never set. */
uint64_t oc_os_now(void);

#endif
