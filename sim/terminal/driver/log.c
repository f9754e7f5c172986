/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/driver/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define LINE_ROOM 1100

/* One write, so that lines of several processes do not mix. */
static void append(const char *file, const char *line)
{
    int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
    if (fd < 0) {
        return;
    }
    ssize_t ignored = write(fd, line, strlen(line));
    (void)ignored;
    close(fd);
}

void oc_driver_log(const char *file, const char *function, const oc_diag *diag)
{
    char place[300] = "";
    if (diag->file[0] != '\0') {
        snprintf(place, sizeof place, "%s:%ld: ", diag->file, diag->line);
    }
    if (file[0] == '\0') {
        syslog(LOG_USER | LOG_ERR, "SSCardDriver: %s: %s%s", function, place, diag->reason);
        closelog();
        return;
    }
    char line[LINE_ROOM];
    char when[32] = "";
    time_t now = time(NULL);
    struct tm parts;
    if (localtime_r(&now, &parts) != NULL) {
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &parts);
    }
    snprintf(line, sizeof line, "%s [%d] %s: %s%s\n", when, (int)getpid(), function, place, diag->reason);
    append(file, line);
}
