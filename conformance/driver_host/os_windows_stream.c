/* SPDX-License-Identifier: Apache-2.0 */
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/driver_host/os.h"
#include "conformance/driver_host/os_windows.h"

struct oc_dh_stream {
    HANDLE in;
    HANDLE printed; /* the file that takes what is printed; INVALID_HANDLE_VALUE: it goes to standard error */
};

/* The handler of faults has nothing but statics. */
static HANDLE way = INVALID_HANDLE_VALUE;

void oc_dh_windows_write(const char *at, size_t len)
{
    while (way != INVALID_HANDLE_VALUE && len > 0) {
        DWORD put = 0;
        if (!WriteFile(way, at, (DWORD)len, &put, NULL)) {
            DWORD error = GetLastError();
            bool gone = error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA;
            ExitProcess(gone ? 0 : OC_DH_EXIT_DESCRIPTORS);
        }
        at += put;
        len -= put;
    }
}

static HANDLE duplicate(HANDLE from)
{
    HANDLE own = GetCurrentProcess();
    HANDLE to = INVALID_HANDLE_VALUE;
    return DuplicateHandle(own, from, own, &to, 0, FALSE, DUPLICATE_SAME_ACCESS) ? to : INVALID_HANDLE_VALUE;
}

/* Removed by the system when the last handle to it goes. */
static HANDLE open_printed(void)
{
    char folder[MAX_PATH];
    char path[MAX_PATH];
    if (GetTempPathA(sizeof folder, folder) == 0 || GetTempFileNameA(folder, "ocd", 0, path) == 0) {
        return INVALID_HANDLE_VALUE;
    }
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       &inherited, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

/* Both the system's idea and the C library's of what is printed and read. */
static void move_standard(HANDLE printed)
{
    HANDLE copy = duplicate(printed);
    int low = copy == INVALID_HANDLE_VALUE ? -1 : _open_osfhandle((intptr_t)copy, _O_APPEND | _O_BINARY);
    int nothing = _open("NUL", _O_RDWR);
    if (low >= 0) {
        _dup2(low, 1);
        _dup2(low, 2);
        _close(low);
    }
    if (nothing >= 0) {
        _dup2(nothing, 0);
        _close(nothing);
    }
    SetStdHandle(STD_INPUT_HANDLE, (HANDLE)_get_osfhandle(0));
    SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)_get_osfhandle(1));
    SetStdHandle(STD_ERROR_HANDLE, (HANDLE)_get_osfhandle(2));
    setvbuf(stdout, NULL, _IONBF, 0);
    setvbuf(stderr, NULL, _IONBF, 0);
}

bool oc_dh_stream_standard(oc_dh_stream **out, bool to_stderr)
{
    oc_dh_stream *stream = malloc(sizeof *stream);
    *out = stream;
    if (stream == NULL) {
        return false;
    }
    stream->in = duplicate(GetStdHandle(STD_INPUT_HANDLE));
    way = duplicate(GetStdHandle(STD_OUTPUT_HANDLE));
    stream->printed = to_stderr ? INVALID_HANDLE_VALUE : open_printed();
    move_standard(stream->printed != INVALID_HANDLE_VALUE ? stream->printed : GetStdHandle(STD_ERROR_HANDLE));
    return stream->in != INVALID_HANDLE_VALUE && way != INVALID_HANDLE_VALUE;
}

long oc_dh_stream_read(oc_dh_stream *stream, char *at, size_t room)
{
    DWORD got = 0;
    if (ReadFile(stream->in, at, (DWORD)room, &got, NULL)) {
        return (long)got;
    }
    return GetLastError() == ERROR_BROKEN_PIPE ? 0 : -1;
}

void oc_dh_stream_write(oc_dh_stream *stream, const char *at, size_t len)
{
    (void)stream;
    oc_dh_windows_write(at, len);
}

size_t oc_dh_printed_take(oc_dh_stream *stream, unsigned char *at, size_t room, unsigned long long *total)
{
    LARGE_INTEGER size = {0};
    LARGE_INTEGER begin = {0};
    DWORD got = 0;
    *total = 0;
    if (stream->printed == INVALID_HANDLE_VALUE || !GetFileSizeEx(stream->printed, &size) || size.QuadPart == 0) {
        return 0;
    }
    *total = (unsigned long long)size.QuadPart;
    SetFilePointerEx(stream->printed, begin, NULL, FILE_BEGIN);
    if (!ReadFile(stream->printed, at, (DWORD)room, &got, NULL)) {
        got = 0;
    }
    SetFilePointerEx(stream->printed, begin, NULL, FILE_BEGIN);
    SetEndOfFile(stream->printed);
    return got;
}
