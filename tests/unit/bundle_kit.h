/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_BUNDLE_KIT_H
#define OC_TESTS_UNIT_BUNDLE_KIT_H

#include "reports/bundle/verify.h"
#include "tests/support/oc_signers.h"

/* A bundle as a run would leave it, for tests: every verdict, a driver library, a declaration, laboratory data; signed
 * with SM2 and P-256 and stamped by an authority of the test's own. */
typedef struct oc_bundle_kit {
    char folder[64]; /* everything is in it */
    char run[128];   /* output folder of the run */
    char bundle[128];
    oc_signer_files sm2, p256, authority;
    char tsa_command[768];
    oc_signer signers[2];
    const char *roots[3];
} oc_bundle_kit;

#define OC_KIT_RUN_ID "R-20260302T011500Z-0A1B2C3D"
#define OC_KIT_OTHER_RUN_ID "R-20260302T011501Z-0A1B2C3E"
#define OC_KIT_SIGNED 1772417700 /* 2026-03-02T02:15:00Z */

void oc_bundle_kit_make(oc_bundle_kit *kit);
void oc_bundle_kit_free(oc_bundle_kit *kit);

/* A record in FOLDER/result.xml, with ics.xml and lab.xml beside it. */
void oc_bundle_kit_record(const char *folder, const char *run_id);

/* The order that verifies the kit's bundle. */
oc_verify_order oc_bundle_kit_order(const oc_bundle_kit *kit, const char *bundle);

/* Copies a folder of files and folders. */
void oc_bundle_kit_copy(const char *from, const char *to);

/* The whole file with a closing NUL; the caller frees. */
char *oc_bundle_kit_read(const char *folder, const char *name, size_t *len);
void oc_bundle_kit_write(const char *folder, const char *name, const char *text, size_t len);

/* What who holds the keys can do: a manifest over what is there now, signed anew. */
void oc_bundle_kit_sign_again(const oc_bundle_kit *kit, const char *bundle);

#endif
