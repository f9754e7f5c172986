/* SPDX-License-Identifier: Apache-2.0 */
/* What the host acknowledged outlives it. */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/host/host.h"
#include "tests/unit/host_keys.h"

static char folder[] = "/tmp/oc_host_store_XXXXXX";
static struct test_keys keys;
static oc_clock test_clock;

static oc_result open_at(oc_host **host, const char *path, oc_diag *diag)
{
    test_clock = oc_clock_default();
    oc_host_parts parts = {.store = path, .clock = &test_clock, .keys = test_keys_provider(&keys)};
    return oc_host_open(host, &parts, diag);
}

static const char *in_folder(const char *name)
{
    static char path[256];
    OC_ASSERT_OK(oc_file_join(path, sizeof path, folder, name));
    return path;
}

static bool send_debit(oc_host *host, uint16_t seq, const char *result)
{
    oc_fields debit = {0};
    oc_fields answer = {0};
    test_debit(&keys, &debit, seq, seq);
    bool same = oc_is_ok(oc_host_message(host, "card-debit", &debit, &answer, NULL)) &&
                test_says(&answer, "result", result);
    oc_fields_free(&debit);
    oc_fields_free(&answer);
    return same;
}

static void a_duplicate_is_known_after_a_restart(void)
{
    test_keys_open(&keys, OC_ALG_3DES);
    const char *path = in_folder("restart.db");
    oc_host *host = NULL;
    OC_ASSERT_OK(open_at(&host, path, NULL));
    CU_ASSERT_TRUE(send_debit(host, 1, "accepted"));
    oc_host_close(&host);
    OC_ASSERT_OK(open_at(&host, path, NULL));
    CU_ASSERT_TRUE(send_debit(host, 1, "duplicate"));
    CU_ASSERT_TRUE(send_debit(host, 2, "accepted"));
    oc_host_close(&host);
    test_keys_close(&keys);
}

/* Books one after the other and says each number once it is acknowledged. */
static void write_until_killed(const char *path, int said)
{
    oc_host *host = NULL;
    if (!oc_is_ok(open_at(&host, path, NULL))) {
        _exit(1);
    }
    for (uint16_t seq = 1; seq < 60000; seq++) {
        if (!send_debit(host, seq, "accepted") || write(said, &seq, sizeof seq) != sizeof seq) {
            _exit(1);
        }
    }
    _exit(2);
}

static void what_was_acknowledged_survives_a_kill(void)
{
    test_keys_open(&keys, OC_ALG_3DES);
    const char *path = in_folder("killed.db");
    int said[2];
    CU_ASSERT_EQUAL_FATAL(pipe(said), 0);
    pid_t child = fork();
    if (child == 0) {
        write_until_killed(path, said[1]);
    }
    close(said[1]);
    uint16_t last = 0;
    while (last < 20) {
        CU_ASSERT_EQUAL_FATAL(read(said[0], &last, sizeof last), (ssize_t)sizeof last);
    }
    kill(child, SIGKILL);
    int status;
    waitpid(child, &status, 0);
    CU_ASSERT_TRUE(WIFSIGNALED(status));
    uint16_t more;
    while (read(said[0], &more, sizeof more) == (ssize_t)sizeof more) {
        last = more;
    }
    close(said[0]);

    oc_host *host = NULL;
    OC_ASSERT_OK(open_at(&host, path, NULL));
    for (uint16_t seq = 1; seq <= last; seq++) {
        CU_ASSERT_TRUE(send_debit(host, seq, "duplicate"));
    }
    oc_host_close(&host);
    test_keys_close(&keys);
}

static void two_hosts_share_a_file(void)
{
    test_keys_open(&keys, OC_ALG_SM4);
    const char *path = in_folder("shared.db");
    oc_host *hosts[2] = {NULL, NULL};
    OC_ASSERT_OK(open_at(&hosts[0], path, NULL));
    OC_ASSERT_OK(open_at(&hosts[1], path, NULL));
    CU_ASSERT_TRUE(send_debit(hosts[0], 1, "accepted"));
    CU_ASSERT_TRUE(send_debit(hosts[1], 1, "duplicate"));
    CU_ASSERT_TRUE(send_debit(hosts[1], 2, "accepted"));
    CU_ASSERT_TRUE(send_debit(hosts[0], 2, "duplicate"));
    oc_host_close(&hosts[0]);
    oc_host_close(&hosts[1]);
    test_keys_close(&keys);
}

static void refused_with(const char *name, oc_span content, enum oc_code code, const char *part)
{
    const char *path = in_folder(name);
    OC_ASSERT_OK(oc_file_replace(path, content, NULL));
    oc_host *host = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(open_at(&host, path, &diag), code);
    CU_ASSERT_PTR_NULL(host);
    CU_ASSERT_STRING_EQUAL(diag.file, path);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, part));
}

static void what_is_no_ledger_is_refused(void)
{
    test_keys_open(&keys, OC_ALG_3DES);
    refused_with("text.db", oc_span_text("this is a text, and a longer one than a database's head: nothing to open"),
                 OC_E_FORMAT, "not a database");

    const char *path = in_folder("whole.db");
    oc_host *host = NULL;
    OC_ASSERT_OK(open_at(&host, path, NULL));
    for (uint16_t seq = 1; seq <= 200; seq++) {
        CU_ASSERT_TRUE(send_debit(host, seq, "accepted"));
    }
    oc_host_close(&host);
    oc_buf whole = {0};
    OC_ASSERT_OK(oc_file_read(&whole, path, 1 << 24, NULL));
    CU_ASSERT_TRUE_FATAL(whole.len > 16384);

    /* another program's mark (offset 68 in the SQLite file format), then pages overwritten */
    oc_buf changed = {0};
    OC_ASSERT_OK(oc_buf_set(&changed, oc_buf_span(&whole)));
    memset(changed.at + 68, 0, 4);
    refused_with("foreign.db", oc_buf_span(&changed), OC_E_FORMAT, "no ledger");
    OC_ASSERT_OK(oc_buf_set(&changed, oc_buf_span(&whole)));
    memset(changed.at + 4096, 0xA5, changed.len - 4096);
    refused_with("damaged.db", oc_buf_span(&changed), OC_E_FORMAT, "");
    OC_ASSERT_OK(oc_buf_set(&changed, oc_buf_span(&whole)));
    memset(changed.at + changed.len / 2, 0x5A, 64);
    refused_with("scratched.db", oc_buf_span(&changed), OC_E_FORMAT, "damaged");
    refused_with("short.db", oc_span_of(whole.at, whole.len / 2), OC_E_FORMAT, "");
    oc_buf_free(&whole);
    oc_buf_free(&changed);

    oc_diag diag = {0};
    OC_ASSERT_CODE(open_at(&host, in_folder("no/such/folder.db"), &diag), OC_E_IO);
    OC_ASSERT_CODE(open_at(&host, "", &diag), OC_E_USAGE);
    test_keys_close(&keys);
}

static void remove_folder(void)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    rmdir(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a duplicate is known after a restart", a_duplicate_is_known_after_a_restart},
        {"what was acknowledged survives a kill", what_was_acknowledged_survives_a_kill},
        {"two hosts share a file", two_hosts_share_a_file},
        {"what is no ledger is refused", what_is_no_ledger_is_refused},
        {NULL, NULL},
    };
    if (mkdtemp(folder) == NULL) {
        return 2;
    }
    int code = oc_test_main("host store", rows);
    remove_folder();
    return code;
}
