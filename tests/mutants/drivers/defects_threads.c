/* SPDX-License-Identifier: Apache-2.0 */
/* Defects that only a second thread brings to light. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/mutants/drivers/driver_defect.h"

#define ROOM 65536
/* Longer than a call takes, so that the other thread is met every time. */
#define NAP_US 50000

/* Answers are composed in one place for all threads, and nobody keeps the others out of it. */
static long answers_mixed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static char shared[ROOM];
    static char own[ROOM];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    long code = right_serve(function, arguments, count, own);
    snprintf(shared, sizeof shared, "%s", own);
    pthread_mutex_unlock(&lock);
    usleep(NAP_US);
    snprintf(out, ROOM, "%s", shared);
    return code;
}

/* Two locks, one for the card and one for the files, taken in another order by the functions that begin with a file. */
static long locks_crossed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static pthread_mutex_t card = PTHREAD_MUTEX_INITIALIZER;
    static pthread_mutex_t files = PTHREAD_MUTEX_INITIALIZER;
    bool begins_with_file = find_argument(arguments, count, "file-addr") < count;
    pthread_mutex_lock(begins_with_file ? &files : &card);
    usleep(NAP_US);
    pthread_mutex_lock(begins_with_file ? &card : &files);
    long code = right_serve(function, arguments, count, out);
    pthread_mutex_unlock(&card);
    pthread_mutex_unlock(&files);
    return code;
}

const struct driver_defect driver_threads_defects[] = {
    {.name = "answers-mixed", .serve = answers_mixed},
    {.name = "locks-crossed", .serve = locks_crossed},
    {.name = NULL},
};
