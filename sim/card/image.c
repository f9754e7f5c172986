/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/sha.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/card/card_internal.h"

struct oc_card_image {
    oc_nvm nvm;
};

oc_result oc_card_image_take(oc_card_image **out, const oc_card *card)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_nvm_share(&(*out)->nvm, &card->nvm);
    if (!oc_is_ok(r)) {
        oc_card_image_free(out);
    }
    return r;
}

oc_result oc_card_image_put(oc_card *card, const oc_card_image *image)
{
    OC_TRY(oc_nvm_share(&card->nvm, &image->nvm));
    card->nvm.torn = false;
    oc_card_power(card, false);
    return oc_ok();
}

void oc_card_image_free(oc_card_image **image)
{
    if (image == NULL || *image == NULL) {
        return;
    }
    oc_nvm_close(&(*image)->nvm);
    free(*image);
    *image = NULL;
}

void oc_card_share(oc_card *card, const oc_card_image *image)
{
    oc_nvm_share_equal(&card->nvm, &image->nvm);
}

bool oc_card_image_equal(const oc_card_image *a, const oc_card_image *b)
{
    return oc_nvm_equal(&a->nvm, &b->nvm);
}

oc_result oc_card_copy(oc_card *card, const oc_card *from)
{
    if (card->os != from->os) {
        return oc_fail(OC_E_USAGE);
    }
    OC_TRY(oc_nvm_share(&card->nvm, &from->nvm));
    oc_card_power(card, false);
    card->nvm.torn = from->nvm.torn;
    card->nvm.written = from->nvm.written;
    card->nvm.tear_at = from->nvm.tear_at;
    card->session = from->session;
    card->random = from->random;
    card->interface = from->interface;
    memcpy(card->states, from->states, oc_card_os_state_size(card->os));
    return oc_ok();
}

/* The file: magic(8) version(2) capacity(4) number of pages(4), of each page that is not all zeros its address(4) and
 * its bytes, then SHA-256 over everything before. */
#define VERSION 1
#define HEAD 18
#define FILE_MAX (OC_NVM_CAPACITY_MAX * 2)
static const uint8_t magic[8] = {'o', 'n', 'e', 'c', 'a', 'r', 'd', 0x1A};

static bool blank(const uint8_t *page)
{
    static const uint8_t zeros[OC_NVM_PAGE];
    return memcmp(page, zeros, sizeof zeros) == 0;
}

static oc_result append_head(oc_buf *out, const oc_nvm *nvm, uint32_t pages)
{
    uint8_t head[HEAD];
    oc_wr wr = oc_wr_of(head, sizeof head);
    oc_wr_bytes(&wr, oc_span_of(magic, sizeof magic));
    oc_wr_u16(&wr, VERSION);
    oc_wr_u32(&wr, nvm->capacity);
    oc_wr_u32(&wr, pages);
    return oc_buf_append(out, oc_wr_span(&wr));
}

static oc_result append_page(oc_buf *out, const oc_nvm *nvm, uint32_t at)
{
    uint8_t page[4 + OC_NVM_PAGE];
    oc_wr wr = oc_wr_of(page, sizeof page);
    oc_wr_u32(&wr, at);
    oc_wr_bytes(&wr, oc_span_of(oc_nvm_view(nvm, at, OC_NVM_PAGE), OC_NVM_PAGE));
    oc_result r = oc_buf_append(out, oc_wr_span(&wr));
    oc_wipe(page, sizeof page);
    return r;
}

static oc_result write_file(oc_buf *out, const oc_nvm *nvm)
{
    uint32_t pages = 0;
    for (uint32_t at = 0; at < nvm->capacity; at += OC_NVM_PAGE) {
        pages += !blank(oc_nvm_view(nvm, at, OC_NVM_PAGE));
    }
    OC_TRY(append_head(out, nvm, pages));
    for (uint32_t at = 0; at < nvm->capacity; at += OC_NVM_PAGE) {
        if (!blank(oc_nvm_view(nvm, at, OC_NVM_PAGE))) {
            OC_TRY(append_page(out, nvm, at));
        }
    }
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (SHA256(out->at, out->len, digest) == NULL) {
        return oc_fail(OC_E_CRYPTO);
    }
    return oc_buf_append(out, oc_span_of(digest, sizeof digest));
}

oc_result oc_card_image_save(const oc_card_image *image, const char *path, oc_diag *diag)
{
    oc_buf file = {0};
    oc_result r = write_file(&file, &image->nvm);
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, oc_buf_span(&file), diag);
    }
    oc_buf_free(&file);
    return r;
}

static oc_result read_pages(oc_rd *rd, oc_nvm *nvm, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = oc_rd_u32(rd);
        oc_span page = oc_rd_bytes(rd, OC_NVM_PAGE);
        if (rd->bad || at % OC_NVM_PAGE != 0 || at >= nvm->capacity) {
            return oc_fail(OC_E_FORMAT);
        }
        OC_TRY(oc_nvm_write(nvm, at, page));
        OC_TRY(oc_nvm_commit(nvm));
    }
    return oc_rd_done(rd) ? oc_ok() : oc_fail(OC_E_FORMAT);
}

/* NULL, or what is wrong with the file's frame. */
static const char *frame_fault(oc_span file, oc_rd *rd)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    if (file.len < HEAD + sizeof digest || memcmp(file.at, magic, sizeof magic) != 0) {
        return "this is no card image";
    }
    *rd = oc_rd_of(oc_span_slice(file, sizeof magic, file.len - sizeof magic - sizeof digest));
    if (oc_rd_u16(rd) != VERSION) {
        return "this card image is of another version";
    }
    if (SHA256(file.at, file.len - sizeof digest, digest) == NULL ||
        !oc_span_equal(oc_span_of(digest, sizeof digest),
                       oc_span_slice(file, file.len - sizeof digest, sizeof digest))) {
        return "the card image is damaged: its digest differs";
    }
    return NULL;
}

static oc_result read_file(oc_card_image *image, oc_span file, const char *name, oc_diag *diag)
{
    oc_rd rd;
    const char *fault = frame_fault(file, &rd);
    if (fault == NULL) {
        uint32_t capacity = oc_rd_u32(&rd);
        uint32_t pages = oc_rd_u32(&rd);
        oc_result r = oc_nvm_init(&image->nvm, capacity);
        if (oc_is_ok(r) && image->nvm.capacity == capacity) {
            r = read_pages(&rd, &image->nvm, pages);
        } else if (oc_is_ok(r)) {
            r = oc_fail(OC_E_FORMAT);
        }
        if (r.code == OC_E_MEMORY || (oc_is_ok(r) && oc_card_memory_sound(&image->nvm))) {
            return r;
        }
        fault = "the card image contradicts itself";
    }
    return oc_diag_fail(diag, OC_E_FORMAT, "%s: %s", name, fault);
}

oc_result oc_card_image_parse(oc_card_image **out, oc_span file, const char *name, oc_diag *diag)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = read_file(*out, file, name, diag);
    if (!oc_is_ok(r)) {
        oc_card_image_free(out);
    }
    return r;
}

oc_result oc_card_image_load(oc_card_image **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    oc_buf file = {0};
    oc_result r = oc_file_read(&file, path, FILE_MAX, diag);
    if (oc_is_ok(r)) {
        r = oc_card_image_parse(out, oc_buf_span(&file), path, diag);
    }
    oc_buf_free(&file);
    return r;
}
