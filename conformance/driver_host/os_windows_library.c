/* SPDX-License-Identifier: Apache-2.0 */
#include <windows.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/driver_host/os.h"

/* A library of more than this is not looked into. */
#define IMAGE_MAX (64ll * 1024 * 1024)
/* Parameters of a decorated name: "_iReadCardBas@8". */
#define DECORATED_MAX 40

struct oc_dh_library {
    HMODULE handle;
};

__attribute__((format(printf, 3, 4))) static bool fail(oc_dh_load_error *error, const char *kind, const char *format,
                                                       ...)
{
    va_list args;
    va_start(args, format);
    error->kind = kind;
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return false;
}

/* A file in memory; reads past its end yield nothing. */
struct image {
    unsigned char *at;
    size_t len;
};

static unsigned read_number(const struct image *image, size_t at, size_t bytes)
{
    unsigned value = 0;
    for (size_t i = bytes; i-- > 0;) {
        value = value << 8 | (at <= image->len && i < image->len - at ? image->at[at + i] : 0u);
    }
    return value;
}

static bool read_image(struct image *image, const char *path)
{
    LARGE_INTEGER size = {0};
    DWORD got = 0;
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return false;
    }
    bool good = GetFileSizeEx(file, &size) && size.QuadPart > 0 && size.QuadPart <= IMAGE_MAX;
    image->at = good ? malloc((size_t)size.QuadPart) : NULL;
    good = image->at != NULL && ReadFile(file, image->at, (DWORD)size.QuadPart, &got, NULL);
    image->len = good ? got : 0;
    CloseHandle(file);
    return good;
}

/* The PE format: its head lies where offset 3C says; machine at 4, sections at 6, size of the optional head at 20. */
static size_t pe_head(const struct image *image)
{
    size_t at = read_number(image, 0x3C, 4);
    return read_number(image, 0, 2) == 0x5A4D && read_number(image, at, 4) == 0x4550 ? at : 0;
}

/* Where in the file the address relative to the image lies; 0 when nowhere. */
static size_t file_offset(const struct image *image, size_t head, unsigned address)
{
    size_t section = head + 24 + read_number(image, head + 20, 2);
    for (unsigned i = 0; i < read_number(image, head + 6, 2); i++, section += 40) {
        unsigned begin = read_number(image, section + 12, 4);
        unsigned len = read_number(image, section + 16, 4);
        if (address >= begin && address - begin < len) {
            return (size_t)read_number(image, section + 20, 4) + (address - begin);
        }
    }
    return 0;
}

/* The first library of the import table that the system does not load, into `name`. */
static bool find_missing(const struct image *image, size_t head, char *name, size_t room)
{
    bool wide = read_number(image, head + 24, 2) == 0x20B;
    size_t entry = file_offset(image, head, read_number(image, head + 24 + (wide ? 120 : 104), 4));
    for (unsigned i = 0; entry != 0 && i < 256; i++, entry += 20) {
        unsigned address = read_number(image, entry + 12, 4);
        size_t text = address == 0 ? 0 : file_offset(image, head, address);
        if (text == 0) {
            return false;
        }
        size_t len = 0;
        for (; len + 1 < room && text + len < image->len && image->at[text + len] != 0; len++) {
            name[len] = (char)image->at[text + len];
        }
        name[len] = '\0';
        HMODULE loaded = LoadLibraryExA(name, NULL, DONT_RESOLVE_DLL_REFERENCES);
        if (loaded == NULL) {
            return true;
        }
        FreeLibrary(loaded);
    }
    return false;
}

static const char *machine_name(unsigned machine)
{
    return machine == 0x14C    ? "i386"
           : machine == 0x8664 ? "x86-64"
           : machine == 0xAA64 ? "AArch64"
           : machine == 0x1C4  ? "ARM"
                               : "another machine";
}

static bool explain(const char *path, DWORD code, oc_dh_load_error *error)
{
#if defined _WIN64
    const unsigned own = sizeof(void *) == 8 ? 0x8664 : 0;
#else
    const unsigned own = 0x14C;
#endif
    struct image image = {0};
    char name[200];
    if (!read_image(&image, path)) {
        free(image.at);
        return fail(error, "missing-file", "%s cannot be read (error %lu)", path, code);
    }
    size_t head = pe_head(&image);
    unsigned machine = read_number(&image, head + 4, 2);
    if (head == 0) {
        fail(error, "not-a-library", "%s is no library of Windows", path);
    } else if (machine != own) {
        fail(error, "other-architecture", "%s is for %s, this host for %s", path, machine_name(machine),
             machine_name(own));
    } else if (code == ERROR_MOD_NOT_FOUND && find_missing(&image, head, name, sizeof name)) {
        fail(error, "missing-dependency", "it needs %s, which is not found", name);
    } else {
        fail(error, "not-loaded", "%s is not loaded (error %lu)", path, code);
    }
    free(image.at);
    return false;
}

bool oc_dh_library_open(oc_dh_library **out, const char *path, oc_dh_load_error *error)
{
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    /* What lies beside the library is found, as when a program stands there. */
    HMODULE handle = LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    *out = NULL;
    if (handle == NULL) {
        return explain(path, GetLastError(), error);
    }
    *out = malloc(sizeof **out);
    if (*out == NULL) {
        FreeLibrary(handle);
        return fail(error, "not-loaded", "memory is out");
    }
    (*out)->handle = handle;
    return true;
}

oc_dh_function *oc_dh_library_find(oc_dh_library *library, const char *name)
{
    FARPROC found = GetProcAddress(library->handle, name);
    char decorated[160];
    for (unsigned bytes = 0; found == NULL && bytes <= DECORATED_MAX; bytes += 4) {
        snprintf(decorated, sizeof decorated, "_%s@%u", name, bytes);
        found = GetProcAddress(library->handle, decorated);
    }
    return (oc_dh_function *)found;
}
