/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/arguments.h"
#include "conformance/cli/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/reports.h"

void oc_take_path(oc_path_list *list, const char *text, const struct argp_state *state)
{
    if (list->count == OC_PATHS_MAX) {
        argp_error(state, _("more than %d paths"), OC_PATHS_MAX);
        return;
    }
    list->at[list->count++] = text;
}

void oc_take_format(oc_format_list *list, const char *text, const struct argp_state *state)
{
    size_t len = strcspn(text, "=");
    if (list->count == OC_FORMATS_MAX) {
        argp_error(state, _("more than %d formats"), OC_FORMATS_MAX);
        return;
    }
    snprintf(list->at[list->count].kind, sizeof list->at[0].kind, "%.*s", (int)(len < 64 ? len : 64), text);
    if (text[len] != '=' || text[len + 1] == '\0' || !oc_report_kind_known(list->at[list->count].kind)) {
        argp_error(state, _("--format takes KIND=FILE with html, junit, junit-extended, tap, ctrf or json, not %s"),
                   text);
        return;
    }
    list->at[list->count++].path = text + len + 1;
}

uint64_t oc_take_number(const char *text, uint64_t low, uint64_t high, const struct argp_state *state)
{
    size_t len = strlen(text);
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (len == 0 || strspn(text, "0123456789") != len || errno != 0 || value < low || value > high) {
        argp_error(state, _("%s is not a number from %llu to %llu"), text, (unsigned long long)low,
                   (unsigned long long)high);
    }
    return value;
}

enum oc_card_interface oc_take_interface(const char *text, const struct argp_state *state)
{
    if (strcmp(text, "contact") != 0 && strcmp(text, "contactless") != 0) {
        argp_error(state, _("--interface takes contact or contactless, not %s"), text);
    }
    return strcmp(text, "contactless") == 0 ? OC_INTERFACE_CONTACTLESS : OC_INTERFACE_CONTACT;
}

error_t oc_take_text(const oc_text_option *options, size_t count, int key, const char *text,
                     const struct argp_state *state)
{
    for (size_t i = 0; i < count; i++) {
        if (options[i].key == key) {
            *options[i].place = text;
            return 0;
        }
    }
    if (key == ARGP_KEY_ARG) {
        argp_error(state, _("unexpected argument %s"), text);
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}
