/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml_memory.h"

#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bytes.h"

static void free_wiped(void *at)
{
    if (at != NULL) {
        oc_wipe(at, malloc_usable_size(at));
        free(at);
    }
}

/* Never in place by realloc, which would give the old block back as it is. */
static void *resize_wiped(void *at, size_t size)
{
    size_t room = at == NULL ? 0 : malloc_usable_size(at);
    if (at != NULL && size > 0 && size <= room && size >= room / 2) {
        return at;
    }
    void *fresh = malloc(size == 0 ? 1 : size);
    if (fresh != NULL && at != NULL) {
        memcpy(fresh, at, room < size ? room : size);
        free_wiped(at);
    }
    return fresh;
}

void oc_xml_wipe_freed(void)
{
    (void)xmlMemSetup(free_wiped, malloc, resize_wiped, strdup);
}
