/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/arguments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void oc_take_path(oc_path_list *list, const char *text, const struct argp_state *state)
{
    if (list->count == OC_PATHS_MAX) {
        argp_error(state, "more than %d paths", OC_PATHS_MAX);
        return;
    }
    list->at[list->count++] = text;
}

void oc_take_format(oc_format_list *list, const char *text, const struct argp_state *state)
{
    static const char *const kinds[] = {"html", "junit"};
    size_t len = strcspn(text, "=");
    if (list->count == OC_FORMATS_MAX) {
        argp_error(state, "more than %d formats", OC_FORMATS_MAX);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strlen(kinds[i]) == len && strncmp(text, kinds[i], len) == 0 && text[len] == '=' &&
            text[len + 1] != '\0') {
            memcpy(list->at[list->count].kind, kinds[i], len + 1);
            list->at[list->count++].path = text + len + 1;
            return;
        }
    }
    argp_error(state, "--format takes html=FILE or junit=FILE, not %s", text);
}

uint64_t oc_take_number(const char *text, uint64_t low, uint64_t high, const struct argp_state *state)
{
    size_t len = strlen(text);
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (len == 0 || strspn(text, "0123456789") != len || errno != 0 || value < low || value > high) {
        argp_error(state, "%s is not a number from %" PRIu64 " to %" PRIu64, text, low, high);
    }
    return value;
}

enum oc_card_interface oc_take_interface(const char *text, const struct argp_state *state)
{
    if (strcmp(text, "contact") != 0 && strcmp(text, "contactless") != 0) {
        argp_error(state, "--interface takes contact or contactless, not %s", text);
    }
    return strcmp(text, "contactless") == 0 ? OC_INTERFACE_CONTACTLESS : OC_INTERFACE_CONTACT;
}
