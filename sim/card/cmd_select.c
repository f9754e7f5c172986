/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/tlv.h"
#include "sim/card/card_internal.h"

#define P2_FCI 0x00
#define P2_NO_FCI 0x0C
#define SW_BLOCKED_FILE 0x6283 /* selected, but blocked: ISO/IEC 7816-4 table 6 */
#define TAG_FCI 0x6F
#define TAG_FID 0x83
#define TAG_NAME 0x84
#define TAG_PROPRIETARY 0xA5
#define TAG_DIR_SFI 0x88

static bool fci_choice(uint8_t p1, uint8_t p2)
{
    (void)p1;
    return p2 == P2_FCI || p2 == P2_NO_FCI;
}

/* 6F { 84 name, A5 { 88 SFI of the DIR file } } (ssc-card sheet 3). A directory without a name shows its
 * identifier under tag 83 instead (ISO/IEC 7816-4 table 12). `which` is the name that it was selected by. */
static void write_fci(oc_card_context *context, const oc_dir *dir, unsigned which)
{
    uint8_t inner[32];
    oc_wr wr = oc_wr_of(inner, sizeof inner);
    if (dir->name_len[which] > 0) {
        oc_tlv_write(&wr, TAG_NAME, oc_span_of(dir->names[which], dir->name_len[which]));
    } else {
        uint8_t fid[2] = {(uint8_t)(dir->fid >> 8), (uint8_t)dir->fid};
        oc_tlv_write(&wr, TAG_FID, oc_span_of(fid, sizeof fid));
    }
    if (dir->dir_sfi != 0) {
        uint8_t sfi[3] = {TAG_DIR_SFI, 1, dir->dir_sfi};
        oc_tlv_write(&wr, TAG_PROPRIETARY, oc_span_of(sfi, sizeof sfi));
    }
    oc_tlv_write(&context->out, TAG_FCI, oc_wr_span(&wr));
}

static oc_result enter(oc_card_context *context, uint32_t file, unsigned which)
{
    oc_card_enter(context->card, file);
    uint8_t blocked = context->card->session.blocked;
    if (blocked != OC_BLOCK_NONE) {
        return oc_card_answer(context, blocked == OC_BLOCK_PERMANENT ? OC_SW_LOCKED : SW_BLOCKED_FILE);
    }
    if (context->p2 == P2_FCI) {
        oc_dir dir;
        oc_fs_load_dir(context->nvm, file, &dir);
        write_fci(context, &dir, which);
    }
    return oc_ok();
}

/* "sx2.sh." and 社会保障: the environment of SSF33 (ssc-card sheet 3), whose text is not public. Where nothing bears
 * that name the answer says that the algorithm is not there, not that no such file is (project choice). */
static const uint8_t ssf33_name[] = {0x73, 0x78, 0x32, 0x2E, 0x73, 0x68, 0x2E, 0xC9,
                                     0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};

static oc_result select_by_name(oc_card_context *context)
{
    unsigned which = 0;
    uint32_t dir = oc_fs_by_name(context->nvm, context->body, &which);
    if (dir == OC_FS_NONE) {
        bool ssf33 = oc_span_equal(context->body, oc_span_of(ssf33_name, sizeof ssf33_name));
        return oc_card_answer(context, ssf33 ? OC_SW_NOT_SUPPORTED : OC_SW_FILE_NOT_FOUND);
    }
    return enter(context, dir, which);
}

static oc_result select_by_fid(oc_card_context *context)
{
    uint16_t fid = (uint16_t)(context->body.at[0] << 8 | context->body.at[1]);
    uint32_t file = oc_fs_resolve(context->nvm, context->dir, fid);
    if (file == OC_FS_NONE) {
        return oc_card_answer(context, OC_SW_FILE_NOT_FOUND);
    }
    if (oc_fs_is_dir(context->nvm, file)) {
        return enter(context, file, 0);
    }
    context->card->session.ef = file;
    return oc_ok();
}

static const oc_card_command commands[] = {
    /* P1 00 and 02 do the same: the sheet's terminals use either for files and directories (sections 7, 8). */
    {0x00, 0xA4, 0x00, 0xFD, 0x00, 0x00, fci_choice, OC_FLOW_IN, 2, 2, OC_LIFE_ANY | OC_LIFE_APP_BLOCKED,
     select_by_fid},
    {0x00, 0xA4, 0x04, 0xFF, 0x00, 0x00, fci_choice, OC_FLOW_IN, 1, OC_FS_NAME_MAX, OC_LIFE_ANY | OC_LIFE_APP_BLOCKED,
     select_by_name},
};

const oc_card_family oc_card_select_family = {commands, sizeof commands / sizeof commands[0]};
