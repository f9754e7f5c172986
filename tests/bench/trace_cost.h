/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_BENCH_TRACE_COST_H
#define OC_TESTS_BENCH_TRACE_COST_H

/* Runs the shipped vectors on virtual actors in this process, with a record in `folder`, which is removed again, and
 * prints what a run without recording takes, one that collects the trace, and one that writes it down as well, with
 * their ratios: for the cases of a card alone, and for all cases. */
void bench_trace_cost(const char *folder);

#endif
