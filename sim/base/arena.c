/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE ((size_t)16 * 1024)
#define ALIGNMENT (sizeof(max_align_t))

struct oc_arena_block {
    oc_arena_block *next;
    size_t used;
    size_t room;
    max_align_t bytes[];
};

static oc_arena_block *new_block(oc_arena *arena, size_t len)
{
    size_t room = len > BLOCK_SIZE ? len : BLOCK_SIZE;
    oc_arena_block *block = calloc(1, sizeof *block + room);
    if (block == NULL) {
        return NULL;
    }
    block->room = room;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *oc_arena_alloc(oc_arena *arena, size_t len)
{
    if (len > OC_BUF_MAX) {
        return NULL;
    }
    size_t padded = (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    oc_arena_block *block = arena->blocks;
    if (block == NULL || block->room - block->used < padded) {
        block = new_block(arena, padded);
        if (block == NULL) {
            return NULL;
        }
    }
    void *at = (uint8_t *)block->bytes + block->used;
    block->used += padded;
    return at;
}

char *oc_arena_text_n(oc_arena *arena, const char *text, size_t len)
{
    char *copy = oc_arena_alloc(arena, len + 1);
    if (copy != NULL && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *oc_arena_text(oc_arena *arena, const char *text)
{
    return oc_arena_text_n(arena, text, strlen(text));
}

/* Mostly the text fits behind what is there, and is formatted once. */
char *oc_arena_format(oc_arena *arena, const char *format, ...)
{
    oc_arena_block *block = arena->blocks;
    char *rest = block == NULL ? NULL : (char *)block->bytes + block->used;
    size_t room = block == NULL ? 0 : block->room - block->used;
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(rest, room, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : oc_arena_alloc(arena, (size_t)len + 1);
    if (text != rest && room > 0) {
        oc_wipe(rest, room);
    }
    if (text != NULL && text != rest) {
        vsnprintf(text, (size_t)len + 1, format, again);
    }
    va_end(again);
    return text;
}

oc_span oc_arena_bytes(oc_arena *arena, oc_span s)
{
    uint8_t *copy = oc_arena_alloc(arena, s.len);
    if (copy == NULL) {
        return oc_span_empty();
    }
    if (s.len > 0) {
        memcpy(copy, s.at, s.len);
    }
    return oc_span_of(copy, s.len);
}

void oc_arena_clear(oc_arena *arena)
{
    oc_arena_block *kept = NULL;
    while (arena->blocks != NULL) {
        oc_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        oc_wipe(block->bytes, block->used);
        if (kept == NULL && block->room == BLOCK_SIZE) {
            block->used = 0;
            block->next = NULL;
            kept = block;
        } else {
            free(block);
        }
    }
    arena->blocks = kept;
}

void oc_arena_free(oc_arena *arena)
{
    while (arena->blocks != NULL) {
        oc_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        oc_wipe(block->bytes, block->used);
        free(block);
    }
}
