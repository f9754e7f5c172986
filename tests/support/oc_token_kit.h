/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_TOKEN_KIT_H
#define OC_TESTS_SUPPORT_OC_TOKEN_KIT_H

#include <limits.h>

#include "sim/base/bytes.h"

/* A software token (SoftHSM) in a temporary folder, with the 3DES root keys of a key file. */
#define OC_TOKEN_PIN "271828"
#define OC_TOKEN_PREFIX "ssc-"

typedef struct oc_token_kit {
    char folder[PATH_MAX];
    char pin_file[PATH_MAX];
    char uri[3 * PATH_MAX]; /* with pin-source */
} oc_token_kit;

/* False when the machine has no SoftHSM. Sets SOFTHSM2_CONF for this process and its children. Each 3DES key of
 * `keys_path` becomes "ssc-DIR/NAME#VERSION" but that of the label `but` (or NULL). Anything that fails aborts. */
bool oc_token_kit_open(oc_token_kit *kit, const char *keys_path, const char *but);
/* Adds a key of 16 bytes: CKK_DES2 or CKK_AES. `label` stands without the prefix. */
void oc_token_kit_add(unsigned long type, const char *label, oc_span key);
void oc_token_kit_close(oc_token_kit *kit);

#endif
