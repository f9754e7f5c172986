/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MODEL_ACCESS_MODEL_H
#define OC_TESTS_MODEL_ACCESS_MODEL_H

#include "sim/profile/profile.h"

/* What an issued card must answer to commands about files and rights, worked out from its profile alone: nothing here
 * comes from the card's own sources. It knows SELECT, VERIFY, CHANGE PIN, GET CHALLENGE, EXTERNAL AUTHENTICATE, READ
 * and UPDATE RECORD, READ and UPDATE BINARY, and resets. */
typedef struct oc_model oc_model;

oc_model *oc_model_new(const oc_profile *profile);
void oc_model_free(oc_model *model);

/* Each call says what happens to the card, and returns the status word that it must answer. */
void oc_model_reset(oc_model *model);
unsigned oc_model_select_name(oc_model *model, oc_span name);
unsigned oc_model_select_fid(oc_model *model, uint16_t fid);
unsigned oc_model_challenge(oc_model *model, size_t len);
unsigned oc_model_verify(oc_model *model, oc_span pin);
unsigned oc_model_change_pin(oc_model *model, oc_span old_pin, oc_span new_pin);
/* `right`: the cryptogram answers the newest challenge, with the key of this id and version of directory `dir` (index
 * into the profile). */
unsigned oc_model_authenticate(oc_model *model, uint8_t id, uint8_t version, bool right, size_t dir);
/* By tag, or by number when `by_number`. On 9000 `data` is what must come. */
unsigned oc_model_read_record(oc_model *model, uint8_t sfi, bool by_number, uint8_t p1, oc_span *data);
unsigned oc_model_update_record(oc_model *model, uint8_t sfi, bool by_number, uint8_t p1, oc_span data);
/* `len` bytes from `offset` of the file with that SFI, which is not 0. On 6Cxx the low byte says how many there are. */
unsigned oc_model_read_binary(oc_model *model, uint8_t sfi, uint8_t offset, size_t len, oc_span *data);
unsigned oc_model_update_binary(oc_model *model, uint8_t sfi, uint8_t offset, oc_span data);

/* Index into the profile's directories, or OC_MODEL_MF. */
#define OC_MODEL_MF SIZE_MAX
size_t oc_model_dir(const oc_model *model);

#endif
