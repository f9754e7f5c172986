/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/modules.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/arena.h"
#include "sim/base/hex.h"

#define MODULES_MAX 4096
#define PROCESSES_MAX 256 /* of one terminal */
#define KNOWN_MAX 8
#define DELETED " (deleted)"

struct seen {
    oc_module module;
    struct stat st; /* of the file when its digests were made; zeros without */
};

struct known {
    const char *path;
    const char *place;
};

struct oc_module_log {
    pthread_mutex_t lock;
    oc_arena arena;
    struct seen *at;
    size_t count, room;
    oc_module *sorted;
    struct known known[KNOWN_MAX];
    size_t known_count;
};

oc_result oc_module_log_new(oc_module_log **out)
{
    oc_module_log *log = calloc(1, sizeof *log);
    *out = log;
    if (log == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    pthread_mutex_init(&log->lock, NULL);
    return oc_ok();
}

void oc_module_log_free(oc_module_log **log)
{
    if (*log != NULL) {
        free((*log)->at);
        free((*log)->sorted);
        oc_arena_free(&(*log)->arena);
        pthread_mutex_destroy(&(*log)->lock);
        free(*log);
        *log = NULL;
    }
}

static oc_result tell_one(oc_module_log *log, const char *path, const char *place)
{
    for (size_t i = 0; path != NULL && i < log->known_count; i++) {
        if (strcmp(log->known[i].path, path) == 0) {
            return oc_ok();
        }
    }
    if (path == NULL || log->known_count == KNOWN_MAX) {
        return oc_ok();
    }
    struct known *known = &log->known[log->known_count];
    *known = (struct known){oc_arena_text(&log->arena, path), place};
    log->known_count += known->path != NULL;
    return known->path == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_module_log_tell(oc_module_log *log, const char *item, const char *harness)
{
    pthread_mutex_lock(&log->lock);
    oc_result r = tell_one(log, item, "item");
    if (oc_is_ok(r)) {
        r = tell_one(log, harness, "harness");
    }
    pthread_mutex_unlock(&log->lock);
    return r;
}

static bool is_below(const char *path, const char *known)
{
    size_t len = strlen(known);
    return known[len - 1] == '/' ? strncmp(path, known, len) == 0 : strcmp(path, known) == 0;
}

static const char *place_of(const oc_module_log *log, const char *path)
{
    static const char *const system[] = {"/lib/",     "/lib64/",       "/usr/lib/", "/usr/lib32/", "/usr/lib64/",
                                         "/usr/bin/", "/usr/libexec/", "/bin/",     "/sbin/",      "/usr/sbin/"};
    for (size_t i = 0; i < log->known_count; i++) {
        if (is_below(path, log->known[i].path)) {
            return log->known[i].place;
        }
    }
    for (size_t i = 0; i < sizeof system / sizeof system[0]; i++) {
        if (is_below(path, system[i])) {
            return "system";
        }
    }
    return strcmp(path, "[vdso]") == 0 ? "system" : "other";
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool digest(int fd, oc_module *out)
{
    uint8_t chunk[65536];
    uint8_t digests[2][EVP_MAX_MD_SIZE];
    EVP_MD_CTX *contexts[2] = {EVP_MD_CTX_new(), EVP_MD_CTX_new()};
    bool good = contexts[0] != NULL && contexts[1] != NULL &&
                EVP_DigestInit_ex(contexts[0], EVP_sha256(), NULL) == 1 &&
                EVP_DigestInit_ex(contexts[1], EVP_sm3(), NULL) == 1;
    ssize_t got = 0;
    while (good && (got = read(fd, chunk, sizeof chunk)) > 0) {
        out->size += (uint64_t)got;
        good = EVP_DigestUpdate(contexts[0], chunk, (size_t)got) == 1 &&
               EVP_DigestUpdate(contexts[1], chunk, (size_t)got) == 1;
    }
    good = good && got == 0 && EVP_DigestFinal_ex(contexts[0], digests[0], NULL) == 1 &&
           EVP_DigestFinal_ex(contexts[1], digests[1], NULL) == 1;
    if (good) {
        oc_hex_encode(out->sha256, sizeof out->sha256, oc_span_of(digests[0], 32));
        oc_hex_encode(out->sm3, sizeof out->sm3, oc_span_of(digests[1], 32));
    }
    EVP_MD_CTX_free(contexts[0]);
    EVP_MD_CTX_free(contexts[1]);
    return good;
}

static oc_result add(oc_module_log *log, const struct seen *seen)
{
    if (log->count == MODULES_MAX) {
        return oc_ok(); /* more of them say no more */
    }
    if (log->count == log->room) {
        size_t room = log->room == 0 ? 64 : 2 * log->room;
        struct seen *grown = realloc(log->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        log->at = grown;
        log->room = room;
    }
    log->at[log->count] = *seen;
    log->at[log->count].module.path = oc_arena_text(&log->arena, seen->module.path);
    return log->at[log->count++].module.path == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static bool is_file(const char *path)
{
    size_t len = strlen(path);
    size_t deleted = strlen(DELETED);
    return path[0] == '/' && (len < deleted || strcmp(path + len - deleted, DELETED) != 0);
}

/* A path that was seen is read again only when its file is another one now. */
static oc_result take(oc_module_log *log, const char *path)
{
    struct seen now = {.module = {.path = path}};
    bool readable = is_file(path) && stat(path, &now.st) == 0 && S_ISREG(now.st.st_mode);
    if (!readable) {
        now.st = (struct stat){0};
    }
    for (size_t i = log->count; i > 0; i--) {
        if (strcmp(log->at[i - 1].module.path, path) == 0 && same_file(&log->at[i - 1].st, &now.st)) {
            return oc_ok();
        }
    }
    now.module.place = place_of(log, path);
    int fd = readable ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        if (!digest(fd, &now.module)) {
            now.module.size = 0;
        }
        close(fd);
    }
    for (size_t i = 0; i < log->count; i++) {
        if (strcmp(log->at[i].module.path, path) == 0 && strcmp(log->at[i].module.sha256, now.module.sha256) == 0) {
            log->at[i].st = now.st; /* touched, and the same */
            return oc_ok();
        }
    }
    return add(log, &now);
}

/* Of "START-END PERM OFFSET DEVICE INODE PATH" the path of a mapping that can be executed; NULL for others. */
static const char *code_path(char *line)
{
    char *at = strchr(line, ' ');
    if (at == NULL || strlen(at) < 5 || at[3] != 'x') {
        return NULL;
    }
    for (unsigned field = 0; field < 4; field++) {
        at = strchr(at + 1, ' ');
        if (at == NULL) {
            return NULL;
        }
    }
    at += strspn(at, " ");
    at[strcspn(at, "\n")] = '\0';
    return at[0] == '\0' ? "(anonymous code)" : at[0] == '[' && strcmp(at, "[vdso]") != 0 ? NULL : at;
}

static oc_result look_at(oc_module_log *log, pid_t process)
{
    char name[64];
    char *line = NULL;
    size_t room = 0;
    oc_result r = oc_ok();
    snprintf(name, sizeof name, "/proc/%ld/maps", (long)process);
    FILE *maps = fopen(name, "re");
    if (maps == NULL) {
        /* One that is there and does not show itself, or one that is gone. */
        return access("/proc/self/maps", F_OK) == 0 && kill(process, 0) == 0 ? take(log, "(not shown)") : oc_ok();
    }
    while (oc_is_ok(r) && getline(&line, &room, maps) > 0) {
        const char *path = code_path(line);
        if (path != NULL && strcmp(path, "[vdso]") != 0) {
            r = take(log, path);
        }
    }
    free(line);
    fclose(maps);
    return r;
}

struct process {
    pid_t id;
    pid_t parent;
};

/* "ID (NAME) STATE PARENT ..."; a name may hold anything. */
static pid_t parent_of(const char *id)
{
    char name[64];
    char text[512];
    snprintf(name, sizeof name, "/proc/%.20s/stat", id);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[len > 0 ? len : 0] = '\0';
    const char *end = strrchr(text, ')');
    return end == NULL || strlen(end) < 5 ? 0 : (pid_t)strtol(end + 3, NULL, 10);
}

static struct process *all_processes(size_t *count)
{
    struct process *all = NULL;
    size_t room = 0;
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    *count = 0;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0])) {
            continue;
        }
        if (*count == room) {
            room = room == 0 ? 256 : 2 * room;
            struct process *grown = realloc(all, room * sizeof *grown);
            if (grown == NULL) {
                break;
            }
            all = grown;
        }
        all[(*count)++] = (struct process){(pid_t)strtol(entry->d_name, NULL, 10), parent_of(entry->d_name)};
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return all;
}

static oc_result look_at_tree(oc_module_log *log, pid_t root)
{
    pid_t tree[PROCESSES_MAX] = {root};
    size_t tree_count = 1;
    size_t count = 0;
    struct process *all = all_processes(&count);
    oc_result r = oc_ok();
    for (size_t t = 0; t < tree_count && oc_is_ok(r); t++) {
        for (size_t i = 0; i < count && tree_count < PROCESSES_MAX; i++) {
            if (all[i].parent == tree[t]) {
                tree[tree_count++] = all[i].id;
            }
        }
        r = look_at(log, tree[t]);
    }
    free(all);
    return r;
}

oc_result oc_module_log_look(oc_module_log *log, pid_t process)
{
    if (log == NULL || process <= 0) {
        return oc_ok();
    }
    pthread_mutex_lock(&log->lock);
    oc_result r = look_at_tree(log, process);
    pthread_mutex_unlock(&log->lock);
    return r;
}

static int compare(const void *a, const void *b)
{
    const oc_module *left = a;
    const oc_module *right = b;
    int path = strcmp(left->path, right->path);
    return path != 0 ? path : strcmp(left->sha256, right->sha256);
}

const oc_module *oc_module_log_all(oc_module_log *log, size_t *count)
{
    *count = 0;
    if (log == NULL || log->count == 0) {
        return NULL;
    }
    free(log->sorted);
    log->sorted = calloc(log->count, sizeof *log->sorted);
    for (size_t i = 0; log->sorted != NULL && i < log->count; i++) {
        log->sorted[i] = log->at[i].module;
    }
    if (log->sorted != NULL) {
        qsort(log->sorted, log->count, sizeof *log->sorted, compare);
        *count = log->count;
    }
    return log->sorted;
}
