/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_ARENA_H
#define OC_BASE_ARENA_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Memory for many small things with one life: freed together. Zero-initialise; free with oc_arena_free. */
typedef struct oc_arena_block oc_arena_block;
typedef struct oc_arena {
    oc_arena_block *blocks;
} oc_arena;

/* `len` zeroed bytes, aligned for any type; NULL when memory is out. */
void *oc_arena_alloc(oc_arena *arena, size_t len);
/* Copies; NULL when memory is out. The text is NUL-terminated. */
char *oc_arena_text(oc_arena *arena, const char *text);
char *oc_arena_text_n(oc_arena *arena, const char *text, size_t len);
char *oc_arena_format(oc_arena *arena, const char *format, ...) OC_PRINTF(2, 3);
/* Copies bytes; an empty span when memory is out. */
oc_span oc_arena_bytes(oc_arena *arena, oc_span s);
/* Wipes everything and keeps at most one block, for what comes next. */
void oc_arena_clear(oc_arena *arena);
/* Wipes and frees everything. */
void oc_arena_free(oc_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
