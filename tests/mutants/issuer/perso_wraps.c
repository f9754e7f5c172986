/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of personalisation, what the issuer's security module is asked for, and certificates. */
#include "tests/mutants/issuer/change.h"

#define PSAM_DIR "PSAM"

MUTANT_WRAPS(oc_result, oc_perso_create_dir, oc_perso *perso, const oc_profile_dir *dir);
MUTANT_WRAPS(oc_result, oc_perso_create_file, oc_perso *perso, const char *dir, const oc_profile_file *file);
MUTANT_WRAPS(oc_result, oc_perso_append, oc_perso *perso, const oc_profile_file *file, oc_span record);
MUTANT_WRAPS(oc_result, oc_perso_write, oc_perso *perso, const oc_profile_file *file, oc_span content);
MUTANT_WRAPS(oc_result, oc_perso_load_key, oc_perso *perso, const oc_hsm_load *load);
MUTANT_WRAPS(oc_result, oc_perso_end, oc_perso *perso);
MUTANT_WRAPS(oc_result, oc_hsm_wrap, oc_hsm *hsm, const oc_hsm_load *load, uint8_t out[32], oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_profile_derive_as, const oc_profile *profile, oc_crypto *crypto, const oc_key_name *name,
             enum oc_alg alg, const oc_span *factors, size_t count, oc_key *key, oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_certificate_make, oc_crypto *crypto, const oc_certificate_order *order, oc_buf *out);

/* The directory that was made last in this thread. */
static _Thread_local struct {
    char name[12];
    bool left_out;
} now;

const struct issuer_change *issuer_change(void)
{
    const struct mutant *mutant = mutant_chosen();
    bool issues = mutant_running() == MUTANT_ISSUER && mutant != NULL && strncmp(mutant->id, "issuer.", 7) == 0;
    return issues ? mutant->issuer : NULL;
}

static bool makes_psam(const char *dir)
{
    return strcmp(dir, PSAM_DIR) == 0;
}

oc_result __wrap_oc_perso_create_dir(oc_perso *perso, const oc_profile_dir *dir)
{
    const struct issuer_change *change = issuer_change();
    oc_profile_dir other = *dir;
    memcpy(now.name, dir->name, sizeof now.name);
    now.left_out = change != NULL && change->directory != NULL && !change->directory(&other);
    return now.left_out ? oc_ok() : __real_oc_perso_create_dir(perso, &other);
}

/* False for one that is left out; else `other` is the file as it is made. */
static bool file_is_made(const char *dir, const oc_profile_file *file, oc_profile_file *other)
{
    const struct issuer_change *change = issuer_change();
    *other = *file;
    return !now.left_out && (change == NULL || change->file == NULL || makes_psam(dir) || change->file(dir, other));
}

oc_result __wrap_oc_perso_create_file(oc_perso *perso, const char *dir, const oc_profile_file *file)
{
    oc_profile_file other;
    if (makes_psam(dir)) {
        memcpy(now.name, PSAM_DIR, sizeof PSAM_DIR);
        now.left_out = false;
    }
    return file_is_made(dir, file, &other) ? __real_oc_perso_create_file(perso, dir, &other) : oc_ok();
}

oc_result __wrap_oc_perso_append(oc_perso *perso, const oc_profile_file *file, oc_span record)
{
    const struct issuer_change *change = issuer_change();
    oc_profile_file made;
    struct issuer_record other = {.len = record.len};
    if (!file_is_made(now.name, file, &made)) {
        return oc_ok();
    }
    if (change == NULL || change->record == NULL || record.len > sizeof other.bytes) {
        return __real_oc_perso_append(perso, &made, record);
    }
    memcpy(other.bytes, record.at, record.len);
    return change->record(now.name, file, &other)
               ? __real_oc_perso_append(perso, &made, oc_span_of(other.bytes, other.len))
               : oc_ok();
}

oc_result __wrap_oc_perso_write(oc_perso *perso, const oc_profile_file *file, oc_span content)
{
    oc_profile_file made;
    return file_is_made(now.name, file, &made)
               ? __real_oc_perso_write(perso, &made, oc_span_slice(content, 0, made.size))
               : oc_ok();
}

oc_result __wrap_oc_perso_load_key(oc_perso *perso, const oc_hsm_load *load)
{
    const struct issuer_change *change = issuer_change();
    oc_hsm_load other = *load;
    bool psam = makes_psam(load->dir);
    bool left_out = !psam && now.left_out;
    if (change != NULL && change->key != NULL && !psam && !left_out) {
        left_out = !change->key(&other);
    }
    return left_out ? oc_ok() : __real_oc_perso_load_key(perso, &other);
}

oc_result __wrap_oc_perso_end(oc_perso *perso)
{
    const struct issuer_change *change = issuer_change();
    return change != NULL && change->not_ended && !makes_psam(now.name) ? oc_ok() : __real_oc_perso_end(perso);
}

oc_result __wrap_oc_hsm_wrap(oc_hsm *hsm, const oc_hsm_load *load, uint8_t out[32], oc_diag *diag)
{
    const struct issuer_change *change = issuer_change();
    oc_hsm_load other = *load;
    if (change != NULL && change->derived != NULL && !makes_psam(load->dir) && !load->is_master) {
        change->derived(&other);
    }
    return __real_oc_hsm_wrap(hsm, &other, out, diag);
}

oc_result __wrap_oc_profile_derive_as(const oc_profile *profile, oc_crypto *crypto, const oc_key_name *name,
                                      enum oc_alg alg, const oc_span *factors, size_t count, oc_key *key,
                                      oc_diag *diag)
{
    const struct issuer_change *change = issuer_change();
    uint8_t others[3][8];
    oc_span spans[3];
    if (change == NULL || change->factors == NULL || count != 3 || makes_psam(now.name) ||
        strcmp(name->name, "MK") == 0) {
        return __real_oc_profile_derive_as(profile, crypto, name, alg, factors, count, key, diag);
    }
    for (size_t i = 0; i < 3; i++) {
        memcpy(others[i], factors[i].at, 8);
        spans[i] = oc_span_of(others[i], 8);
    }
    change->factors(others);
    return __real_oc_profile_derive_as(profile, crypto, name, alg, spans, count, key, diag);
}

oc_result __wrap_oc_certificate_make(oc_crypto *crypto, const oc_certificate_order *order, oc_buf *out)
{
    const struct issuer_change *change = issuer_change();
    oc_certificate_order other = *order;
    if (change != NULL && change->certificate != NULL) {
        change->certificate(&other);
    }
    return __real_oc_certificate_make(crypto, &other, out);
}
