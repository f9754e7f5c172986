/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/visible.h"

static bool path_may_begin_after(char before)
{
    return strchr(" \t\n\"'=:,", before) != NULL; /* also at the very begin, where `before` is NUL */
}

static bool path_begins(const char *at, char before)
{
    return *at == '/' && at[1] != '/' && path_may_begin_after(before);
}

bool oc_visible_paths_stay(const char *text)
{
    for (const char *at = strchr(text, '/'); at != NULL; at = strchr(at + 1, '/')) {
        if (path_begins(at, at == text ? '\0' : at[-1])) {
            return false;
        }
    }
    return true;
}

oc_result oc_visible_paths(oc_buf *out, const char *text)
{
    const char *at = text == NULL ? "" : text;
    char before = '\0';
    while (*at != '\0') {
        if (!path_begins(at, before)) {
            OC_TRY(oc_buf_append_byte(out, (uint8_t)*at));
            before = *at++;
            continue;
        }
        size_t len = strcspn(at, " \t\n\"',");
        while (len > 1 && at[len - 1] == '/') {
            len--;
        }
        size_t last = len;
        while (last > 0 && at[last - 1] != '/') {
            last--;
        }
        OC_TRY(oc_buf_append(out, oc_span_text(".../")));
        OC_TRY(oc_buf_append(out, oc_span_of(at + last, len - last)));
        at += len;
        before = 'x';
    }
    return oc_visible_text(out, "");
}
