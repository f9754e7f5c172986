/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/link/child.h"

#define WAIT_MS (10 * 60 * 1000)
#define ARGUMENTS 12

extern char **environ;

/* What is printed stands in a folder of its own, with what a browser leaves behind. */
struct place {
    char folder[64];
    char html[80];
    char pdf[80];
    char profile[128]; /* as an argument */
    char print[128];
    char url[96];
};

struct printer {
    const char *name;
    const char *const *programs;
    void (*arguments)(char *out[ARGUMENTS], struct place *place);
};

static void chromium_arguments(char *out[ARGUMENTS], struct place *place)
{
    static char headless[] = "--headless=new";
    static char gpu[] = "--disable-gpu";
    static char memory[] = "--disable-dev-shm-usage";
    static char plain[] = "--no-pdf-header-footer";
    static char sandbox[] = "--no-sandbox";
    size_t count = 1;
    out[count++] = headless;
    out[count++] = gpu;
    out[count++] = memory;
    out[count++] = plain;
    if (geteuid() == 0) {
        out[count++] =
            sandbox; /* Chromium does not start otherwise as root; the page is our own and fetches nothing */
    }
    out[count++] = place->profile;
    out[count++] = place->print;
    out[count++] = place->url;
    out[count] = NULL;
}

static const char *const chromiums[] = {"chromium", "chromium-browser", "google-chrome", NULL};
static const struct printer printers[] = {
    {"Chromium", chromiums, chromium_arguments},
};

/* *pid is 0 where there is no such program. It is silent, and its group is its own. */
static oc_result start(pid_t *pid, const char *program, char *arguments[ARGUMENTS], oc_diag *diag)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char name[32];
    snprintf(name, sizeof name, "%s", program);
    arguments[0] = name;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawnp(pid, name, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT || failed == EACCES) {
        *pid = 0;
        return oc_ok();
    }
    return failed == 0 ? oc_ok() : oc_diag_fail(diag, OC_E_IO, "cannot start %s: %s", program, strerror(failed));
}

static oc_result wait_for(pid_t pid, const char *name, oc_diag *diag)
{
    int status = 0;
    bool ended = oc_process_ended(pid, WAIT_MS);
    if (!ended) {
        kill(-pid, SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!ended) {
        return oc_diag_fail(diag, OC_E_IO, "%s did not end within ten minutes", name);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? oc_ok()
                                                         : oc_diag_fail(diag, OC_E_IO, "%s failed to print", name);
}

static oc_result print(const char **by, struct place *place, oc_diag *diag)
{
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++) {
        for (const char *const *program = printers[i].programs; *program != NULL; program++) {
            char *arguments[ARGUMENTS];
            pid_t pid = 0;
            printers[i].arguments(arguments, place);
            OC_TRY(start(&pid, *program, arguments, diag));
            if (pid > 0) {
                *by = printers[i].name;
                return wait_for(pid, *by, diag);
            }
        }
    }
    return oc_diag_fail(diag, OC_E_NOT_FOUND, "PDF needs chromium, which is not installed");
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    (void)remove(path);
    return 0;
}

static oc_result make_place(struct place *out, oc_diag *diag)
{
    snprintf(out->folder, sizeof out->folder, "/tmp/onecard-pdf-XXXXXX");
    if (mkdtemp(out->folder) == NULL) {
        return oc_diag_fail_at(diag, OC_E_IO, out->folder, 0, "cannot make a folder: %s", strerror(errno));
    }
    snprintf(out->html, sizeof out->html, "%s/report.html", out->folder);
    snprintf(out->pdf, sizeof out->pdf, "%s/report.pdf", out->folder);
    snprintf(out->profile, sizeof out->profile, "--user-data-dir=%s/profile", out->folder);
    snprintf(out->print, sizeof out->print, "--print-to-pdf=%s", out->pdf);
    snprintf(out->url, sizeof out->url, "file://%s", out->html);
    return oc_ok();
}

oc_result oc_pdf_write(const char **by, const oc_report_inputs *inputs, const char *out_path, oc_diag *diag)
{
    struct place place;
    oc_buf pdf = {0};
    OC_TRY(make_place(&place, diag));
    oc_result r = oc_report_write("html", inputs, place.html, diag);
    if (oc_is_ok(r)) {
        r = print(by, &place, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_file_read(&pdf, place.pdf, OC_BUF_MAX, diag);
    }
    if (oc_is_ok(r)) {
        r = pdf.len > 5 && memcmp(pdf.at, "%PDF-", 5) == 0 ? oc_file_replace(out_path, oc_buf_span(&pdf), diag)
                                                           : oc_diag_fail(diag, OC_E_IO, "%s printed no PDF", *by);
    }
    oc_buf_free(&pdf);
    nftw(place.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return r;
}
