/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/bundle/files.h"
#include "reports/bundle/time_stamp.h"
#include "tests/support/oc_test.h"
#include "tests/unit/bundle_kit.h"

/* Everything that can be done to a bundle by who cannot sign; and much that can be done by who can. */

static oc_bundle_kit kit;
static oc_manifest files; /* of the untouched bundle */
static char altered[128]; /* a copy of it, put right after each try */
static unsigned tried, noticed;

static bool verifies(const char *bundle, bool reports, oc_verification *out)
{
    oc_verify_order order = oc_bundle_kit_order(&kit, bundle);
    oc_diag diag = {0};
    order.without_reports = !reports;
    oc_result r = oc_bundle_verify(out, &order, &diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    return out->verified;
}

/* One try: the altered copy must not pass; without reports, which are not needed to see it. */
static void expect_noticed(const char *what, ...) OC_PRINTF(1, 2);
static void expect_noticed(const char *what, ...)
{
    char text[600];
    oc_verification found;
    va_list args;
    va_start(args, what);
    vsnprintf(text, sizeof text, what, args);
    va_end(args);
    tried++;
    if (!verifies(altered, false, &found)) {
        noticed++;
    } else {
        fprintf(stderr, "not noticed: %s\n", text);
    }
    oc_verification_free(&found);
}

static void bundle_is_made(void)
{
    oc_verification found;
    oc_bundle_kit_make(&kit);
    snprintf(altered, sizeof altered, "%s/altered", kit.folder);
    oc_bundle_kit_copy(kit.bundle, altered);
    OC_ASSERT_OK(oc_bundle_files(&files, kit.bundle, NULL));
    bool good = verifies(kit.bundle, true, &found);
    for (unsigned i = 0; i < OC_CHECK_COUNT && !good; i++) {
        fprintf(stderr, "%s: %s: %s\n", oc_check_name((enum oc_check)i), found.checks[i].file, found.checks[i].reason);
    }
    CU_ASSERT_TRUE_FATAL(good);
    CU_ASSERT_EQUAL(found.signers.count, 2);
    CU_ASSERT_NOT_EQUAL(found.stamped_at, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(found.stamped_by, "stamps"));
    CU_ASSERT(found.evidence.traces > 8);
    for (unsigned i = 0; i < OC_CHECK_COUNT; i++) {
        CU_ASSERT_EQUAL(found.checks[i].state, OC_CHECK_GOOD);
    }
    oc_verification_free(&found);
}

static void flip(const char *path, char *text, size_t len, size_t at)
{
    text[at] = (char)(text[at] ^ 1);
    oc_bundle_kit_write(altered, path, text, len);
    expect_noticed("byte %zu of %s", at, path);
    text[at] = (char)(text[at] ^ 1);
}

static void every_file_altered(void)
{
    for (size_t i = 0; i < files.count; i++) {
        const char *path = files.at[i].path;
        char full[512];
        size_t len;
        size_t other_len;
        char *text = oc_bundle_kit_read(kit.bundle, path, &len);
        char *other = oc_bundle_kit_read(kit.bundle, files.at[(i + 1) % files.count].path, &other_len);
        const size_t places[] = {0, len / 2, len - 1};
        for (size_t k = 0; k < 3; k++) {
            flip(path, text, len, places[k]);
        }
        oc_bundle_kit_write(altered, path, text, len - 1);
        expect_noticed("%s cut", path);
        oc_bundle_kit_write(altered, path, text, 0);
        expect_noticed("%s emptied", path);
        oc_bundle_kit_write(altered, path, other, other_len);
        expect_noticed("%s exchanged", path);
        snprintf(full, sizeof full, "%s/%s", altered, path);
        unlink(full);
        expect_noticed("%s taken out", path);
        CU_ASSERT_EQUAL(symlink("/etc/hostname", full), 0);
        expect_noticed("%s a link", path);
        unlink(full);
        char *twice = malloc(2 * len);
        CU_ASSERT_PTR_NOT_NULL_FATAL(twice);
        memcpy(twice, text, len);
        memcpy(twice + len, text, len);
        oc_bundle_kit_write(altered, path, twice, 2 * len);
        expect_noticed("%s doubled", path);
        oc_bundle_kit_write(altered, path, text, len);
        free(twice);
        free(text);
        free(other);
    }
}

static void files_added(void)
{
    static const char *const names[] = {"x", "traces/x", "result.xml.bak", "MANIFEST.p7", ".hidden", "lab.XML"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char full[512];
        oc_bundle_kit_write(altered, names[i], "x", 1);
        expect_noticed("%s added", names[i]);
        snprintf(full, sizeof full, "%s/%s", altered, names[i]);
        unlink(full);
    }
    char full[512];
    snprintf(full, sizeof full, "%s/folder", altered);
    mkdir(full, 0755);
    expect_noticed("an empty folder");
    rmdir(full);
    CU_ASSERT_EQUAL(mkfifo(full, 0644), 0);
    expect_noticed("a pipe");
    unlink(full);
    CU_ASSERT_EQUAL(symlink(".", full), 0);
    expect_noticed("a link to itself");
    unlink(full);
}

/* Each line taken out, doubled, moved, and each of its fields altered. */
static void every_line_of_the_manifest(void)
{
    size_t len;
    char *text = oc_bundle_kit_read(kit.bundle, OC_MANIFEST_NAME, &len);
    char *edited = malloc(2 * len + 2);
    CU_ASSERT_PTR_NOT_NULL_FATAL(edited);
    for (char *line = text; *line != '\0';) {
        size_t line_len = strcspn(line, "\n") + 1;
        size_t before = (size_t)(line - text);
        size_t after = len - before - line_len;
        memcpy(edited, text, before);
        memcpy(edited + before, line + line_len, after);
        oc_bundle_kit_write(altered, OC_MANIFEST_NAME, edited, len - line_len);
        expect_noticed("line at %zu taken out", before);
        memcpy(edited + before, line, line_len);
        memcpy(edited + before + line_len, line, line_len + after);
        oc_bundle_kit_write(altered, OC_MANIFEST_NAME, edited, len + line_len);
        expect_noticed("line at %zu doubled", before);
        memcpy(edited, line, line_len);
        memcpy(edited + line_len, text, before);
        memcpy(edited + line_len + before, line + line_len, after);
        if (before > 0) {
            oc_bundle_kit_write(altered, OC_MANIFEST_NAME, edited, len);
            expect_noticed("line at %zu moved", before);
        }
        const size_t fields[] = {0, 63, 64, 65, 128, 129, 130, line_len - 2, line_len - 1};
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            flip(OC_MANIFEST_NAME, text, len, before + fields[i]);
        }
        line += line_len;
    }
    oc_bundle_kit_write(altered, OC_MANIFEST_NAME, text, len);
    free(edited);
    free(text);
}

/* Each byte of the time stamp, which OpenSSL checks. */
static void every_byte_of_the_stamp(void)
{
    size_t len;
    char *text = oc_bundle_kit_read(kit.bundle, OC_MANIFEST_TIME_STAMP, &len);
    size_t p7s_len;
    char *p7s = oc_bundle_kit_read(kit.bundle, OC_MANIFEST_SIGNATURE, &p7s_len);
    oc_trust *trust = NULL;
    char who[256];
    int64_t when;
    OC_ASSERT_OK(oc_trust_new(&trust, kit.roots, 3, 0, NULL));
    for (size_t i = 0; i < len; i++) {
        text[i] = (char)(text[i] ^ 1);
        bool passes = oc_is_ok(
            oc_time_stamp_check(oc_span_of(text, len), oc_span_of(p7s, p7s_len), trust, &when, who, NULL));
        tried++;
        noticed += !passes;
        if (passes) {
            fprintf(stderr, "not noticed: byte %zu of %zu of the time stamp\n", i, len);
        }
        text[i] = (char)(text[i] ^ 1);
    }
    oc_trust_free(&trust);
    free(text);
    free(p7s);
}

/* From here on the altered bundle is signed again, by the same keys: the record must not fit itself. `where` is the check
 * that must tell. */
static void expect_seen_through(const char *what, enum oc_check where, const char *names)
{
    oc_verification found;
    oc_bundle_kit_sign_again(&kit, altered);
    oc_verify_order order = oc_bundle_kit_order(&kit, altered);
    order.without_reports = true;
    OC_ASSERT_OK(oc_bundle_verify(&found, &order, NULL));
    tried++;
    noticed += !found.verified && found.checks[where].state == OC_CHECK_BAD;
    if (found.verified || found.checks[where].state != OC_CHECK_BAD) {
        fprintf(stderr, "not noticed in %s: %s\n", oc_check_name(where), what);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(found.checks[where].reason, names));
    oc_verification_free(&found);
}

static void replace_in_record(const char *from, const char *to)
{
    size_t len;
    char *text = oc_bundle_kit_read(kit.bundle, "result.xml", &len);
    char *at = strstr(text, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    size_t before = (size_t)(at - text);
    char *edited = malloc(len + strlen(to) + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(edited);
    memcpy(edited, text, before);
    strcpy(edited + before, to);
    strcpy(edited + before + strlen(to), at + strlen(from));
    oc_bundle_kit_write(altered, "result.xml", edited, strlen(edited));
    free(edited);
    free(text);
}

/* The `number`-th case of a record, whole, with its line feed. */
static char *case_in(const char *text, unsigned number)
{
    const char *at = strstr(text, "<case ");
    for (; number > 0 && at != NULL; number--) {
        at = strstr(at + 1, "<case ");
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    const char *end = strchr(at, '\n');
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    return strndup(at, (size_t)(end - at) + 1);
}

static void a_swapped_driver(void)
{
    replace_in_record("terminal-sha256=\"AA", "terminal-sha256=\"BB");
    expect_seen_through("a swapped driver", OC_CHECK_RECORD, "driver");
}

/* A record of an earlier run, handed in as if it were of a later one. */
static void a_replayed_run(void)
{
    replace_in_record(OC_KIT_RUN_ID, OC_KIT_OTHER_RUN_ID);
    expect_seen_through("a replayed run", OC_CHECK_RECORD, "another run");
}

/* A case of another run of the same plan takes the place of one that went wrong. */
static void a_spliced_case(void)
{
    char other[128];
    size_t len;
    size_t other_len;
    snprintf(other, sizeof other, "%s/other", kit.folder);
    oc_bundle_kit_record(other, OC_KIT_OTHER_RUN_ID);
    char *text = oc_bundle_kit_read(kit.bundle, "result.xml", &len);
    char *other_text = oc_bundle_kit_read(other, "result.xml", &other_len);
    for (unsigned i = 0; i < 14; i++) {
        char *own = case_in(text, i);
        char *spliced = case_in(other_text, i);
        CU_ASSERT_STRING_NOT_EQUAL(own, spliced);
        replace_in_record(own, spliced);
        expect_seen_through("a spliced case", OC_CHECK_RECORD, "another run");
        free(own);
        free(spliced);
    }
    free(text);
    free(other_text);
}

static void cases_taken_out_and_added(void)
{
    size_t len;
    char *text = oc_bundle_kit_read(kit.bundle, "result.xml", &len);
    char *own = case_in(text, 12);
    replace_in_record(own, "");
    expect_seen_through("a case taken out", OC_CHECK_RECORD, "");
    char *twice = malloc(2 * strlen(own) + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(twice);
    sprintf(twice, "%s%s", own, own);
    replace_in_record(own, twice);
    expect_seen_through("a case doubled", OC_CHECK_RECORD, "");
    free(twice);
    free(own);
    free(text);
}

/* The counts put right as well: then it is the plan that tells. */
static void a_case_taken_out_with_its_count(void)
{
    size_t len;
    char *text = oc_bundle_kit_read(kit.bundle, "result.xml", &len);
    char *own = case_in(text, 0);
    for (unsigned i = 1; strstr(own, "verdict=\"ERROR\"") == NULL; i++) {
        free(own);
        own = case_in(text, i);
    }
    replace_in_record(own, "");
    char *rest = oc_bundle_kit_read(altered, "result.xml", &len);
    char *count = strstr(rest, "verdict=\"ERROR\" n=\"2\"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(count);
    count[strlen("verdict=\"ERROR\" n=\"")] = '1';
    char *planned = strstr(rest, "planned=\"14\"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(planned);
    planned[strlen("planned=\"1")] = '3';
    oc_bundle_kit_write(altered, "result.xml", rest, len);
    expect_seen_through("a case taken out with its count", OC_CHECK_PLAN, "planned");
    free(rest);
    free(own);
    free(text);
}

static void documents_exchanged(void)
{
    static const char other[] = "<ics xmlns=\"urn:onecard:ics:1\" id=\"ICS-8\"><vendor name=\"x\"/>"
                                "<item kind=\"card\" model=\"y\"/></ics>";
    char full[512];
    size_t len;
    oc_bundle_kit_write(altered, "ics.xml", other, strlen(other));
    expect_seen_through("another declaration", OC_CHECK_DOCUMENTS, "the run was made with");
    snprintf(full, sizeof full, "%s/lab.xml", altered);
    char *ics = oc_bundle_kit_read(kit.bundle, "ics.xml", &len);
    oc_bundle_kit_write(altered, "ics.xml", ics, len);
    unlink(full);
    expect_seen_through("laboratory data taken out", OC_CHECK_DOCUMENTS, "missing");
    char *lab = oc_bundle_kit_read(kit.bundle, "lab.xml", &len);
    oc_bundle_kit_write(altered, "lab.xml", lab, len);
    free(ics);
    free(lab);
}

/* Every attribute of every kind of element within the cases: the chain tells, and says in which case. */
static void every_attribute_of_a_case(void)
{
    size_t len;
    char seen[64][64];
    unsigned count = 0;
    char *text = oc_bundle_kit_read(kit.bundle, "result.xml", &len);
    for (char *at = strstr(text, "<case "); at != NULL; at = strstr(at + 1, "=\"")) {
        char key[64];
        char *value = strstr(at, "=\"");
        char *name = value;
        if (value == NULL) {
            break;
        }
        while (name[-1] != ' ') {
            name--;
        }
        char *element = name;
        while (*element != '<') {
            element--;
        }
        snprintf(key, sizeof key, "%.*s@%.*s", (int)strcspn(element + 1, " >"), element + 1, (int)(value - name),
                 name);
        bool known = strcmp(key, "case@verdict") == 0; /* of a fixed list: the schema tells */
        for (unsigned i = 0; i < count; i++) {
            known = known || strcmp(seen[i], key) == 0;
        }
        at = value;
        if (known || value[2] == '"' || count == 64) {
            continue;
        }
        snprintf(seen[count++], sizeof seen[0], "%s", key);
        char was = value[2];
        value[2] = was == '1' ? '2' : was == 't' || was == 'f' ? was : '1';
        if (was == 't' || was == 'f') { /* true and false */
            continue;
        }
        oc_bundle_kit_write(altered, "result.xml", text, len);
        expect_seen_through(key, OC_CHECK_RECORD, "");
        value[2] = was;
    }
    CU_ASSERT(count > 25);
    oc_bundle_kit_write(altered, "result.xml", text, len);
    free(text);
}

/* A trace that says something else than the record, listed and signed. */
static void a_trace_altered(void)
{
    char path[512] = "";
    size_t len;
    oc_verification found;
    for (size_t i = 0; i < files.count; i++) {
        if (strncmp(files.at[i].path, "traces/", 7) == 0) {
            snprintf(path, sizeof path, "%s", files.at[i].path);
        }
    }
    char *text = oc_bundle_kit_read(kit.bundle, path, &len);
    char *fifth = text;
    for (unsigned i = 1; i < 5; i++) {
        fifth = strchr(fifth, '\n') + 1;
    }
    fifth[5] ^= 1;
    oc_bundle_kit_write(altered, path, text, len);
    expect_seen_through("a trace altered", OC_CHECK_DERIVED, "from this line on");
    CU_ASSERT_FALSE(verifies(altered, false, &found));
    CU_ASSERT_EQUAL(found.checks[OC_CHECK_DERIVED].line, 5);
    CU_ASSERT_STRING_EQUAL(found.checks[OC_CHECK_DERIVED].file, path);
    oc_verification_free(&found);
    fifth[5] ^= 1;
    oc_bundle_kit_write(altered, path, text, len);
    free(text);
}

/* A report that reads better than its record. */
static void a_report_altered(void)
{
    oc_verification found;
    size_t len;
    char *text = oc_bundle_kit_read(kit.bundle, "junit.xml", &len);
    char *failure = strstr(text, "failures=\"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(failure);
    failure[strlen("failures=\"")] = '0';
    oc_bundle_kit_write(altered, "junit.xml", text, len);
    oc_bundle_kit_sign_again(&kit, altered);
    CU_ASSERT_FALSE(verifies(altered, true, &found));
    CU_ASSERT_EQUAL(found.checks[OC_CHECK_DERIVED].state, OC_CHECK_BAD);
    CU_ASSERT_STRING_EQUAL(found.checks[OC_CHECK_DERIVED].file, "junit.xml");
    tried++;
    noticed += !found.verified;
    oc_verification_free(&found);
    free(text);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"the bundle is made", bundle_is_made},
        {"every file altered", every_file_altered},
        {"files added", files_added},
        {"every line of the manifest", every_line_of_the_manifest},
        {"every byte of the stamp", every_byte_of_the_stamp},
        {"a swapped driver", a_swapped_driver},
        {"a replayed run", a_replayed_run},
        {"a spliced case", a_spliced_case},
        {"cases taken out and added", cases_taken_out_and_added},
        {"a case taken out with its count", a_case_taken_out_with_its_count},
        {"every attribute of a case", every_attribute_of_a_case},
        {"documents exchanged", documents_exchanged},
        {"a trace altered", a_trace_altered},
        {"a report altered", a_report_altered},
        {NULL, NULL},
    };
    int code = oc_test_main("bundle: tampering", rows);
    printf("%u of %u alterations noticed\n", noticed, tried);
    oc_manifest_free(&files);
    oc_bundle_kit_free(&kit);
    return noticed == tried ? code : 1;
}
