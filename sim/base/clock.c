/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CHINA_ZONE_S 28800

oc_clock oc_clock_default(void)
{
    return (oc_clock){1767225600, CHINA_ZONE_S};
}

/* Reads `count` decimal digits and, unless it is 0, the character after them. */
static bool digits(const char **at, int count, char after, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9') {
            return false;
        }
        *value = *value * 10 + (**at - '0');
    }
    if (after == '\0') {
        return true;
    }
    return *(*at)++ == after;
}

static bool parse_zone(const char *at, int32_t *zone_s)
{
    if (strcmp(at, "Z") == 0) {
        *zone_s = 0;
        return true;
    }
    int hours = 0;
    int minutes = 0;
    char sign = *at++;
    if ((sign != '+' && sign != '-') || !digits(&at, 2, ':', &hours) || !digits(&at, 2, '\0', &minutes) ||
        *at != '\0' || hours > 14 || minutes > 59) {
        return false;
    }
    *zone_s = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return true;
}

/* strptime and sscanf are too lenient here: they skip blanks and take one digit for two. */
oc_result oc_clock_parse(oc_clock *out, const char *text)
{
    struct tm tm = {0};
    int32_t zone_s = 0;
    const char *at = text;
    if (!digits(&at, 4, '-', &tm.tm_year) || !digits(&at, 2, '-', &tm.tm_mon) || !digits(&at, 2, 'T', &tm.tm_mday) ||
        !digits(&at, 2, ':', &tm.tm_hour) || !digits(&at, 2, ':', &tm.tm_min) || !digits(&at, 2, '\0', &tm.tm_sec) ||
        !parse_zone(at, &zone_s)) {
        return oc_fail(OC_E_FORMAT);
    }
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    struct tm normal = tm;
    int64_t seconds = timegm(&normal);
    /* timegm turns 30 February into 2 March */
    if (normal.tm_mon != tm.tm_mon || normal.tm_mday != tm.tm_mday || normal.tm_hour != tm.tm_hour ||
        normal.tm_min != tm.tm_min || normal.tm_sec != tm.tm_sec) {
        return oc_fail(OC_E_FORMAT);
    }
    *out = (oc_clock){seconds - zone_s, zone_s};
    return oc_ok();
}

static struct tm local_time(const oc_clock *clock)
{
    time_t t = (time_t)(clock->seconds + clock->zone_s);
    struct tm tm = {0};
    gmtime_r(&t, &tm);
    return tm;
}

void oc_clock_bcd7(const oc_clock *clock, uint8_t out[7])
{
    struct tm tm = local_time(clock);
    int pairs[7] = {(tm.tm_year + 1900) / 100,
                    (tm.tm_year + 1900) % 100,
                    tm.tm_mon + 1,
                    tm.tm_mday,
                    tm.tm_hour,
                    tm.tm_min,
                    tm.tm_sec};
    for (int i = 0; i < 7; i++) {
        out[i] = (uint8_t)(pairs[i] / 10 << 4 | pairs[i] % 10);
    }
}

void oc_clock_format(const oc_clock *clock, char *out, unsigned room)
{
    struct tm tm = local_time(clock);
    char date[32];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    long zone = clock->zone_s < 0 ? -(long)clock->zone_s : clock->zone_s;
    snprintf(out, room, "%s%c%02ld:%02ld", date, clock->zone_s < 0 ? '-' : '+', zone / 3600 % 24, zone / 60 % 60);
}

uint64_t oc_clock_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

oc_clock oc_clock_wall(void)
{
    return (oc_clock){(int64_t)time(NULL), 0};
}
