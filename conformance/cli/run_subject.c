/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_subject.h"

#include <dirent.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/arena.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/crypto/crypto.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
/* Hex digits of SHA-256 that are kept: enough to tell runs apart, nobody forges his own journal. */
#define DIGEST_DIGITS 32

struct maker {
    oc_buf *out;
    oc_crypto *crypto;
    oc_diag *diag;
};

static oc_result add_word(const struct maker *maker, const char *name, oc_span content)
{
    uint8_t digest[32];
    char digits[DIGEST_DIGITS + 1];
    OC_TRY(oc_sha256(maker->crypto, content, digest));
    oc_hex_encode(digits, sizeof digits, oc_span_of(digest, DIGEST_DIGITS / 2));
    if (maker->out->len > 0) {
        OC_TRY(oc_buf_append_byte(maker->out, ' '));
    }
    OC_TRY(oc_buf_append(maker->out, oc_span_text(name)));
    OC_TRY(oc_buf_append_byte(maker->out, '='));
    return oc_buf_append(maker->out, oc_span_text(digits));
}

static oc_result add_options(const struct maker *maker, const oc_run_arguments *arguments)
{
    oc_arena scratch = {0};
    const struct {
        const char *name;
        const char *value;
    } options[] = {
        {"--card", arguments->card},
        {"--psam", arguments->psam},
        {"--terminal", arguments->terminal},
        {"--host", arguments->host_url},
        {"--card-delay-us", oc_arena_format(&scratch, "%u", (unsigned)arguments->card_delay_us)},
        {"--keys", arguments->keys_shown},
        {"--protocol", arguments->prefer_t1 ? "t1" : "t0"},
        {"--interface", oc_arena_format(&scratch, "%d", (int)arguments->interface)},
        {"--via", oc_arena_format(&scratch, "%d %d", arguments->via_inproc, arguments->via_pcsc)},
        {"--filter", arguments->selection.id_regex},
        {"--tag", arguments->selection.tag},
        {"--shard", oc_arena_format(&scratch, "%u/%u", arguments->selection.shard, arguments->selection.shards)},
        {"--allow", oc_arena_format(&scratch, "%u", arguments->allowed)},
        {"--expendable", arguments->expendable ? "yes" : "no"},
        {"--dut-unconfined", arguments->unconfined ? "yes" : "no"},
        {"--repeat", oc_arena_format(&scratch, "%u", arguments->repeat > 1 ? arguments->repeat : 1)},
        {"--reveal", arguments->reveal ? "yes" : "no"},
        {"--strict", arguments->strict ? "yes" : "no"},
    };
    oc_result r = oc_ok();
    for (size_t i = 0; i < sizeof options / sizeof options[0] && oc_is_ok(r); i++) {
        r = add_word(maker, options[i].name, oc_span_text(options[i].value == NULL ? "" : options[i].value));
    }
    oc_arena_free(&scratch);
    return r;
}

/* Appends the digest of the file's content; its name says nothing. */
static oc_result add_file(const struct maker *maker, const char *path, oc_buf *digests)
{
    oc_buf content = {0};
    uint8_t digest[32];
    oc_result r = oc_file_read(&content, path, FILE_MAX, maker->diag);
    if (oc_is_ok(r)) {
        r = oc_sha256(maker->crypto, oc_buf_span(&content), digest);
    }
    oc_buf_free(&content);
    return oc_is_ok(r) ? oc_buf_append(digests, oc_span_of(digest, sizeof digest)) : r;
}

/* The profile and what it refers to by href: files beside it, which lead no further. */
static oc_result add_profile(const struct maker *maker, const char *path, oc_buf *digests)
{
    OC_TRY(add_file(maker, path, digests));
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_load(&doc, path, NULL, maker->diag));
    oc_result r = oc_ok();
    for (const xmlNode *n = oc_xml_child(oc_xml_root(doc), NULL); n != NULL && oc_is_ok(r); n = oc_xml_next(n, NULL)) {
        const char *href = oc_xml_attr(n, "href");
        char own[PATH_MAX];
        char beside[PATH_MAX];
        if (href != NULL) {
            snprintf(own, sizeof own, "%s", path);
            r = oc_file_join(beside, sizeof beside, dirname(own), href);
            r = oc_is_ok(r) ? add_file(maker, beside, digests) : r;
        }
    }
    oc_xml_free(&doc);
    return r;
}

static int xml_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".xml") == 0;
}

static oc_result add_requirements(const struct maker *maker, const char *vectors_folder, oc_buf *digests)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    OC_TRY(oc_file_join(folder, sizeof folder, vectors_folder, "requirements"));
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, xml_file, alphasort);
    oc_result r = count < 0 ? oc_diag_fail_at(maker->diag, OC_E_NOT_FOUND, folder, 0, "no folder of requirements")
                            : oc_ok();
    for (int i = 0; i < count; i++) {
        if (oc_is_ok(r)) {
            r = oc_file_join(path, sizeof path, folder, entries[i]->d_name);
        }
        if (oc_is_ok(r)) {
            r = add_file(maker, path, digests);
        }
        free(entries[i]);
    }
    free(entries);
    return r;
}

static oc_result add_all(const struct maker *maker, const oc_run_arguments *arguments,
                         const oc_profile *const *profiles, size_t profile_count, const char *vectors_folder)
{
    oc_buf digests = {0};
    oc_result r = add_options(maker, arguments);
    for (size_t i = 0; i < profile_count && oc_is_ok(r); i++) {
        r = add_profile(maker, oc_profile_path(profiles[i]), &digests);
    }
    if (oc_is_ok(r)) {
        r = add_word(maker, "--profile", oc_buf_span(&digests));
    }
    oc_buf_clear(&digests);
    if (oc_is_ok(r)) {
        r = add_requirements(maker, vectors_folder, &digests);
    }
    if (oc_is_ok(r)) {
        r = add_word(maker, "requirements", oc_buf_span(&digests));
    }
    oc_buf_free(&digests);
    return r;
}

oc_result oc_run_subject(oc_buf *out, const oc_run_arguments *arguments, const oc_profile *const *profiles,
                         size_t profile_count, const char *vectors_folder, oc_diag *diag)
{
    struct maker maker = {.out = out, .diag = diag};
    OC_TRY(oc_crypto_new(&maker.crypto));
    oc_result r = add_all(&maker, arguments, profiles, profile_count, vectors_folder);
    oc_crypto_free(&maker.crypto);
    OC_TRY(r);
    OC_TRY(oc_buf_append_byte(out, 0));
    out->len--;
    return oc_ok();
}
