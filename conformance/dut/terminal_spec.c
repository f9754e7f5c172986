/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/terminal_spec.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/dut/operator_desk.h"

struct form {
    const char *prefix;
    enum oc_terminal_kind kind;
    bool takes_manifest;
    bool takes_dialect;
};

static const struct form forms[] = {
    {"driver:", OC_TERMINAL_DRIVER, true, false}, {"exec:", OC_TERMINAL_EXEC, false, false},
    {"tcp:", OC_TERMINAL_TCP, true, false},       {"ws:", OC_TERMINAL_WS, false, true},
    {"wss:", OC_TERMINAL_WS, false, true},        {"http:", OC_TERMINAL_HTTP, false, true},
    {"https:", OC_TERMINAL_HTTP, false, true},
};

/* Cuts ",NAME=VALUE" off the end of the target. */
static void cut_option(char *target, const char *name, char *value)
{
    char mark[32];
    snprintf(mark, sizeof mark, ",%s=", name);
    char *at = strstr(target, mark);
    if (at != NULL) {
        snprintf(value, OC_TERMINAL_SPEC_ROOM, "%s", at + strlen(mark));
        *at = '\0';
    }
}

/* HOST:PORT; the host may be an IPv6 address in brackets. */
static oc_result cut_port(oc_terminal_spec *spec, oc_diag *diag)
{
    char *colon = strrchr(spec->target, ':');
    char *end = NULL;
    unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
    if (colon == NULL || colon == spec->target || end == colon + 1 || *end != '\0' || port == 0 || port > 65535) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s is no address; write tcp:HOST:PORT with a port of 1 to 65535",
                            spec->text);
    }
    spec->port = (unsigned)port;
    *colon = '\0';
    size_t len = strlen(spec->target);
    if (len > 2 && spec->target[0] == '[' && spec->target[len - 1] == ']') {
        memmove(spec->target, spec->target + 1, len - 2);
        spec->target[len - 2] = '\0';
    }
    return oc_ok();
}

static oc_result take_form(oc_terminal_spec *out, const struct form *form, oc_diag *diag)
{
    bool is_url = form->kind == OC_TERMINAL_WS || form->kind == OC_TERMINAL_HTTP;
    const char *rest = out->text + strlen(form->prefix);
    out->kind = form->kind;
    /* "ws:URL" with a whole URL behind the colon, or the URL itself. */
    bool bare_url = is_url && strncmp(rest, "//", 2) == 0;
    snprintf(out->target, sizeof out->target, "%s", bare_url ? out->text : rest);
    if (form->takes_manifest) {
        cut_option(out->target, "manifest", out->manifest);
    }
    if (form->takes_dialect) {
        cut_option(out->target, "dialect", out->dialect);
    }
    if (out->target[0] == '\0') {
        return oc_diag_fail(diag, OC_E_USAGE, "%s names nothing behind the colon", out->text);
    }
    return form->kind == OC_TERMINAL_TCP ? cut_port(out, diag) : oc_ok();
}

static oc_result take_manual(oc_terminal_spec *out, oc_diag *diag)
{
    static const char option[] = ",seconds=";
    const char *rest = out->text + strlen("manual");
    out->kind = OC_TERMINAL_MANUAL;
    if (*rest == '\0') {
        return oc_ok();
    }
    const char *digits = rest + sizeof option - 1;
    size_t len = strncmp(rest, option, sizeof option - 1) == 0 ? strspn(digits, "0123456789") : 0;
    out->seconds = len > 0 && len <= 5 && digits[len] == '\0' ? (unsigned)strtoul(digits, NULL, 10) : 0;
    if (out->seconds < 1 || out->seconds > OC_OPERATOR_SECONDS_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s: write manual or manual,seconds=N with N of 1 to %d", out->text,
                            OC_OPERATOR_SECONDS_MAX);
    }
    return oc_ok();
}

oc_result oc_terminal_spec_parse(oc_terminal_spec *out, const char *text, oc_diag *diag)
{
    *out = (oc_terminal_spec){.kind = OC_TERMINAL_VIRTUAL};
    if (strlen(text) >= sizeof out->text) {
        return oc_diag_fail(diag, OC_E_USAGE, "a terminal specification of more than %zu bytes", sizeof out->text - 1);
    }
    snprintf(out->text, sizeof out->text, "%s", text);
    if (strcmp(text, "virtual") == 0) {
        return oc_ok();
    }
    if (strcmp(text, "manual") == 0 || strncmp(text, "manual,", 7) == 0) {
        return take_manual(out, diag);
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strncmp(text, forms[i].prefix, strlen(forms[i].prefix)) == 0) {
            return take_form(out, &forms[i], diag);
        }
    }
    return oc_diag_fail(diag, OC_E_USAGE,
                        "%s is no terminal; write virtual, driver:PATH, exec:COMMAND, tcp:HOST:PORT, ws:URL, http:URL "
                        "or manual",
                        text);
}
