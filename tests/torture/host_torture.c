/* SPDX-License-Identifier: Apache-2.0 */
/* host_torture ROUNDS [SEED [FOLDER]]: the back-end is killed ROUNDS times at random moments, while hospitals settle; each
 * time it starts again on the same store and the hospitals go on. After every ten kills their books are held against its
 * answers and its file, and another store begins. In FOLDER, on a disk, commits are synced to it; without it the store is
 * in memory: what a kill leaves behind is the same. */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "tests/support/oc_program.h"
#include "tests/torture/host_audit.h"

#define CLIENTS 12
#define KILLS_A_STORE 10
#define LIFE_MAX_MS 250     /* under load, until the kill */
#define BIRTH_MAX_MS 60     /* of those that are killed while they start */
#define LOG_MAX (16L << 20) /* bytes of the write-ahead log: it is written back as it should */

struct torture {
    char folder[PATH_MAX];
    char store[PATH_MAX];
    char address[64];
    const char *onecard;
    oc_region *region;
    oc_program host;
    struct host_client clients[CLIENTS];
    struct host_audit audit;
    uint64_t random;
    unsigned births; /* killed before they served */
    unsigned kills;
    long log; /* the longest that was seen */
};

static void need(bool fine, const char *sentence)
{
    if (!fine) {
        fprintf(stderr, "host_torture: %s\n", sentence);
        exit(3);
    }
}

static unsigned next(struct torture *torture, unsigned below)
{
    torture->random ^= torture->random << 13;
    torture->random ^= torture->random >> 7;
    torture->random ^= torture->random << 17;
    return (unsigned)(torture->random % below);
}

static void sleep_us(unsigned us)
{
    nanosleep(&(struct timespec){us / 1000000, (long)(us % 1000000) * 1000}, NULL);
}

static void start_host(struct torture *torture)
{
    const char *const argv[] = {torture->onecard,  "host",         "--listen", "127.0.0.1:0",
                                "--medical-store", torture->store, NULL};
    oc_program_start(&torture->host, argv);
}

/* The address that it says it serves at. */
static void await_host(struct torture *torture)
{
    char line[256];
    size_t len = 0;
    struct pollfd ready = {.fd = torture->host.out_fd, .events = POLLIN};
    while (len + 1 < sizeof line && memchr(line, '\n', len) == NULL && poll(&ready, 1, 30000) == 1) {
        ssize_t got = read(torture->host.out_fd, line + len, sizeof line - len - 1);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    line[len] = '\0';
    if (sscanf(line, "http://%63[0-9.:]/", torture->address) != 1) {
        oc_program_finish(&torture->host);
        fprintf(stderr, "%s", oc_program_err(&torture->host));
        need(false, "the host did not start on the store that the kill left");
    }
}

static void end_host(struct torture *torture, int signal_number)
{
    kill(torture->host.pid, signal_number);
    oc_program_finish(&torture->host);
    oc_program_free(&torture->host);
}

struct life {
    pthread_t thread;
    struct torture *torture;
    struct host_client *client;
    bool finish;
};

static void *live(void *context)
{
    const struct life *life = context;
    host_client_live(life->client, life->torture->address, life->finish);
    return NULL;
}

static void start_clients(struct torture *torture, struct life lives[CLIENTS], bool finish)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        lives[i] = (struct life){.torture = torture, .client = &torture->clients[i], .finish = finish};
        need(pthread_create(&lives[i].thread, NULL, live, &lives[i]) == 0, "no thread");
    }
}

static void join_clients(struct torture *torture, struct life lives[CLIENTS])
{
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(lives[i].thread, NULL);
        if (torture->clients[i].failure[0] != '\0') {
            printf("client %zu: %s\n", i, torture->clients[i].failure);
            torture->audit.other++;
            torture->clients[i].failure[0] = '\0';
        }
    }
}

static void look_at_log(struct torture *torture)
{
    char path[PATH_MAX + 8];
    struct stat st;
    snprintf(path, sizeof path, "%s-wal", torture->store);
    if (stat(path, &st) == 0 && st.st_size > torture->log) {
        torture->log = (long)st.st_size;
    }
}

static void one_kill(struct torture *torture)
{
    struct life lives[CLIENTS];
    start_host(torture);
    if (next(torture, 8) == 0) {
        sleep_us(next(torture, BIRTH_MAX_MS * 1000));
        end_host(torture, SIGKILL);
        torture->births++;
        return;
    }
    await_host(torture);
    start_clients(torture, lives, false);
    sleep_us(next(torture, LIFE_MAX_MS * 1000));
    end_host(torture, SIGKILL);
    join_clients(torture, lives);
    look_at_log(torture);
    torture->kills++;
}

static void reconcile(struct torture *torture)
{
    struct life lives[CLIENTS];
    start_host(torture);
    await_host(torture);
    start_clients(torture, lives, true);
    join_clients(torture, lives);
    host_audit_answers(&torture->audit, torture->clients, CLIENTS, torture->address, torture->store);
    end_host(torture, SIGTERM);
    host_audit_file(&torture->audit, torture->clients, CLIENTS, torture->store, torture->region);
}

static void one_store(struct torture *torture, unsigned number, unsigned kills)
{
    static const char *const rests[] = {"", "-wal", "-shm"};
    char name[32];
    snprintf(name, sizeof name, "store-%u", number);
    oc_temp_path(torture->store, torture->folder, name);
    for (unsigned i = 0; i < kills; i++) {
        one_kill(torture);
    }
    reconcile(torture);
    for (size_t i = 0; i < CLIENTS; i++) {
        host_client_forget(&torture->clients[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        char path[PATH_MAX + 8];
        snprintf(path, sizeof path, "%s%s", torture->store, rests[i]);
        unlink(path);
    }
}

static bool report(const struct torture *torture, double seconds)
{
    size_t messages = 0, visits = 0, again = 0, twice = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        messages += torture->clients[i].messages;
        visits += torture->clients[i].visits;
        again += torture->clients[i].again;
        twice += torture->clients[i].twice;
    }
    const struct host_audit *audit = &torture->audit;
    printf(
        "%u kills under load, %u while it started, in %.0f s; %d clients: %zu messages answered, %zu visits settled,\n"
        "%zu messages asked again after a kill, %zu sent on two connections at once\n"
        "%zu settlements acknowledged (cancellations among them), %zu reversals (%zu of what had been booked)\n"
        "3201 even %zu times, 3202 even %zu times; write-ahead log at most %ld KiB\n"
        "lost %zu, doubled %zu, changed %zu, other complaints %zu\n",
        torture->kills, torture->births, seconds, CLIENTS, messages, visits, again, twice, audit->settlements,
        audit->reversals, audit->reversed, audit->totals, audit->details, torture->log / 1024, audit->lost,
        audit->doubled, audit->changed, audit->other);
    bool idle = audit->settlements == 0 || again == 0 || audit->totals == 0;
    if (idle) {
        printf("nothing was at stake\n");
    }
    return !idle && audit->lost + audit->doubled + audit->changed + audit->other == 0 && torture->log <= LOG_MAX;
}

int main(int argc, char **argv)
{
    static struct torture torture;
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    oc_diag diag = {0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    torture.onecard = OC_ONECARD;
    torture.random = seed * 2654435761u + 1;
    printf("seed %llu\n", (unsigned long long)seed);
    if (argc > 3) {
        snprintf(torture.folder, sizeof torture.folder, "%s/host-torture-XXXXXX", argv[3]);
        need(mkdtemp(torture.folder) != NULL, "no folder there");
    } else {
        oc_temp_make(torture.folder);
    }
    need(oc_is_ok(oc_region_load(&torture.region, "vectors/regions/national.xml", "vectors/schema", &diag)),
         diag.reason);
    for (size_t i = 0; i < CLIENTS; i++) {
        need(oc_is_ok(host_client_open(&torture.clients[i], torture.region, i, CLIENTS, seed)), "no client");
    }
    uint64_t begin = oc_clock_now_ns();
    for (unsigned done = 0, number = 0; done < rounds; number++) {
        unsigned kills = rounds - done < KILLS_A_STORE ? rounds - done : KILLS_A_STORE;
        one_store(&torture, number, kills);
        done += kills;
    }
    bool fine = report(&torture, (double)(oc_clock_now_ns() - begin) / 1e9);
    for (size_t i = 0; i < CLIENTS; i++) {
        host_client_close(&torture.clients[i]);
    }
    oc_region_free(&torture.region);
    oc_temp_remove(torture.folder);
    return fine ? 0 : 1;
}
