/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_ISSUER_CHANGE_H
#define OC_TESTS_MUTANTS_ISSUER_CHANGE_H

#include "sim/crypto/certificate.h"
#include "sim/issuer/perso.h"
#include "tests/mutants/frame/mutant.h"

/* Tag, length, value. */
struct issuer_record {
    uint8_t bytes[2 + UINT8_MAX];
    size_t len;
};

/* What a defective issuer does otherwise when it personalises a card: the wrappers of this folder ask for it. What stays
 * NULL is right. Where a function says no, the thing is left out. */
struct issuer_change {
    bool (*directory)(oc_profile_dir *dir);
    bool (*file)(const char *dir, oc_profile_file *file);
    bool (*record)(const char *dir, const oc_profile_file *file, struct issuer_record *record);
    bool (*key)(oc_hsm_load *load);
    void (*derived)(oc_hsm_load *load); /* of which key the value is; the header stays */
    /* Factors in the order of computation, each of 8 bytes: province, city, chip. */
    void (*factors)(uint8_t factors[3][8]);
    void (*certificate)(oc_certificate_order *order);
    bool not_ended;
};

/* That of the chosen mutant; NULL where it is none of the issuer's, or where no card is being issued. */
const struct issuer_change *issuer_change(void);

#endif
