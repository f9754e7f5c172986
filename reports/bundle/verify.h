/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_VERIFY_H
#define OC_REPORTS_BUNDLE_VERIFY_H

#include "reports/bundle/bundle.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a bundle is what it claims to be. What nobody can see in it: whether the run was made with the item it names,
 * and whether other runs were made and not handed in. */

typedef struct oc_verify_order {
    const char *folder;
    const char *data_folder;
    const char *const *ca_paths; /* PEM files of certificates that are trusted */
    size_t ca_count;      /* 0: signatures are checked, but not who made them, which does not verify the bundle */
    bool any_signer;      /* it does all the same */
    bool may_be_unsigned; /* a bundle that nobody signed may be verified too */
    bool without_reports; /* reports are not made again: of bundles that another version made */
    int64_t now;          /* at which certificates must be valid where there is no time stamp; 0: the clock's */
    oc_bundle_companion *companion; /* the same that the bundle was made with */
} oc_verify_order;

/* In this order; each is worth something only where those before it are good. */
enum oc_check {
    OC_CHECK_FILES,      /* plain files and folders, names that stay within */
    OC_CHECK_MANIFEST,   /* in form */
    OC_CHECK_DIGESTS,    /* every file is there and is the one listed; nothing else is */
    OC_CHECK_SIGNATURE,  /* over MANIFEST, by as many as were promised, by certificates that are trusted */
    OC_CHECK_TIME_STAMP, /* over the signature, where one was promised or is there */
    OC_CHECK_RECORD,     /* result.xml by its schema and against itself, every chain */
    OC_CHECK_PLAN,       /* what was planned is there, each once */
    OC_CHECK_DOCUMENTS,  /* ics.xml, lab.xml and challenge.xml are those of the run */
    OC_CHECK_DERIVED     /* everything else is what the record makes, byte for byte */
};
#define OC_CHECK_COUNT 9

enum oc_check_state { OC_CHECK_NOT_MADE, OC_CHECK_GOOD, OC_CHECK_BAD, OC_CHECK_WAIVED /* by the order */ };

typedef struct oc_check_result {
    enum oc_check_state state;
    char file[512];   /* in the bundle, or "" */
    long line;        /* or 0 */
    char reason[512]; /* one sentence, in English; "" when good */
} oc_check_result;

typedef struct oc_verification {
    oc_check_result checks[OC_CHECK_COUNT];
    bool verified;        /* none is BAD or NOT_MADE */
    oc_evidence evidence; /* where the record could be read */
    oc_cms_signers signers;
    int64_t stamped_at; /* 0: not stamped */
    char stamped_by[256];
    size_t files;
} oc_verification;

/* The result is OK whether the bundle is verified or not; USAGE and IO are about the order and this machine. *out is to be
 * freed in every case. */
OC_MUST_USE oc_result oc_bundle_verify(oc_verification *out, const oc_verify_order *order, oc_diag *diag);
void oc_verification_free(oc_verification *verification);

/* "files", "manifest", ...; `lang` "en" or "zh" gives what it is about in words. */
const char *oc_check_name(enum oc_check check);
const char *oc_check_words(enum oc_check check, const char *lang);
const char *oc_check_state_words(enum oc_check_state state, const char *lang);

#ifdef __cplusplus
}
#endif
#endif
