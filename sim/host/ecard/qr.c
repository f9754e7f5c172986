/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ecard/qr.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <png.h>
#include <qrencode.h>

#define QUIET 4
#define SCALE_MAX 32

static const struct {
    const char *word;
    const char *media_type;
} forms[] = {
#define OC_QR_FORM_ROW(name, word, type) {word, type},
    OC_QR_FORMS(OC_QR_FORM_ROW)
#undef OC_QR_FORM_ROW
};

bool oc_qr_form_of(oc_span word, enum oc_qr_form *out)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (oc_span_equal(word, oc_span_text(forms[i].word))) {
            *out = (enum oc_qr_form)i;
            return true;
        }
    }
    return false;
}

const char *oc_qr_media_type(enum oc_qr_form form)
{
    return forms[form].media_type;
}

static bool is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1) != 0;
}

static oc_result say(oc_buf *out, const char *text)
{
    return oc_buf_append(out, oc_span_text(text));
}

static oc_result draw_pbm(oc_buf *out, const QRcode *code, int scale)
{
    int side = (code->width + 2 * QUIET) * scale;
    char head[48];
    snprintf(head, sizeof head, "P1\n%d %d\n", side, side);
    OC_TRY(say(out, head));
    OC_TRY(oc_buf_reserve(out, out->len + (size_t)side * ((size_t)side + 1)));
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            OC_TRY(oc_buf_append_byte(out, is_dark(code, x / scale - QUIET, y / scale - QUIET) ? '1' : '0'));
        }
        OC_TRY(oc_buf_append_byte(out, '\n'));
    }
    return oc_ok();
}

static oc_result write_png(oc_buf *out, const uint8_t *pixels, int side)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)side,
                       .height = (png_uint_32)side,
                       .format = PNG_FORMAT_GRAY};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *picture = malloc(size);
    bool written = picture != NULL && png_image_write_to_memory(&image, picture, &size, 0, pixels, 0, NULL) != 0;
    oc_result r = written ? oc_buf_append(out, oc_span_of(picture, size)) : oc_fail(OC_E_MEMORY);
    png_image_free(&image);
    free(picture);
    return r;
}

static oc_result draw_png(oc_buf *out, const QRcode *code, int scale)
{
    int side = (code->width + 2 * QUIET) * scale;
    uint8_t *pixels = malloc((size_t)side * (size_t)side);
    for (int at = 0; pixels != NULL && at < side * side; at++) {
        pixels[at] = is_dark(code, at % side / scale - QUIET, at / side / scale - QUIET) ? 0x00 : 0xFF;
    }
    oc_result r = pixels == NULL ? oc_fail(OC_E_MEMORY) : write_png(out, pixels, side);
    free(pixels);
    return r;
}

static oc_result draw_svg(oc_buf *out, const QRcode *code, int scale)
{
    int side = code->width + 2 * QUIET;
    char text[256];
    snprintf(text, sizeof text,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">"
             "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
             side, side, side * scale, side * scale, side, side);
    OC_TRY(say(out, text));
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width; x++) {
            if (is_dark(code, x, y)) {
                snprintf(text, sizeof text, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
                OC_TRY(say(out, text));
            }
        }
    }
    return say(out, "\"/></svg>\n");
}

/* Light modules are drawn, in blocks of two rows. */
static oc_result draw_text(oc_buf *out, const QRcode *code)
{
    static const char *const blocks[] = {" ", "\u2584", "\u2580", "\u2588"};
    for (int y = -QUIET; y < code->width + QUIET; y += 2) {
        for (int x = -QUIET; x < code->width + QUIET; x++) {
            bool below = y + 1 < code->width + QUIET && !is_dark(code, x, y + 1);
            OC_TRY(say(out, blocks[(is_dark(code, x, y) ? 0 : 2) + (below ? 1 : 0)]));
        }
        OC_TRY(oc_buf_append_byte(out, '\n'));
    }
    return oc_ok();
}

static oc_result draw(oc_buf *out, enum oc_qr_form form, const QRcode *code, int scale)
{
    switch (form) {
    case OC_QR_PBM:
        return draw_pbm(out, code, scale);
    case OC_QR_PNG:
        return draw_png(out, code, scale);
    case OC_QR_SVG:
        return draw_svg(out, code, scale);
    case OC_QR_TEXT:
    default:
        return draw_text(out, code);
    }
}

oc_result oc_qr_draw(oc_buf *out, enum oc_qr_form form, const char *text, unsigned scale, oc_diag *diag)
{
    oc_buf_clear(out);
    if (scale == 0 || scale > SCALE_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, "a module has 1 to %d pixels", SCALE_MAX);
    }
    errno = 0;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return oc_diag_fail(diag, errno == ENOMEM ? OC_E_MEMORY : OC_E_LIMIT, "no QR code holds this text");
    }
    oc_result r = draw(out, form, code, (int)scale);
    QRcode_free(code);
    return r;
}
