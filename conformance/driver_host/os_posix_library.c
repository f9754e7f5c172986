/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/driver_host/os.h"

/* The head of an ELF file (System V ABI, ELF header): class at 4, type at 16, machine at 18. */
#define HEAD 20
#define ELF_SHARED 3

struct oc_dh_library {
    void *handle;
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

static bool read_head(const char *path, unsigned char head[HEAD])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    long got = fd < 0 ? -1 : (long)read(fd, head, HEAD);
    if (fd >= 0) {
        close(fd);
    }
    return got == HEAD;
}

/* Bytes of other order would be another machine's anyway. */
static unsigned machine_of(const unsigned char *head)
{
    return head[5] == 2 ? (unsigned)head[18] << 8 | head[19] : (unsigned)head[19] << 8 | head[18];
}

static const char *machine_name(unsigned machine)
{
    static const struct {
        unsigned number;
        const char *name;
    } names[] = {{3, "i386"},    {8, "MIPS"},      {20, "PowerPC"}, {21, "PowerPC 64"}, {40, "ARM"},
                 {62, "x86-64"}, {183, "AArch64"}, {243, "RISC-V"}, {258, "LoongArch"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].number == machine) {
            return names[i].name;
        }
    }
    return "another machine";
}

static bool check_file(const char *path, oc_dh_load_error *error)
{
    unsigned char head[HEAD];
    unsigned char own[HEAD];
    struct stat info;
    if (stat(path, &info) != 0) {
        return fail(error, "missing-file", "%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(error, "not-a-library", "%s is no regular file", path);
    }
    if (!read_head(path, head) || memcmp(head, "\177ELF", 4) != 0) {
        bool windows = info.st_size >= 2 && head[0] == 'M' && head[1] == 'Z';
        return fail(error, "not-a-library", "%s is no ELF file%s", path,
                    windows ? ", but one of Windows: a driver host there can load it" : "");
    }
    if (read_head("/proc/self/exe", own) && (machine_of(head) != machine_of(own) || head[4] != own[4])) {
        return fail(error, "other-architecture", "%s is for %s with %d bits, this host for %s with %d", path,
                    machine_name(machine_of(head)), head[4] == 1 ? 32 : 64, machine_name(machine_of(own)),
                    own[4] == 1 ? 32 : 64);
    }
    if (head[16] != ELF_SHARED && head[17] != ELF_SHARED) {
        return fail(error, "not-a-library", "%s is an ELF file, but no shared library", path);
    }
    return true;
}

bool oc_dh_library_open(oc_dh_library **out, const char *path, oc_dh_load_error *error)
{
    static const char missing[] = ": cannot open shared object file";
    *out = NULL;
    if (!check_file(path, error)) {
        return false;
    }
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *said = dlerror();
        const char *at = said == NULL ? NULL : strstr(said, missing);
        if (at != NULL && strncmp(said, path, (size_t)(at - said)) != 0) {
            return fail(error, "missing-dependency", "it needs %.*s, which is not found", (int)(at - said), said);
        }
        return fail(error, "not-loaded", "%s", said == NULL ? "no reason is told" : said);
    }
    *out = malloc(sizeof **out);
    if (*out == NULL) {
        dlclose(handle);
        return fail(error, "not-loaded", "memory is out");
    }
    (*out)->handle = handle;
    return true;
}

oc_dh_function *oc_dh_library_find(oc_dh_library *library, const char *name)
{
    /* POSIX lets dlsym's pointer be one to a function; C has no cast for that. */
    oc_dh_function *function = NULL;
    void *at = dlsym(library->handle, name);
    memcpy(&function, &at, sizeof function);
    return function;
}
