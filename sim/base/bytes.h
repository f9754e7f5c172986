/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_BYTES_H
#define OC_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed bytes. Valid as long as their owner does not change. */
typedef struct oc_span {
    const uint8_t *at; /* may be NULL when len is 0 */
    size_t len;        /* bytes */
} oc_span;

static inline oc_span oc_span_of(const void *at, size_t len)
{
    return (oc_span){(const uint8_t *)at, len};
}

static inline oc_span oc_span_empty(void)
{
    return (oc_span){NULL, 0};
}

/* The span of a NUL-terminated text, without the NUL. */
static inline oc_span oc_span_text(const char *text)
{
    return (oc_span){(const uint8_t *)text, strlen(text)};
}

/* `len` bytes from `off`, cut to what is there. */
oc_span oc_span_slice(oc_span s, size_t off, size_t len);
bool oc_span_equal(oc_span a, oc_span b);
/* The same in a time that depends on the lengths only: for MACs and PINs. */
bool oc_span_equal_secret(oc_span a, oc_span b);

/* Packed decimal digits, two a byte, no filling. */
bool oc_span_is_digits(oc_span s);

/* Owned bytes that grow up to OC_BUF_MAX. Zero-initialise; free with oc_buf_free. */
#define OC_BUF_MAX ((size_t)64 * 1024 * 1024)

typedef struct oc_buf {
    uint8_t *at;
    size_t len;
    size_t room;
} oc_buf;

/* `more` may lie inside `buf`. */
OC_MUST_USE oc_result oc_buf_append(oc_buf *buf, oc_span more);
OC_MUST_USE oc_result oc_buf_append_byte(oc_buf *buf, uint8_t byte);
/* Makes room for `len` bytes in all, without changing the content. */
OC_MUST_USE oc_result oc_buf_reserve(oc_buf *buf, size_t len);
/* Replaces the content. `s` may lie inside `buf`. */
OC_MUST_USE oc_result oc_buf_set(oc_buf *buf, oc_span s);
static inline void oc_buf_clear(oc_buf *buf)
{
    buf->len = 0;
}
static inline oc_span oc_buf_span(const oc_buf *buf)
{
    return (oc_span){buf->at, buf->len};
}
/* Wipes, frees and zeroes; accepts NULL. */
void oc_buf_free(oc_buf *buf);

/* Reading cursor. Once a read runs past the end, `bad` stays set and every later read yields zeros or nothing;
 * parsers read as the layout reads and ask oc_rd_done or `bad` once. */
typedef struct oc_rd {
    oc_span rest;
    bool bad;
} oc_rd;

static inline oc_rd oc_rd_of(oc_span s)
{
    return (oc_rd){s, false};
}
uint8_t oc_rd_u8(oc_rd *rd);
uint16_t oc_rd_u16(oc_rd *rd); /* big-endian, as all numbers on the card */
uint32_t oc_rd_u32(oc_rd *rd);
oc_span oc_rd_bytes(oc_rd *rd, size_t len);
/* Copies exactly `len` bytes; fills with zeros when they are not there. */
void oc_rd_copy(oc_rd *rd, void *out, size_t len);
/* True when nothing was bad and nothing is left. */
static inline bool oc_rd_done(const oc_rd *rd)
{
    return !rd->bad && rd->rest.len == 0;
}

/* Writing cursor over a fixed room. Once it runs past the end, `bad` stays set and nothing more is written. */
typedef struct oc_wr {
    uint8_t *at;
    size_t room;
    size_t len;
    bool bad;
} oc_wr;

static inline oc_wr oc_wr_of(void *at, size_t room)
{
    return (oc_wr){(uint8_t *)at, room, 0, false};
}
void oc_wr_u8(oc_wr *wr, uint8_t v);
void oc_wr_u16(oc_wr *wr, uint16_t v);
void oc_wr_u32(oc_wr *wr, uint32_t v);
void oc_wr_bytes(oc_wr *wr, oc_span s);
void oc_wr_fill(oc_wr *wr, uint8_t value, size_t len);
static inline oc_span oc_wr_span(const oc_wr *wr)
{
    return (oc_span){wr->at, wr->len};
}

/* Overwrites secrets; the compiler does not remove it. */
void oc_wipe(void *at, size_t len);

#ifdef __cplusplus
}
#endif
#endif
