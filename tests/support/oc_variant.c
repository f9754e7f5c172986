/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_variant.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"

#define TEXT_MAX ((size_t)256 * 1024)
#define HREF "href=\""

/* Appends `text` up to `to`, then what stands for it; `text` goes on behind it. */
static oc_result splice(oc_buf *out, const char **text, const char *at, const char *from, const char *to)
{
    OC_TRY(oc_buf_append(out, oc_span_of(*text, (size_t)(at - *text))));
    *text = at + strlen(from);
    return oc_buf_append(out, oc_span_text(to));
}

static oc_result change(oc_buf *text, const oc_variant_change *wanted)
{
    oc_buf changed = {0};
    const char *rest = (const char *)text->at;
    const char *at = strstr(rest, wanted->from);
    oc_result r = at == NULL ? oc_fail(OC_E_NOT_FOUND) : splice(&changed, &rest, at, wanted->from, wanted->to);
    if (oc_is_ok(r)) {
        r = oc_buf_append(&changed, oc_span_of(rest, strlen(rest) + 1));
    }
    oc_buf_free(text);
    *text = changed;
    return r;
}

/* The copy lies elsewhere, so that its references must not be relative. */
static oc_result settle_references(oc_buf *text, const char *folder)
{
    char absolute[PATH_MAX + sizeof HREF];
    snprintf(absolute, sizeof absolute, HREF "%s/", folder);
    oc_buf settled = {0};
    const char *rest = (const char *)text->at;
    oc_result r = oc_ok();
    for (const char *at = strstr(rest, HREF); at != NULL && oc_is_ok(r); at = strstr(rest, HREF)) {
        r = splice(&settled, &rest, at, HREF, absolute);
    }
    if (oc_is_ok(r)) {
        r = oc_buf_append(&settled, oc_span_text(rest));
    }
    oc_buf_free(text);
    *text = settled;
    return r;
}

static oc_result load_text(oc_profile **out, oc_span text, oc_diag *diag)
{
    char path[] = "/tmp/onecard-variant-XXXXXX";
    int held = mkstemp(path);
    if (held < 0) {
        return oc_fail(OC_E_IO);
    }
    close(held);
    oc_result r = oc_file_replace(path, text, diag);
    if (oc_is_ok(r)) {
        r = oc_profile_load(out, path, diag);
    }
    unlink(path);
    return r;
}

oc_result oc_variant_load(oc_profile **out, const char *path, const oc_variant_change *changes, size_t count,
                          oc_diag *diag)
{
    *out = NULL;
    char folder[PATH_MAX];
    char whole[PATH_MAX];
    if (realpath(path, whole) == NULL) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(whole, '/') - whole), whole);
    oc_buf text = {0};
    oc_result r = oc_file_read(&text, whole, TEXT_MAX, diag);
    if (oc_is_ok(r)) {
        r = oc_buf_append_byte(&text, 0);
    }
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        r = change(&text, &changes[i]);
    }
    if (oc_is_ok(r)) {
        r = settle_references(&text, folder);
    }
    if (oc_is_ok(r)) {
        r = load_text(out, oc_buf_span(&text), diag);
    }
    oc_buf_free(&text);
    return r;
}
