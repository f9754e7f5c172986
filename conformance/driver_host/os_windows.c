/* SPDX-License-Identifier: Apache-2.0 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/driver_host/os.h"
#include "conformance/driver_host/os_windows.h"

bool oc_dh_guarded_new(oc_dh_guarded *out, size_t size)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    size_t page = info.dwPageSize;
    size_t data = (size + page - 1) / page * page + page;
    unsigned char *region = VirtualAlloc(NULL, data + OC_DH_BEHIND, MEM_RESERVE, PAGE_NOACCESS);
    if (region == NULL || VirtualAlloc(region, data, MEM_COMMIT, PAGE_READWRITE) == NULL) {
        return false;
    }
    memset(region, OC_DH_GUARD, data);
    *out = (oc_dh_guarded){.at = region + data - size,
                           .size = size,
                           .region = region,
                           .guard = region + data,
                           .guard_size = OC_DH_BEHIND};
    return true;
}

void oc_dh_guarded_free(oc_dh_guarded *guarded)
{
    if (guarded->region != NULL) {
        VirtualFree(guarded->region, 0, MEM_RELEASE);
    }
    *guarded = (oc_dh_guarded){0};
}

/* A handler of faults has nothing but statics. */
static struct {
    const unsigned char *guard;
    size_t guard_size;
    const char *message;
    size_t len;
} watched[OC_DH_CALLERS];

/* Before any handler of the driver's: what touches the guard page is no matter of the driver's own. */
static LONG CALLBACK on_fault(EXCEPTION_POINTERS *fault)
{
    const EXCEPTION_RECORD *record = fault->ExceptionRecord;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || record->NumberParameters < 2) {
        return EXCEPTION_CONTINUE_SEARCH;
    }
    uintptr_t at = (uintptr_t)record->ExceptionInformation[1];
    for (size_t i = 0; i < OC_DH_CALLERS; i++) {
        uintptr_t guard = (uintptr_t)watched[i].guard;
        if (watched[i].guard != NULL && at >= guard && at < guard + watched[i].guard_size) {
            oc_dh_windows_write(watched[i].message, watched[i].len);
            TerminateProcess(GetCurrentProcess(), OC_DH_EXIT_OVERRUN);
        }
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

void oc_dh_watch(unsigned caller, const oc_dh_guarded *guarded, const char *message, size_t len)
{
    static void *handler;
    watched[caller].guard = guarded == NULL ? NULL : guarded->guard;
    watched[caller].guard_size = guarded == NULL ? 0 : guarded->guard_size;
    watched[caller].message = message;
    watched[caller].len = len;
    if (handler == NULL) {
        /* No window that waits for a click, either, when a driver crashes. */
        SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
        handler = AddVectoredExceptionHandler(1, on_fault);
    }
}

struct start {
    void (*task)(void *);
    void *context;
    HANDLE here; /* set when the thread stands ready */
    HANDLE begin;
};

static DWORD WINAPI run_beside(void *context)
{
    const struct start *start = context;
    SetEvent(start->here);
    WaitForSingleObject(start->begin, INFINITE);
    start->task(start->context);
    return 0;
}

bool oc_dh_at_once(void (*task)(void *), void *first, void *second)
{
    struct start start = {.task = task,
                          .context = second,
                          .here = CreateEventA(NULL, FALSE, FALSE, NULL),
                          .begin = CreateEventA(NULL, FALSE, FALSE, NULL)};
    HANDLE thread = start.here == NULL || start.begin == NULL ? NULL
                                                              : CreateThread(NULL, 0, run_beside, &start, 0, NULL);
    bool runs = thread != NULL;
    if (runs) {
        WaitForSingleObject(start.here, INFINITE);
        SetEvent(start.begin);
        task(first);
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
    if (start.here != NULL) {
        CloseHandle(start.here);
    }
    if (start.begin != NULL) {
        CloseHandle(start.begin);
    }
    return runs;
}

void oc_dh_set_variable(const char *name, const char *value)
{
    char text[256];
    /* Once for the C library, which has a copy, once for the system. */
    snprintf(text, sizeof text, "%s=%s", name, value == NULL ? "" : value);
    _putenv(text);
    SetEnvironmentVariableA(name, value);
}

uint64_t oc_dh_now_ns(void)
{
    LARGE_INTEGER frequency;
    LARGE_INTEGER now;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    uint64_t ticks = (uint64_t)now.QuadPart;
    uint64_t each = (uint64_t)frequency.QuadPart;
    return ticks / each * 1000000000u + ticks % each * 1000000000u / each;
}
