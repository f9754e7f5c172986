/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_program.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/file.h"

static void demand(bool fine, const char *what)
{
    if (!fine) {
        perror(what);
        abort();
    }
}

static void become(const char *const *argv, int out_fd, int err_fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    int null_fd = open("/dev/null", O_RDONLY);
    dup2(null_fd, STDIN_FILENO);
    dup2(out_fd, STDOUT_FILENO);
    dup2(err_fd, STDERR_FILENO);
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    perror(argv[0]);
    _exit(127);
}

void oc_program_start(oc_program *program, const char *const *argv)
{
    int out[2];
    int err[2];
    *program = (oc_program){0};
    demand(pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0, "pipe");
    program->pid = fork();
    demand(program->pid >= 0, "fork");
    if (program->pid == 0) {
        become(argv, out[1], err[1]);
    }
    close(out[1]);
    close(err[1]);
    /* A program whose standard error nobody reads waits soon: what is to happen in mid-run then does. */
    (void)fcntl(err[0], F_SETPIPE_SZ, 4096);
    program->out_fd = out[0];
    program->err_fd = err[0];
}

/* True while there may be more. */
static bool take(int *fd, oc_buf *into)
{
    char bytes[4096];
    ssize_t n = read(*fd, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) {
        return true;
    }
    if (n <= 0) {
        close(*fd);
        *fd = -1;
        return false;
    }
    demand(oc_is_ok(oc_buf_append(into, oc_span_of(bytes, (size_t)n))), "output of the program");
    return true;
}

static const char *text_of(const oc_buf *buf)
{
    return buf->at == NULL ? "" : (const char *)buf->at;
}

static void terminate_text(oc_buf *buf)
{
    demand(oc_is_ok(oc_buf_append_byte(buf, 0)), "output of the program");
    buf->len--;
}

bool oc_program_await(oc_program *program, const char *text)
{
    for (;;) {
        terminate_text(&program->err);
        if (strstr(text_of(&program->err), text) != NULL) {
            return true;
        }
        if (program->err_fd < 0 || !take(&program->err_fd, &program->err)) {
            return false;
        }
    }
}

void oc_program_finish(oc_program *program)
{
    while (program->out_fd >= 0 || program->err_fd >= 0) {
        struct pollfd fds[2] = {{program->out_fd, POLLIN, 0}, {program->err_fd, POLLIN, 0}};
        demand(poll(fds, 2, -1) >= 0 || errno == EINTR, "poll");
        if (fds[0].revents != 0) {
            take(&program->out_fd, &program->out);
        }
        if (fds[1].revents != 0) {
            take(&program->err_fd, &program->err);
        }
    }
    int status = 0;
    while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR) {
    }
    program->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    terminate_text(&program->out);
    terminate_text(&program->err);
}

void oc_program_run(oc_program *program, const char *const *argv)
{
    oc_program_start(program, argv);
    oc_program_finish(program);
}

void oc_program_free(oc_program *program)
{
    oc_buf_free(&program->out);
    oc_buf_free(&program->err);
}

const char *oc_program_out(const oc_program *program)
{
    return text_of(&program->out);
}

const char *oc_program_err(const oc_program *program)
{
    return text_of(&program->err);
}

size_t oc_program_err_lines(const oc_program *program)
{
    size_t lines = 0;
    for (size_t i = 0; i < program->err.len; i++) {
        lines += program->err.at[i] == '\n';
    }
    return lines;
}

void oc_temp_make(char out[PATH_MAX])
{
    const char *const places[] = {"/dev/shm", getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i] != NULL && snprintf(out, PATH_MAX, "%s/onecard-test-XXXXXX", places[i]) < PATH_MAX &&
            mkdtemp(out) != NULL) {
            return;
        }
    }
    demand(false, "temporary folder");
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    (void)remove(path);
    return 0;
}

void oc_temp_remove(const char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void oc_temp_path(char out[PATH_MAX], const char *folder, const char *name)
{
    demand(oc_is_ok(oc_file_join(out, PATH_MAX, folder, name)), "path");
}

void oc_temp_write(const char *folder, const char *name, const char *text)
{
    char path[PATH_MAX];
    oc_temp_path(path, folder, name);
    FILE *file = fopen(path, "w");
    demand(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, path);
}
