/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/metric.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* As names are compared; false when it does not fit. `wild` keeps * and ?. */
static bool plain(char *out, size_t room, const char *text, size_t len, bool wild)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool kept = is_letter_or_digit(c) || c == '.' || (wild && (c == '*' || c == '?'));
        if (!kept && at > 0 && out[at - 1] == '_') {
            continue;
        }
        if (at + 1 >= room) {
            return false;
        }
        out[at++] = !kept ? '_' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    out[at] = '\0';
    return at > 0;
}

bool oc_metric_parse(oc_metric *out, const char *text, size_t len)
{
    const char *dot = memchr(text, '.', len);
    char kind[16];
    if (dot == NULL || dot == text || (size_t)(dot - text) >= sizeof kind) {
        return false;
    }
    memcpy(kind, text, (size_t)(dot - text));
    kind[dot - text] = '\0';
    out->kind = OC_SERIES_FLOW;
    if (strcmp(kind, "tx") != 0 && !oc_series_kind_parse(kind, &out->kind)) {
        return false;
    }
    return plain(out->name, sizeof out->name, dot + 1, len - (size_t)(dot + 1 - text), true);
}

bool oc_metric_matches(const oc_metric *metric, const oc_series *series)
{
    char name[512];
    if (metric->kind != series->kind || !plain(name, sizeof name, series->name, strlen(series->name), false)) {
        return false;
    }
    return fnmatch(metric->name, name, FNM_NOESCAPE) == 0 ||
           (strncmp(name, "flow.", 5) == 0 && fnmatch(metric->name, name + 5, FNM_NOESCAPE) == 0);
}

double oc_unit_ns(const char *unit)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i].name) == 0) {
            return units[i].ns;
        }
    }
    return 0;
}

/* A plain decimal number; strtod would take hexadecimal, infinity and the locale's comma as well. */
static bool take_number(const char **at, double *out)
{
    size_t whole = strspn(*at, "0123456789");
    size_t part = (*at)[whole] == '.' ? strspn(*at + whole + 1, "0123456789") : 0;
    if (whole == 0 || whole > 12 || part > 9 || ((*at)[whole] == '.' && part == 0)) {
        return false;
    }
    double value = 0;
    double scale = 1;
    for (size_t i = 0; i < whole; i++) {
        value = value * 10 + ((*at)[i] - '0');
    }
    for (size_t i = 0; i < part; i++) {
        value = value * 10 + ((*at)[whole + 1 + i] - '0');
        scale *= 10;
    }
    *out = value / scale;
    *at += whole + (part > 0 ? part + 1 : 0);
    return true;
}

static bool take_word(const char **at, const char *word)
{
    if (strncmp(*at, word, strlen(word)) != 0) {
        return false;
    }
    *at += strlen(word);
    return true;
}

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " ");
}

static bool take_statistic(const char **at, oc_threshold *out)
{
    double percent = 0;
    if (take_word(at, "p(")) {
        bool fits = take_number(at, &percent) && percent > 0 && percent <= 100 && take_word(at, ")");
        out->statistic = percent < 100 ? OC_THRESHOLD_QUANTILE : OC_THRESHOLD_MAX;
        out->p = percent / 100;
        return fits;
    }
    static const struct {
        const char *name;
        enum oc_threshold_statistic statistic;
    } names[] = {{"min", OC_THRESHOLD_MIN},
                 {"avg", OC_THRESHOLD_AVG},
                 {"max", OC_THRESHOLD_MAX},
                 {"med", OC_THRESHOLD_QUANTILE}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (take_word(at, names[i].name)) {
            out->statistic = names[i].statistic;
            out->p = 0.5;
            return true;
        }
    }
    return false;
}

static bool take_operator(const char **at, oc_threshold *out)
{
    static const struct {
        const char *text;
        enum oc_threshold_operator operation;
    } operators[] = {{"<=", OC_THRESHOLD_AT_MOST},
                     {">=", OC_THRESHOLD_AT_LEAST},
                     {"<", OC_THRESHOLD_LESS},
                     {">", OC_THRESHOLD_MORE}};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (take_word(at, operators[i].text)) {
            out->operation = operators[i].operation;
            return true;
        }
    }
    return false;
}

oc_result oc_threshold_parse(oc_threshold *out, const char *text, oc_diag *diag)
{
    const char *colon = strrchr(text, ':');
    *out = (oc_threshold){.text = text};
    if (colon == NULL || !oc_metric_parse(&out->metric, text, (size_t)(colon - text))) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            "threshold %.100s: it begins with tx., step., class., function., part. or empty. and a "
                            "name, as in tx.read_basic:p(95)<400ms",
                            text);
    }
    const char *at = colon + 1;
    skip_blanks(&at);
    if (!take_statistic(&at, out)) {
        return oc_diag_fail(diag, OC_E_USAGE, "threshold %.100s: after the colon stands min, med, avg, max or p(N)",
                            text);
    }
    skip_blanks(&at);
    if (!take_operator(&at, out)) {
        return oc_diag_fail(diag, OC_E_USAGE, "threshold %.100s: <, <=, > or >= is missing", text);
    }
    skip_blanks(&at);
    double value = 0;
    if (!take_number(&at, &value)) {
        return oc_diag_fail(diag, OC_E_USAGE, "threshold %.100s: a number is missing", text);
    }
    skip_blanks(&at);
    out->ns = value * oc_unit_ns(at[0] == '\0' ? "ms" : at);
    return oc_unit_ns(at[0] == '\0' ? "ms" : at) > 0
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_USAGE, "threshold %.100s: the unit is ns, us, ms or s", text);
}

static double value_of(const oc_threshold *threshold, const oc_series *series)
{
    double sum = 0;
    switch (threshold->statistic) {
    case OC_THRESHOLD_MIN:
        return (double)series->sorted[0];
    case OC_THRESHOLD_MAX:
        return (double)series->sorted[series->count - 1];
    case OC_THRESHOLD_QUANTILE:
        return (double)oc_series_quantile(series, threshold->p);
    case OC_THRESHOLD_AVG:
        break;
    }
    for (size_t i = 0; i < series->count; i++) {
        sum += (double)series->sorted[i];
    }
    return sum / (double)series->count;
}

bool oc_threshold_holds(const oc_threshold *threshold, const oc_series *series, double *value_ns)
{
    *value_ns = value_of(threshold, series);
    switch (threshold->operation) {
    case OC_THRESHOLD_LESS:
        return *value_ns < threshold->ns;
    case OC_THRESHOLD_AT_MOST:
        return *value_ns <= threshold->ns;
    case OC_THRESHOLD_MORE:
        return *value_ns > threshold->ns;
    case OC_THRESHOLD_AT_LEAST:
        break;
    }
    return *value_ns >= threshold->ns;
}
