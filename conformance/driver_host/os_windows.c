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
} watched;

/* Before any handler of the driver's: what touches the guard page is no matter of the driver's own. */
static LONG CALLBACK on_fault(EXCEPTION_POINTERS *fault)
{
    const EXCEPTION_RECORD *record = fault->ExceptionRecord;
    if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION && record->NumberParameters >= 2 &&
        watched.guard != NULL) {
        uintptr_t at = (uintptr_t)record->ExceptionInformation[1];
        uintptr_t guard = (uintptr_t)watched.guard;
        if (at >= guard && at < guard + watched.guard_size) {
            oc_dh_windows_write(watched.message, watched.len);
            TerminateProcess(GetCurrentProcess(), OC_DH_EXIT_OVERRUN);
        }
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

void oc_dh_watch(const oc_dh_guarded *guarded, const char *message, size_t len)
{
    static void *handler;
    watched.guard = guarded == NULL ? NULL : guarded->guard;
    watched.guard_size = guarded == NULL ? 0 : guarded->guard_size;
    watched.message = message;
    watched.len = len;
    if (handler == NULL) {
        /* No window that waits for a click, either, when a driver crashes. */
        SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
        handler = AddVectoredExceptionHandler(1, on_fault);
    }
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
