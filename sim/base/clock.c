/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define CHINA_ZONE_S 28800

oc_clock oc_clock_default(void)
{
    return (oc_clock){1767225600, CHINA_ZONE_S};
}

static oc_result parse_zone(const char *text, int32_t *zone_s)
{
    if (strcmp(text, "Z") == 0) {
        *zone_s = 0;
        return oc_ok();
    }
    int hours = 0;
    int minutes = 0;
    int used = 0;
    if (sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || text[1 + used] != '\0' || hours > 14 ||
        hours < 0 || minutes > 59 || minutes < 0 || (text[0] != '+' && text[0] != '-')) {
        return oc_fail(OC_E_FORMAT);
    }
    *zone_s = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
    return oc_ok();
}

oc_result oc_clock_parse(oc_clock *out, const char *text)
{
    struct tm tm = {0};
    const char *zone = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (zone == NULL || *zone == '\0') {
        return oc_fail(OC_E_FORMAT);
    }
    OC_TRY(parse_zone(zone, &out->zone_s));
    out->seconds = (int64_t)timegm(&tm) - out->zone_s;
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
