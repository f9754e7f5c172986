/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_BENCH_OPENSSL_CALLS_H
#define OC_TESTS_BENCH_OPENSSL_CALLS_H

#include <stdbool.h>

/* Records the cipher and digest calls, and the multiplications on a curve, that go to OpenSSL (the linker's --wrap puts openssl_calls.c in between: see
 * oc_bench_openssl in CMakeLists.txt), and replays the same calls with the same lengths on contexts of their own. What
 * the simulator adds to that is its own share. One recording at a time. */
void bench_record_calls(void);
/* Ends the program when there were too many. */
void bench_stop_recording(void);
/* A contender's `run`; the context is not used. */
bool bench_replay(void *unused);
/* A line with the counts, so that needless cryptography shows, too. */
void bench_print_calls(const char *what);
void bench_forget_calls(void);

#endif
