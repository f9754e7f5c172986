/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/issuer/perso.h"

#include <stdio.h>

#define CHUNK 240 /* bytes of content a command carries; any number up to 255 would do */

enum { P1_CREATE = 0x01, P1_END = 0x02, P1_TRANSPORT = 0x03, P1_ADD_NAME = 0x04 };

static oc_result send(oc_perso *perso, oc_apdu apdu, const char *command, const char *object)
{
    oc_sw sw;
    OC_TRY(oc_apdu_transmit(perso->link, &apdu, &perso->answer, &sw, perso->diag));
    if (!oc_sw_ok(sw)) {
        return oc_diag_fail(perso->diag, OC_E_FORMAT, "%s %s was refused with %04X (%s)", command, object, sw.value,
                            oc_sw_meaning(sw, "en"));
    }
    return oc_ok();
}

oc_result oc_perso_send(oc_perso *perso, const oc_apdu *apdu, const char *command, const char *object)
{
    return send(perso, *apdu, command, object);
}

oc_result oc_perso_reset(oc_perso *perso, oc_buf *atr)
{
    return oc_link_reset(perso->link, OC_RESET_COLD, atr, perso->diag);
}

oc_result oc_perso_check_transport(oc_perso *perso)
{
    uint8_t proof[16];
    oc_wr wr = oc_wr_of(proof, sizeof proof);
    OC_TRY(oc_hsm_transport_proof(perso->hsm, &wr));
    oc_apdu apdu = {.cla = 0x80, .ins = 0xE0, .p1 = P1_TRANSPORT, .data = oc_wr_span(&wr)};
    return send(perso, apdu, "CHECK TRANSPORT KEY", "");
}

oc_result oc_perso_create_dir(oc_perso *perso, const oc_profile_dir *dir)
{
    uint8_t descriptor[32];
    oc_wr wr = oc_wr_of(descriptor, sizeof descriptor);
    oc_wr_u8(&wr, dir->is_ddf ? OC_PERSO_DDF : OC_PERSO_ADF);
    oc_wr_u16(&wr, dir->fid);
    oc_wr_u16(&wr, dir->parent_fid);
    oc_wr_u8(&wr, dir->dir_sfi);
    oc_wr_bytes(&wr, dir->df_name);
    if (wr.bad) {
        return oc_fail(OC_E_INTERNAL);
    }
    oc_apdu apdu = {.cla = 0x80, .ins = 0xE0, .p1 = P1_CREATE, .data = oc_wr_span(&wr)};
    OC_TRY(send(perso, apdu, "CREATE FILE", dir->name));
    return dir->alias.len == 0 ? oc_ok() : oc_perso_add_name(perso, dir->alias);
}

oc_result oc_perso_add_name(oc_perso *perso, oc_span name)
{
    oc_apdu apdu = {.cla = 0x80, .ins = 0xE0, .p1 = P1_ADD_NAME, .data = name};
    return send(perso, apdu, "ADD NAME", "");
}

oc_result oc_perso_create_file(oc_perso *perso, const char *dir, const oc_profile_file *file)
{
    uint8_t descriptor[16];
    char object[32];
    oc_wr wr = oc_wr_of(descriptor, sizeof descriptor);
    oc_wr_u8(&wr, (uint8_t)file->kind);
    oc_wr_u16(&wr, file->fid);
    oc_wr_u8(&wr, file->sfi);
    oc_wr_u8(&wr, (uint8_t)file->read.rule);
    oc_wr_u8(&wr, file->read.key_id);
    oc_wr_u8(&wr, (uint8_t)file->update.rule);
    oc_wr_u8(&wr, file->update.key_id);
    oc_wr_u16(&wr, file->size);
    oc_wr_u8(&wr, file->record_length);
    /* Variable and DIR files take as many records as fit. */
    oc_wr_u8(&wr, file->record_count);
    oc_wr_u8(&wr, file->fill);
    snprintf(object, sizeof object, "%s/%s", dir, file->name);
    oc_apdu apdu = {.cla = 0x80, .ins = 0xE0, .p1 = P1_CREATE, .data = oc_wr_span(&wr)};
    return send(perso, apdu, "CREATE FILE", object);
}

oc_result oc_perso_load_key(oc_perso *perso, const oc_hsm_load *load)
{
    uint8_t wrapped[32];
    char object[48];
    OC_TRY(oc_hsm_wrap(perso->hsm, load, wrapped, perso->diag));
    snprintf(object, sizeof object, "%s/%s version %u", load->name.dir, load->name.name, load->name.version);
    oc_apdu apdu = {.cla = 0x80, .ins = 0xD4, .p1 = load->is_master, .data = oc_span_of(wrapped, sizeof wrapped)};
    return send(perso, apdu, "LOAD KEY", object);
}

oc_result oc_perso_append(oc_perso *perso, const oc_profile_file *file, oc_span record)
{
    oc_apdu apdu = {.ins = 0xE2, .p2 = (uint8_t)(file->sfi << 3), .data = record};
    return send(perso, apdu, "APPEND RECORD", file->name);
}

oc_result oc_perso_write(oc_perso *perso, const oc_profile_file *file, oc_span content)
{
    uint8_t fid[2] = {(uint8_t)(file->fid >> 8), (uint8_t)file->fid};
    oc_apdu select = {.ins = 0xA4, .data = oc_span_of(fid, sizeof fid)};
    OC_TRY(send(perso, select, "SELECT", file->name));
    for (size_t off = 0; off < content.len; off += CHUNK) {
        oc_apdu update = {.ins = 0xD6, .p1 = (uint8_t)(off >> 8), .p2 = (uint8_t)off};
        update.data = oc_span_slice(content, off, CHUNK);
        OC_TRY(send(perso, update, "UPDATE BINARY", file->name));
    }
    return oc_ok();
}

oc_result oc_perso_end(oc_perso *perso)
{
    return send(perso, (oc_apdu){.cla = 0x80, .ins = 0xE0, .p1 = P1_END}, "END OF ISSUING", "");
}
