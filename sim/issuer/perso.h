/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_ISSUER_PERSO_H
#define OC_ISSUER_PERSO_H

#include "sim/issuer/hsm.h"
#include "sim/link/apdu.h"

/* The personalisation commands of sim/base/perso_format.h, one function a command. Whatever the chip answers but
 * 9000 is FORMAT with the command, its object and the status word in the diag. */
typedef struct oc_perso {
    oc_link *link;
    oc_hsm *hsm;
    oc_buf answer;
    oc_diag *diag;
} oc_perso;

/* Any other command; the answer's data are in perso->answer. `command` and `object` name it in the diag. */
OC_MUST_USE oc_result oc_perso_send(oc_perso *perso, const oc_apdu *apdu, const char *command, const char *object);
/* Resets the chip; `atr` is replaced. */
OC_MUST_USE oc_result oc_perso_reset(oc_perso *perso, oc_buf *atr);
OC_MUST_USE oc_result oc_perso_check_transport(oc_perso *perso);
OC_MUST_USE oc_result oc_perso_create_dir(oc_perso *perso, const oc_profile_dir *dir);
OC_MUST_USE oc_result oc_perso_add_name(oc_perso *perso, oc_span name);
OC_MUST_USE oc_result oc_perso_create_file(oc_perso *perso, const char *dir, const oc_profile_file *file);
OC_MUST_USE oc_result oc_perso_load_key(oc_perso *perso, const oc_hsm_load *load);
/* A record of a variable, DIR or cyclic file of the current directory. */
OC_MUST_USE oc_result oc_perso_append(oc_perso *perso, const oc_profile_file *file, oc_span record);
OC_MUST_USE oc_result oc_perso_write(oc_perso *perso, const oc_profile_file *file, oc_span content);
OC_MUST_USE oc_result oc_perso_end(oc_perso *perso);

#endif
