/* SPDX-License-Identifier: Apache-2.0 */
/* What a library does to the process that loaded it: it crashes, stands still or ends it, and takes its threads for one. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/mutants/drivers/boundary.h"

#define LONGEST 2000
/* Longer than a call takes, so that the other thread is met every time. */
#define NAP_US 50000
#define PER_CALL 2

static bool any_argument(const oc_driver_argument *arguments, size_t count, size_t from, size_t to)
{
    for (size_t i = 0; i < count; i++) {
        size_t len = arguments[i].text == NULL ? SIZE_MAX : strlen(arguments[i].text);
        if (len >= from && len <= to) {
            return true;
        }
    }
    return false;
}

static long crash_empty(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    if (any_argument(arguments, count, 0, 0)) {
        abort();
    }
    return driver_right_serve(function, arguments, count, out);
}

static long crash_long(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    if (any_argument(arguments, count, LONGEST, SIZE_MAX - 1)) {
        abort();
    }
    return driver_right_serve(function, arguments, count, out);
}

/* A card that breaks its interface breaks the library. */
static long crash_bad_card(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (code == OC_CODE_DATA_LENGTH) {
        abort();
    }
    return code;
}

static long exit_no_psam(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (code == OC_CODE_NO_PSAM) {
        _exit(1);
    }
    return code;
}

/* Waits until somebody puts a card in. */
static long wait_for_card(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    while (code == OC_CODE_NO_CARD) {
        usleep(NAP_US);
        code = driver_right_serve(function, arguments, count, out);
    }
    return code;
}

/* Each call opens its log anew, and forgets the one before. */
static long descriptors_lost(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    for (unsigned i = 0; i < PER_CALL; i++) {
        if (dup(STDERR_FILENO) < 0) {
            return OC_CODE_LIBRARY;
        }
    }
    return driver_right_serve(function, arguments, count, out);
}

/* Answers are composed in one place for all threads, and nobody keeps the others out of it. */
static long answers_mixed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static char shared[DRIVER_ROOM];
    static char own[DRIVER_ROOM];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    long code = driver_right_serve(function, arguments, count, own);
    snprintf(shared, sizeof shared, "%s", own);
    pthread_mutex_unlock(&lock);
    usleep(NAP_US);
    snprintf(out, DRIVER_ROOM, "%s", shared);
    return code;
}

/* Two locks, one for the card and one for the files, taken in another order by the functions that begin with a file. */
static long locks_crossed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static pthread_mutex_t card = PTHREAD_MUTEX_INITIALIZER;
    static pthread_mutex_t files = PTHREAD_MUTEX_INITIALIZER;
    bool begins_with_file = driver_argument(arguments, count, "file-addr") < count;
    pthread_mutex_lock(begins_with_file ? &files : &card);
    usleep(NAP_US);
    pthread_mutex_lock(begins_with_file ? &card : &files);
    long code = driver_right_serve(function, arguments, count, out);
    pthread_mutex_unlock(&card);
    pthread_mutex_unlock(&files);
    return code;
}

static const struct mutant rows[] = {
    {.id = "terminal.driver.crash-empty", DRIVER(.serve = crash_empty)},
    {.id = "terminal.driver.crash-long", DRIVER(.serve = crash_long)},
    {.id = "terminal.driver.crash-bad-card", DRIVER(.serve = crash_bad_card)},
    {.id = "terminal.driver.exit-no-psam", DRIVER(.serve = exit_no_psam)},
    {.id = "terminal.driver.wait-for-card", DRIVER(.serve = wait_for_card)},
    {.id = "terminal.driver.descriptors-lost", DRIVER(.serve = descriptors_lost)},
    {.id = "terminal.driver.answers-mixed", DRIVER(.serve = answers_mixed)},
    {.id = "terminal.driver.locks-crossed", DRIVER(.serve = locks_crossed)},
};
MUTANT_TABLE(rows);
