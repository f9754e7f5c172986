/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

/* A driver that misbehaves in one way, chosen when it is compiled: NASTY is the name of one of these functions. Where
 * it is asked for nothing nasty, it behaves. */

long iReadCardBas(int type, char *out);
long iReadDebitRecord(int type, char *out);
long iVerifyPIN(int type, char *out);

__attribute__((unused)) static long behave(int type, char *out)
{
    strcpy(out, "330100|123456789012345678|");
    return type == 9 ? -14 : 0;
}

__attribute__((unused)) static long crash(int type, char *out)
{
    (void)out;
    *(volatile int *)(uintptr_t)(unsigned)type = 1;
    return 0;
}

/* Tries what no driver needs, by system calls that an ordinary user may make on himself, and tells how it is bounded. */
__attribute__((unused)) static long trespass(int type, char *out)
{
    struct iovec one = {out, 1};
    struct rlimit files = {0};
    struct rlimit core = {0};
    char line[256];
    int filters = -1;
    (void)type;
    int traced = ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno;
    int looked = process_vm_readv(getpid(), &one, 1, &one, 1, 0) == 1 ? 0 : errno;
    int mounted = mount("none", "/nowhere-at-all", "tmpfs", 0, NULL) == 0 ? 0 : errno;
    getrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_CORE, &core);
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "Seccomp_filters: %d", &filters);
    }
    sprintf(out, "%d|%d|%d|%d|%d|%lu|%lu|", traced == EPERM, looked == EPERM, mounted == EPERM,
            prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), filters, (unsigned long)core.rlim_max,
            (unsigned long)files.rlim_max);
    return 0;
}

__attribute__((unused)) static long hang(int type, char *out)
{
    (void)type, (void)out;
    for (;;) {
        pause();
    }
}

__attribute__((unused)) static long overrun(int type, char *out)
{
    (void)type;
    memset(out, 'A', 200000);
    return 0;
}

__attribute__((unused)) static long underrun(int type, char *out)
{
    (void)type;
    out[-2] = 'A';
    return 0;
}

__attribute__((unused)) static long leave_child(int type, char *out)
{
    if (fork() == 0) {
        sleep(1000);
        _exit(0);
    }
    return behave(type, out);
}

/* In a session of its own, so that the group does not reach it. */
__attribute__((unused)) static long leave_daemon(int type, char *out)
{
    if (fork() == 0) {
        setsid();
        for (int i = 0; i < 5 && fork() == 0; i++) {
        }
        sleep(1000);
        _exit(0);
    }
    return behave(type, out);
}

__attribute__((unused)) static long close_all(int type, char *out)
{
    for (int fd = 0; fd < 4096; fd++) {
        close(fd);
    }
    return behave(type, out);
}

/* Something else then has the number of what was closed. */
__attribute__((unused)) static long close_and_open(int type, char *out)
{
    close_all(type, out);
    FILE *files[300];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        files[i] = fopen("/dev/null", "w");
    }
    return files[0] == NULL ? -1 : 0;
}

__attribute__((unused)) static long flood(int type, char *out)
{
    for (int i = 0; i < 100000; i++) {
        printf("%080d\n", i);
    }
    return behave(type, out);
}

__attribute__((unused)) static long flood_for_ever(int type, char *out)
{
    (void)type, (void)out;
    for (;;) {
        puts("nothing to say");
    }
}

__attribute__((unused)) static long print_some(int type, char *out)
{
    puts("{\"id\":2,\"code\":0}");
    return behave(type, out);
}

__attribute__((unused)) static long print_pin(int type, char *out)
{
    printf("PIN %s\n", getenv("ONECARD_KEYPAD_PIN"));
    return behave(type, out);
}

__attribute__((unused)) static long half_character(int type, char *out)
{
    (void)type;
    strcpy(out, "330100|\xD5\xC5\xC8");
    return 0;
}

__attribute__((unused)) static long unterminated(int type, char *out)
{
    (void)type;
    memset(out, 'A', 65536);
    return 0;
}

__attribute__((unused)) static long leave(int type, char *out)
{
    (void)type, (void)out;
    exit(0);
}

__attribute__((unused)) static long leave_at_once(int type, char *out)
{
    (void)type, (void)out;
    _exit(7);
}

__attribute__((unused)) static long leave_thread(int type, char *out)
{
    (void)type, (void)out;
    pthread_exit(NULL);
}

__attribute__((unused)) static long kill_self(int type, char *out)
{
    (void)type, (void)out;
    kill(getpid(), SIGKILL);
    return 0;
}

__attribute__((unused)) static long kill_group(int type, char *out)
{
    (void)type, (void)out;
    kill(0, SIGTERM);
    return 0;
}

__attribute__((unused)) static long take_memory(int type, char *out)
{
    (void)type;
    for (;;) {
        char *more = malloc(16 * 1024 * 1024);
        memset(more, 1, 16 * 1024 * 1024);
        out[0] = more[5];
    }
}

__attribute__((unused, noinline)) static long throw_stack(int type, char *out)
{
    volatile char much[65536];
    much[0] = (char)type;
    return throw_stack(type + much[0], out) + 1;
}

static jmp_buf nowhere;

__attribute__((unused, noinline)) static void set_jump(void)
{
    if (setjmp(nowhere) != 0) {
        abort();
    }
}

__attribute__((unused)) static long jump(int type, char *out)
{
    (void)type, (void)out;
    set_jump();
    longjmp(nowhere, 1);
}

/* Its own handlers do not keep the host from seeing an overrun, and an ignored signal keeps nobody alive. */
__attribute__((unused)) static long ignore_and_hang(int type, char *out)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    return hang(type, out);
}

/* A result of 32 bits where long has 64. */
__attribute__((unused)) static long narrow(int type, char *out)
{
    (void)behave(type, out);
    return (long)(unsigned)-14;
}

#ifdef NASTY_LOCKS
#include <winscard.h>

/* Whichever libpcsclite stands in front: the system's, or the stand-in. */
static void *pcsc_function(const char *name)
{
    static void *library;
    library = library != NULL ? library : dlopen("libpcsclite.so.1", RTLD_NOW);
    return library == NULL ? NULL : dlsym(library, name);
}

/* Takes the first reader for itself alone, and begins a transaction in it, or ends both. Others are told -11. */
static long take_reader(int gives_back)
{
    LONG (*establish)(DWORD, LPCVOID, LPCVOID, LPSCARDCONTEXT) = pcsc_function("SCardEstablishContext");
    LONG (*list)(SCARDCONTEXT, LPCSTR, LPSTR, LPDWORD) = pcsc_function("SCardListReaders");
    LONG (*connect)(SCARDCONTEXT, LPCSTR, DWORD, DWORD, LPSCARDHANDLE, LPDWORD) = pcsc_function("SCardConnect");
    LONG (*begin)(SCARDHANDLE) = pcsc_function("SCardBeginTransaction");
    LONG (*end)(SCARDHANDLE, DWORD) = pcsc_function("SCardEndTransaction");
    LONG (*disconnect)(SCARDHANDLE, DWORD) = pcsc_function("SCardDisconnect");
    LONG (*release)(SCARDCONTEXT) = pcsc_function("SCardReleaseContext");
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    char readers[1024];
    DWORD room = sizeof readers;
    if (establish == NULL || establish(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != 0 ||
        list(context, NULL, readers, &room) != 0 ||
        connect(context, readers, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol) !=
            0 ||
        begin(card) != 0) {
        return -11;
    }
    if (gives_back &&
        (end(card, SCARD_LEAVE_CARD) != 0 || disconnect(card, SCARD_LEAVE_CARD) != 0 || release(context) != 0)) {
        return -12;
    }
    return 0;
}

/* How a reader that nobody has locked is used. */
static long lock_and_give_back(int type, char *out)
{
    long code = take_reader(1);
    return code == 0 ? behave(type, out) : code;
}

static long lock_and_crash(int type, char *out)
{
    long code = take_reader(0);
    return code == 0 ? crash(type, out) : code;
}

static long lock_and_hang(int type, char *out)
{
    long code = take_reader(0);
    return code == 0 ? hang(type, out) : code;
}

static long lock_and_return(int type, char *out)
{
    long code = take_reader(0);
    return code == 0 ? behave(type, out) : code;
}
#endif

#ifdef NASTY_CONSTRUCTOR
__attribute__((constructor)) static void begin(void)
{
    char room[65536];
    (void)NASTY_CONSTRUCTOR(0, room);
}
#endif

#ifdef NASTY_DESTRUCTOR
__attribute__((destructor)) static void end(void)
{
    char room[65536];
    (void)NASTY_DESTRUCTOR(0, room);
}
#endif

#ifndef NASTY
#define NASTY behave
#endif

#ifndef NASTY_NOTHING
long iReadCardBas(int type, char *out)
{
    return NASTY(type, out);
}

long iVerifyPIN(int type, char *out)
{
    return NASTY(type, out);
}

long iReadDebitRecord(int type, char *out)
{
    return behave(type, out);
}
#endif
