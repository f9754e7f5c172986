/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "sim/base/file.h"
#include "sim/link/child.h"
#include "sim/link/io.h"
#include "sim/link/pcsc_client.h"
#include "sim/link/pcscd_child.h"
#include "sim/link/transports.h"

#define SOCKET_VARIABLE "PCSCLITE_CSOCK_NAME"
#define SOCKET_NAME "/run/pcscd.comm"
#define SLOTS 2
/* Below the ports that systems give to outgoing connections. */
#define PORT_LOWEST 20000u
#define PORT_COUNT 12000u
#define PORT_TRIES 200
/* Somebody may take the ports between our look and pcscd's bind; then others are tried. */
#define START_TRIES 4
#define READY_MS 5000
#define READY_POLL_NS 2000000
#define TERM_MS 2000
#define PATH_ROOM 200

struct oc_private_pcscd {
    char folder[PATH_ROOM];
    pid_t pid;
    unsigned port;
    char reader[SLOTS][MAX_READERNAME];
};

static void path_in(char out[PATH_MAX], const oc_private_pcscd *pcscd, const char *name)
{
    snprintf(out, PATH_MAX, "%s%s", pcscd->folder, name);
}

static bool find_program(char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "/usr/sbin/pcscd");
    if (access(out, X_OK) == 0) {
        return true;
    }
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t len = strcspn(path, ":");
        snprintf(out, PATH_MAX, "%.*s/pcscd", (int)len, path);
        if (len > 0 && path[0] == '/' && access(out, X_OK) == 0) {
            return true;
        }
        path += len + (path[len] == ':');
    }
    return false;
}

static bool find_driver(char driver[PATH_MAX], char drivers_folder[PATH_MAX])
{
    static const char *const folders[] = {OC_PCSC_DRIVERS, "/usr/lib/pcsc/drivers", "/usr/lib64/pcsc/drivers",
                                          "/usr/local/lib/pcsc/drivers"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(drivers_folder, PATH_MAX, "%s", folders[i]);
        snprintf(driver, PATH_MAX, "%s/serial/libifdvpcd.so", folders[i]);
        if (access(driver, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

static bool port_is_free(unsigned port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    bool is_free = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return is_free;
}

/* Slot n of the driver listens on port + n. */
static oc_result choose_ports(oc_private_pcscd *pcscd, oc_diag *diag)
{
    for (unsigned i = 0; i < PORT_TRIES; i++) {
        uint32_t random;
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
            break;
        }
        unsigned port = PORT_LOWEST + random % (PORT_COUNT / SLOTS) * SLOTS;
        if (port_is_free(port) && port_is_free(port + 1)) {
            pcscd->port = port;
            return oc_ok();
        }
    }
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no two neighbouring TCP ports are free for a private pcscd");
}

/* libpcsclite reads PCSCLITE_CSOCK_NAME once in a process. So the path of this process's first private pcscd serves
 * its later ones too; the variable, which stays set, remembers it. */
static bool reuse_folder(oc_private_pcscd *pcscd)
{
    const char *path = getenv(SOCKET_VARIABLE);
    char ours[32];
    snprintf(ours, sizeof ours, "/onecard-pcscd-%ld-", (long)getpid());
    size_t len = path != NULL ? strlen(path) : 0;
    if (path == NULL || strstr(path, ours) == NULL || len <= strlen(SOCKET_NAME) || len >= PATH_ROOM) {
        return false;
    }
    snprintf(pcscd->folder, sizeof pcscd->folder, "%.*s", (int)(len - strlen(SOCKET_NAME)), path);
    return true;
}

static oc_result make_folder(oc_private_pcscd *pcscd, oc_diag *diag)
{
    if (reuse_folder(pcscd)) {
        if (mkdir(pcscd->folder, 0700) == 0) {
            return oc_ok();
        }
        int cause = errno;
        pcscd->folder[0] = '\0';
        return oc_diag_fail(diag, OC_E_UNAVAILABLE,
                            "this process has a private pcscd already, and its PC/SC library reaches only one: %s",
                            strerror(cause));
    }
    const char *base = getenv("TMPDIR");
    if (base == NULL || base[0] != '/' || strlen(base) > 60) {
        base = "/tmp"; /* a socket's path has room for 107 characters */
    }
    snprintf(pcscd->folder, sizeof pcscd->folder, "%s/onecard-pcscd-%ld-XXXXXX", base, (long)getpid());
    if (mkdtemp(pcscd->folder) == NULL) {
        int cause = errno;
        pcscd->folder[0] = '\0';
        return oc_diag_fail(diag, OC_E_IO, "no folder could be made in %s: %s", base, strerror(cause));
    }
    return oc_ok();
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    (void)remove(path);
    return 0;
}

static void remove_folder(oc_private_pcscd *pcscd)
{
    if (pcscd->folder[0] != '\0') {
        nftw(pcscd->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
        pcscd->folder[0] = '\0';
    }
}

static oc_result write_files(oc_private_pcscd *pcscd, oc_diag *diag)
{
    static const char *const folders[] = {"/run", "/conf", "/empty"};
    char path[PATH_MAX];
    char text[4 * PATH_MAX];
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        path_in(path, pcscd, folders[i]);
        OC_TRY(oc_file_make_folder(path, diag));
    }
    path_in(path, pcscd, "/driver.so");
    OC_TRY(oc_file_replace(path, oc_span_empty(), diag));
    snprintf(text, sizeof text, "FRIENDLYNAME \"onecard %ld-%u\"\nDEVICENAME /dev/null:%u\nLIBPATH %s\nCHANNELID %u\n",
             (long)getpid(), pcscd->port, pcscd->port, path, pcscd->port);
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        /* pcscd adds interface and slot to the name. */
        snprintf(pcscd->reader[slot], sizeof pcscd->reader[slot], "onecard %ld-%u 00 %02u", (long)getpid(),
                 pcscd->port, slot);
    }
    path_in(path, pcscd, "/conf/vpcd");
    return oc_file_replace(path, oc_span_text(text), diag);
}

static oc_result spawn(oc_private_pcscd *pcscd, oc_diag *diag)
{
    char program[PATH_MAX];
    char driver[PATH_MAX];
    char drivers_folder[PATH_MAX];
    char paths[5][PATH_MAX];
    static const char *const names[] = {"/conf", "/run", "/driver.so", "/empty", "/pcscd.log"};
    if (!find_program(program)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "pcscd is not installed: neither in /usr/sbin nor on PATH");
    }
    if (!find_driver(driver, drivers_folder)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the vpcd driver libifdvpcd.so is not installed in %s/serial",
                            OC_PCSC_DRIVERS);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        path_in(paths[i], pcscd, names[i]);
    }
    const oc_pcscd_setup setup = {.program = program,
                                  .config_folder = paths[0],
                                  .run_folder = paths[1],
                                  .driver = driver,
                                  .driver_copy = paths[2],
                                  .drivers_folder = drivers_folder,
                                  .empty_folder = paths[3],
                                  .log_file = paths[4]};
    return oc_pcscd_child_start(&pcscd->pid, &setup, diag);
}

enum readiness { SILENT, WITHOUT_READERS, READY };

/* As a client that gives up: a daemon may hang as soon as it has its socket. */
static enum readiness ask(const oc_private_pcscd *pcscd, int timeout_ms)
{
    oc_pcsc_client *client = NULL;
    char names[4096];
    DWORD len = sizeof names;
    unsigned found = 0;
    if (!oc_is_ok(oc_pcsc_client_new(&client, timeout_ms, NULL))) {
        return SILENT;
    }
    oc_pcsc_client_begin(client, timeout_ms);
    LONG error = SCardListReaders(oc_pcsc_client_context(client), NULL, names, &len);
    bool late = oc_pcsc_client_end(client);
    if (!late && error == SCARD_S_SUCCESS) {
        for (const char *name = names; *name != '\0'; name += strlen(name) + 1) {
            found += strcmp(name, pcscd->reader[0]) == 0 || strcmp(name, pcscd->reader[1]) == 0;
        }
    }
    oc_pcsc_client_free(&client);
    return late ? SILENT : found == SLOTS ? READY : WITHOUT_READERS;
}

static oc_result not_ready(const oc_private_pcscd *pcscd, const char *what, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_buf log = {0};
    path_in(path, pcscd, "/pcscd.log");
    (void)!oc_is_ok(oc_file_read(&log, path, 1 << 20, NULL));
    size_t line = 0;
    while (line < log.len && log.at[line] != '\n') {
        line++;
    }
    oc_result result = oc_diag_fail(diag, OC_E_UNAVAILABLE, "the private pcscd %s; its log begins: %.*s", what,
                                    (int)(line < 200 ? line : 200), log.len > 0 ? (const char *)log.at : "");
    oc_buf_free(&log);
    return result;
}

/* `lost_ports`: the daemon answers, but its driver could not listen. */
static oc_result await_ready(const oc_private_pcscd *pcscd, bool *lost_ports, oc_diag *diag)
{
    uint64_t deadline = oc_deadline_in(READY_MS);
    char socket_path[PATH_MAX];
    path_in(socket_path, pcscd, SOCKET_NAME);
    for (;;) {
        enum readiness readiness = ask(pcscd, oc_deadline_left(deadline));
        if (readiness == READY) {
            return oc_ok();
        }
        if (oc_process_ended(pcscd->pid, 0)) {
            return not_ready(pcscd, "ended while starting", diag);
        }
        /* Configured readers are there before the daemon answers its first client. */
        if (readiness == WITHOUT_READERS) {
            *lost_ports = !port_is_free(pcscd->port);
            return not_ready(pcscd, "does not list its readers", diag);
        }
        if (oc_deadline_left(deadline) == 0 && access(socket_path, F_OK) != 0) {
            return not_ready(pcscd, "does not open its socket", diag);
        }
        if (oc_deadline_left(deadline) == 0) {
            return not_ready(pcscd, "is not reached (was the PC/SC library used before it started?)", diag);
        }
        nanosleep(&(struct timespec){.tv_nsec = READY_POLL_NS}, NULL);
    }
}

static void end_child(oc_private_pcscd *pcscd)
{
    if (pcscd->pid > 0) {
        kill(pcscd->pid, SIGTERM);
        if (!oc_process_ended(pcscd->pid, TERM_MS)) {
            kill(pcscd->pid, SIGKILL);
        }
        while (waitpid(pcscd->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    pcscd->pid = 0;
}

static oc_result start_once(oc_private_pcscd *pcscd, bool *lost_ports, oc_diag *diag)
{
    char socket_path[PATH_MAX];
    OC_TRY(make_folder(pcscd, diag));
    path_in(socket_path, pcscd, SOCKET_NAME);
    if (setenv(SOCKET_VARIABLE, socket_path, 1) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(choose_ports(pcscd, diag));
    OC_TRY(write_files(pcscd, diag));
    OC_TRY(spawn(pcscd, diag));
    return await_ready(pcscd, lost_ports, diag);
}

oc_result oc_private_pcscd_start(oc_private_pcscd **out, oc_diag *diag)
{
    *out = NULL;
    oc_private_pcscd *pcscd = calloc(1, sizeof *pcscd);
    if (pcscd == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_diag local;
    oc_result result;
    bool lost_ports;
    unsigned tries = 0;
    do {
        lost_ports = false;
        oc_diag_clear(&local);
        result = start_once(pcscd, &lost_ports, &local);
        if (!oc_is_ok(result)) {
            end_child(pcscd);
            remove_folder(pcscd);
        }
    } while (lost_ports && ++tries < START_TRIES);
    if (!oc_is_ok(result)) {
        oc_private_pcscd_stop(&pcscd);
        return oc_diag_fail(diag, result.code, "%s", local.reason);
    }
    *out = pcscd;
    return result;
}

unsigned oc_private_pcscd_port(const oc_private_pcscd *pcscd, unsigned slot)
{
    return pcscd->port + slot % SLOTS;
}

const char *oc_private_pcscd_reader(const oc_private_pcscd *pcscd, unsigned slot)
{
    return pcscd->reader[slot % SLOTS];
}

void oc_private_pcscd_stop(oc_private_pcscd **pcscd)
{
    if (pcscd == NULL || *pcscd == NULL) {
        return;
    }
    end_child(*pcscd);
    remove_folder(*pcscd);
    free(*pcscd);
    *pcscd = NULL;
}
