/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/bytes.h"

#include <stdlib.h>
#if defined(_WIN32)
#include <windows.h>
#endif

oc_span oc_span_slice(oc_span s, size_t off, size_t len)
{
    if (off >= s.len) {
        return oc_span_empty();
    }
    size_t left = s.len - off;
    return oc_span_of(s.at + off, len < left ? len : left);
}

bool oc_span_equal(oc_span a, oc_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool oc_span_is_digits(oc_span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] >> 4 > 9 || (s.at[i] & 0x0F) > 9) {
            return false;
        }
    }
    return true;
}

bool oc_span_equal_secret(oc_span a, oc_span b)
{
    if (a.len != b.len) {
        return false;
    }
    unsigned difference = 0;
    for (size_t i = 0; i < a.len; i++) {
        difference |= (unsigned)(a.at[i] ^ b.at[i]);
    }
    return difference == 0;
}

oc_result oc_buf_reserve(oc_buf *buf, size_t len)
{
    if (len <= buf->room) {
        return oc_ok();
    }
    if (len > OC_BUF_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    size_t room = buf->room < 64 ? 64 : buf->room;
    while (room < len) {
        room *= 2;
    }
    uint8_t *at = malloc(room);
    if (at == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (buf->at != NULL) {
        memcpy(at, buf->at, buf->len);
        oc_wipe(buf->at, buf->room); /* what was cleared may be secret, too */
        free(buf->at);
    }
    buf->at = at;
    buf->room = room;
    return oc_ok();
}

oc_result oc_buf_append(oc_buf *buf, oc_span more)
{
    if (more.len == 0) {
        return oc_ok();
    }
    if (more.len > OC_BUF_MAX - buf->len) {
        return oc_fail(OC_E_LIMIT);
    }
    bool inside = buf->at != NULL && more.at >= buf->at && more.at < buf->at + buf->len;
    size_t off = inside ? (size_t)(more.at - buf->at) : 0;
    OC_TRY(oc_buf_reserve(buf, buf->len + more.len));
    memcpy(buf->at + buf->len, inside ? buf->at + off : more.at, more.len);
    buf->len += more.len;
    return oc_ok();
}

oc_result oc_buf_append_byte(oc_buf *buf, uint8_t byte)
{
    return oc_buf_append(buf, oc_span_of(&byte, 1));
}

oc_result oc_buf_set(oc_buf *buf, oc_span s)
{
    if (buf->at != NULL && s.at >= buf->at && s.at < buf->at + buf->room) {
        memmove(buf->at, s.at, s.len);
        buf->len = s.len;
        return oc_ok();
    }
    buf->len = 0;
    return oc_buf_append(buf, s);
}

void oc_buf_free(oc_buf *buf)
{
    if (buf == NULL) {
        return;
    }
    if (buf->at != NULL) {
        oc_wipe(buf->at, buf->room);
        free(buf->at);
    }
    *buf = (oc_buf){0};
}

oc_span oc_rd_bytes(oc_rd *rd, size_t len)
{
    if (rd->bad || len > rd->rest.len) {
        rd->bad = true;
        return oc_span_empty();
    }
    oc_span s = oc_span_of(rd->rest.at, len);
    rd->rest = oc_span_of(len < rd->rest.len ? rd->rest.at + len : NULL, rd->rest.len - len);
    return s;
}

static uint32_t number(oc_rd *rd, size_t len)
{
    oc_span s = oc_rd_bytes(rd, len);
    uint32_t v = 0;
    for (size_t i = 0; i < s.len; i++) {
        v = v << 8 | s.at[i];
    }
    return v;
}

uint8_t oc_rd_u8(oc_rd *rd)
{
    return (uint8_t)number(rd, 1);
}

uint16_t oc_rd_u16(oc_rd *rd)
{
    return (uint16_t)number(rd, 2);
}

uint32_t oc_rd_u32(oc_rd *rd)
{
    return number(rd, 4);
}

void oc_rd_copy(oc_rd *rd, void *out, size_t len)
{
    oc_span s = oc_rd_bytes(rd, len);
    if (s.len == len && len > 0) {
        memcpy(out, s.at, len);
    } else {
        memset(out, 0, len);
    }
}

void oc_wr_bytes(oc_wr *wr, oc_span s)
{
    if (wr->bad || s.len > wr->room - wr->len) {
        wr->bad = true;
        return;
    }
    if (s.len > 0) {
        memcpy(wr->at + wr->len, s.at, s.len);
        wr->len += s.len;
    }
}

void oc_wr_u8(oc_wr *wr, uint8_t v)
{
    oc_wr_bytes(wr, oc_span_of(&v, 1));
}

void oc_wr_u16(oc_wr *wr, uint16_t v)
{
    uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};
    oc_wr_bytes(wr, oc_span_of(b, sizeof b));
}

void oc_wr_u32(oc_wr *wr, uint32_t v)
{
    uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    oc_wr_bytes(wr, oc_span_of(b, sizeof b));
}

void oc_wr_fill(oc_wr *wr, uint8_t value, size_t len)
{
    if (wr->bad || len > wr->room - wr->len) {
        wr->bad = true;
        return;
    }
    memset(wr->at + wr->len, value, len);
    wr->len += len;
}

void oc_wipe(void *at, size_t len)
{
    if (len > 0) {
#if defined(_WIN32)
        SecureZeroMemory(at, len);
#else
        explicit_bzero(at, len);
#endif
    }
}
