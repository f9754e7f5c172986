/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/issuer/psam_fill.h"

#include "sim/base/text.h"

/* The PSAM of ssc-card sheet 8: MF with the environment's names and the files 0015 and 0016, under it DF01 =
 * D15600000590 with the keys. Sizes of 0015, 0017 and 0018 as in PBOC PSAMs. All files are read freely and written by
 * the PSAM alone. One directory serves both algorithms, so that one count of transactions does, too (project choice):
 * the terminal's serial numbers are never given out twice. */

#define PSAM_DIR "PSAM"
#define FID_MF 0x3F00
#define FID_DF01 0xDF01
#define PIN_TRIES 0x33 /* three of three; project choice */

#define CONTENT_MAX 25

enum content { CONTENT_SERIAL, CONTENT_TERMINAL, CONTENT_PUBLIC, CONTENT_INDEX, CONTENT_COUNTER };

struct psam_file {
    oc_profile_file file;
    enum content content;
};

#define READABLE .kind = OC_PERSO_TRANSPARENT, .read = {.rule = OC_RULE_FREE}, .update = {.rule = OC_RULE_NEVER}

static const struct psam_file mf_files[] = {
    {{.name = "0015", .fid = 0x0015, .sfi = 0x15, .size = 14, READABLE}, CONTENT_SERIAL},
    {{.name = "0016", .fid = 0x0016, .sfi = 0x16, .size = 6, READABLE}, CONTENT_TERMINAL},
};
static const struct psam_file df01_files[] = {
    {{.name = "0017", .fid = 0x0017, .sfi = 0x17, .size = 25, READABLE}, CONTENT_PUBLIC},
    {{.name = "0018", .fid = 0x0018, .sfi = 0x18, .size = 4, READABLE}, CONTENT_COUNTER},
    {{.name = "0019", .fid = 0x0019, .sfi = 0x19, .size = 4, READABLE}, CONTENT_COUNTER},
    {{.name = "001C", .fid = 0x001C, .sfi = 0x1C, .size = 1, READABLE}, CONTENT_INDEX},
};

struct filling {
    oc_perso perso;
    const oc_profile *profile;
    const oc_profile_psam *psam;
};

static oc_span content_of(const struct filling *filling, enum content content, uint8_t room[CONTENT_MAX])
{
    oc_wr wr = oc_wr_of(room, CONTENT_MAX);
    switch (content) {
    case CONTENT_SERIAL: /* serial 10, version, kind of key card, 2 bytes for the FCI */
        oc_wr_fill(&wr, 0x00, 4);
        oc_wr_bytes(&wr, filling->psam->terminal);
        oc_wr_u8(&wr, 0x01);
        oc_wr_fill(&wr, 0x00, 3);
        break;
    case CONTENT_TERMINAL:
        oc_wr_bytes(&wr, filling->psam->terminal);
        break;
    case CONTENT_PUBLIC: /* key index, issuer and acceptor 8 each, valid from and to; only the first is filled in */
        oc_wr_u8(&wr, filling->psam->index);
        oc_wr_fill(&wr, 0x00, CONTENT_MAX - 1);
        break;
    case CONTENT_INDEX:
        oc_wr_u8(&wr, filling->psam->index);
        break;
    case CONTENT_COUNTER:
        oc_wr_u32(&wr, filling->psam->serial);
        break;
    }
    return oc_wr_span(&wr);
}

static oc_result add_files(struct filling *filling, const struct psam_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t room[CONTENT_MAX];
        OC_TRY(oc_perso_create_file(&filling->perso, PSAM_DIR, &files[i].file));
        OC_TRY(oc_perso_write(&filling->perso, &files[i].file, content_of(filling, files[i].content, room)));
    }
    return oc_ok();
}

static oc_result add_name(struct filling *filling, const char *name)
{
    oc_buf bytes = {0};
    oc_result r = oc_text_to_card(&bytes, oc_span_text(name));
    if (oc_is_ok(r)) {
        r = oc_perso_add_name(&filling->perso, oc_buf_span(&bytes));
    }
    oc_buf_free(&bytes);
    return r;
}

/* A PSAM is opened by the name of its environment: "sx1" for 3DES, "sx3" for SM4 (ssc-card 3, 8). The one of SSF33,
 * "sx2", is not there. */
static oc_result name_environment(struct filling *filling)
{
    if (filling->psam->has_3des) {
        OC_TRY(add_name(filling, "sx1.sh.社会保障"));
    }
    return filling->psam->has_sm4 ? add_name(filling, "sx3.sh.社会保障") : oc_ok();
}

static oc_result load_master(struct filling *filling)
{
    oc_hsm_load load = {.dir = PSAM_DIR, .is_master = true, .name = {PSAM_DIR, "MK", 1}, .levels = OC_HSM_CHIP};
    const uint8_t header[8] = {OC_KEY_KIND_MASTER, 0, 1, 0, 0x33, (uint8_t)oc_profile_alg(filling->profile), 0, 0};
    memcpy(load.header, header, sizeof header);
    return oc_perso_load_key(&filling->perso, &load);
}

/* The PSAM's own PIN, beside the environment's master key. */
static oc_result load_pin(struct filling *filling)
{
    oc_span pin = filling->psam->pin;
    if (pin.len == 0) {
        return oc_ok();
    }
    OC_TRY(load_master(filling));
    oc_hsm_load load = {.dir = PSAM_DIR, .pin = pin};
    const uint8_t header[8] = {OC_KEY_KIND_PIN, 0, 1, 0, PIN_TRIES, (uint8_t)pin.len, 0, 0};
    memcpy(load.header, header, sizeof header);
    return oc_perso_load_key(&filling->perso, &load);
}

/* The upper three bits of the usage are the levels that the PSAM derives itself (ssc-card 6.1); the others are done
 * before: three leave the root, two the province's key, one the city's. */
static oc_result load_partner(struct filling *filling, const oc_profile_key *key, enum oc_alg alg)
{
    uint8_t usage = oc_profile_psam_usage(filling->psam, key);
    uint8_t mac2_tries = filling->psam->mac2_tries;
    uint8_t tries = key->kind == OC_KEY_KIND_PURCHASE ? (uint8_t)(mac2_tries << 4 | mac2_tries) : 0;
    uint8_t options = oc_profile_key_options(filling->profile, key) & OC_KEY_OPTIONS_PARTNER;
    oc_hsm_load load = {.dir = PSAM_DIR, .name = key->name, .levels = OC_HSM_CHIP - (unsigned)(usage >> 5)};
    const uint8_t header[8] = {OC_KEY_KIND_PSAM, key->psam_id, key->name.version, usage, tries, (uint8_t)alg,
                               key->index,       options};
    memcpy(load.header, header, sizeof header);
    return oc_perso_load_key(&filling->perso, &load);
}

static oc_result load_partners(struct filling *filling, enum oc_alg alg)
{
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(filling->profile, &count);
    for (size_t d = 0; d < count; d++) {
        for (size_t k = 0; k < dirs[d].keys_count; k++) {
            const oc_profile_key *key = &dirs[d].keys[k];
            bool wanted = filling->psam->all_algs || key->alg == alg;
            if (wanted && oc_profile_psam_usage(filling->psam, key) != 0) {
                OC_TRY(load_partner(filling, key, alg));
            }
        }
    }
    return oc_ok();
}

static oc_result create_application(struct filling *filling)
{
    static const uint8_t aid[] = {0xD1, 0x56, 0x00, 0x00, 0x05, 0x90};
    oc_profile_dir dir = {.name = "DF01", .fid = FID_DF01, .parent_fid = FID_MF};
    dir.df_name = oc_span_of(aid, sizeof aid);
    return oc_perso_create_dir(&filling->perso, &dir);
}

static oc_result run(struct filling *filling, oc_crypto *crypto, oc_buf *atr)
{
    OC_TRY(oc_perso_reset(&filling->perso, atr));
    OC_TRY(oc_hsm_new(&filling->perso.hsm, filling->profile, crypto, oc_buf_span(atr), filling->perso.diag));
    OC_TRY(oc_perso_check_transport(&filling->perso));
    OC_TRY(name_environment(filling));
    OC_TRY(load_pin(filling));
    OC_TRY(add_files(filling, mf_files, sizeof mf_files / sizeof mf_files[0]));
    OC_TRY(create_application(filling));
    OC_TRY(load_master(filling));
    if (filling->psam->has_3des) {
        OC_TRY(load_partners(filling, OC_ALG_3DES));
    }
    if (filling->psam->has_sm4) {
        OC_TRY(load_partners(filling, OC_ALG_SM4));
    }
    OC_TRY(add_files(filling, df01_files, sizeof df01_files / sizeof df01_files[0]));
    return oc_perso_end(&filling->perso);
}

oc_result oc_psam_fill(oc_link *link, oc_crypto *crypto, const oc_profile *profile, const oc_profile_psam *psam,
                       oc_diag *diag)
{
    struct filling filling = {.perso = {.link = link, .diag = diag}, .profile = profile, .psam = psam};
    if (!filling.psam->known) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "profile %s gives no terminal number: it needs a psam element",
                            oc_profile_id(profile));
    }
    oc_buf atr = {0};
    oc_result r = run(&filling, crypto, &atr);
    oc_hsm_free(&filling.perso.hsm);
    oc_buf_free(&filling.perso.answer);
    oc_buf_free(&atr);
    return r;
}

oc_result oc_psam_atr(const oc_profile *profile, oc_buf *out)
{
    if (oc_is_ok(oc_profile_value(profile, "psam-atr", out))) {
        return oc_ok();
    }
    OC_TRY(oc_buf_append(out, oc_profile_atr(profile)));
    if (out->len == 0) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    out->at[out->len - 1] ^= 0xFF;
    return oc_ok();
}
