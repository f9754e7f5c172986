/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/host_describe.h"

#include <glob.h>
#include <string.h>

#include "conformance/cli/host_medical.h"
#include "conformance/cli/words.h"
#include "sim/host/medical/describe.h"

#define REGIONS_MAX 16

struct regions {
    oc_region *own;
    oc_region *others[REGIONS_MAX];
    size_t count;
};

/* The shipped regions but the one that is described; messages.xml beside them is none. */
static oc_result load_others(struct regions *out, const oc_cli *cli, const char *schemas, oc_diag *diag)
{
    char pattern[PATH_MAX];
    glob_t found = {0};
    OC_TRY(oc_cli_data_path(cli, pattern, "vectors/regions/*.xml"));
    oc_result r = glob(pattern, 0, NULL, &found) == 0 ? oc_ok() : oc_fail(OC_E_NOT_FOUND);
    for (size_t i = 0; oc_is_ok(r) && i < found.gl_pathc && out->count < REGIONS_MAX; i++) {
        oc_region *region = NULL;
        if (strcmp(strrchr(found.gl_pathv[i], '/'), "/messages.xml") == 0) {
            continue;
        }
        r = oc_region_load(&region, found.gl_pathv[i], schemas, diag);
        if (oc_is_ok(r) && strcmp(oc_region_id(region), oc_region_id(out->own)) != 0) {
            out->others[out->count++] = region;
        } else {
            oc_region_free(&region);
        }
    }
    globfree(&found);
    return r;
}

static oc_result load(struct regions *out, const oc_cli *cli, const char *file, oc_diag *diag)
{
    char schemas[PATH_MAX];
    OC_TRY(oc_host_medical_load_region(&out->own, cli, file, diag));
    OC_TRY(oc_cli_data_path(cli, schemas, "vectors/schema"));
    return load_others(out, cli, schemas, diag);
}

static oc_result print(const struct regions *regions, const char *infno, oc_diag *diag)
{
    oc_buf page = {0};
    const oc_region *others[REGIONS_MAX];
    for (size_t i = 0; i < regions->count; i++) {
        others[i] = regions->others[i];
    }
    oc_result r = infno[0] == '\0' ? oc_med_describe_all(&page, regions->own, others, regions->count)
                                   : oc_med_describe(&page, regions->own, others, regions->count, infno);
    if (r.code == OC_E_NOT_FOUND) {
        r = oc_diag_fail(diag, OC_E_USAGE, _("there is no message %s"), infno);
    } else if (oc_is_ok(r)) {
        fwrite(page.at, 1, page.len, stdout);
    }
    oc_buf_free(&page);
    return r;
}

int oc_host_describe(const oc_cli *cli, const char *region, const char *infno)
{
    struct regions regions = {0};
    oc_diag diag = {0};
    oc_result r = load(&regions, cli, region, &diag);
    r = oc_is_ok(r) ? print(&regions, infno, &diag) : r;
    oc_region_free(&regions.own);
    for (size_t i = 0; i < regions.count; i++) {
        oc_region_free(&regions.others[i]);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return oc_cli_input_exit(r);
    }
    return OC_EXIT_OK;
}
