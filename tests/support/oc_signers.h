/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_SIGNERS_H
#define OC_TESTS_SUPPORT_OC_SIGNERS_H

/* Keys and certificates for tests of signatures, made anew in a folder: a root and a signer under it. Valid from 2020
 * to 2099. Files in PEM: NAME-root.pem, NAME-cert.pem, NAME-key.pem. */
enum oc_signer_kind { OC_SIGNER_SM2, OC_SIGNER_P256, OC_SIGNER_RSA, OC_SIGNER_P192, OC_SIGNER_RSA1024 };

typedef struct oc_signer_files {
    char root[128];
    char certificate[128];
    char key[128];
} oc_signer_files;

/* Fails the running test when it cannot. `usage`: extended key usage of the signer as in a configuration
 * ("critical,timeStamping"), or NULL. */
void oc_signer_make(oc_signer_files *out, const char *folder, const char *name, enum oc_signer_kind kind,
                    const char *usage);

#endif
