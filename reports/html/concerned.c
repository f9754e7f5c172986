/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/concerned.h"

#include <stdio.h>
#include <string.h>

#include "reports/html/tlv_tree.h"

#define SSSE_FID 0xDDF1u
/* sx1.sh.: the name of the SSSE in every generation, ssc-card sheet 3.1; Chinese follows. */
#define SSSE_NAME "7378312E73682E"

void oc_concerned_begin(oc_concerned *out)
{
    *out = (oc_concerned){.record = -1, .tag = -1, .key = -1, .pin = -1};
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte of that number, or -1 where the text is no hex there. */
static int byte_at(const char *hex, size_t index)
{
    if (strlen(hex) < 2 * index + 2) {
        return -1;
    }
    int high = digit(hex[2 * index]);
    int low = digit(hex[2 * index + 1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool accepted(const char *response)
{
    size_t len = response == NULL ? 0 : strlen(response);
    return len >= 4 && (strcmp(response + len - 4, "9000") == 0 || (len == 4 && strncmp(response, "61", 2) == 0));
}

static void select_name(oc_concerned *concerned, const char *hex, size_t len)
{
    char text[sizeof concerned->directory];
    if (len >= strlen(SSSE_NAME) && strncmp(hex, SSSE_NAME, strlen(SSSE_NAME)) == 0) {
        snprintf(concerned->directory, sizeof concerned->directory, "SSSE");
    } else if (oc_tlv_readable(text, sizeof text, hex, len)) {
        snprintf(concerned->directory, sizeof concerned->directory, "%s", text);
    } else {
        snprintf(concerned->directory, sizeof concerned->directory, "%.*s", len > 32 ? 32 : (int)len, hex);
    }
}

static void follow_select(oc_concerned *concerned, const char *command, const char *response)
{
    int by_name = byte_at(command, 2);
    int length = byte_at(command, 4);
    int high = byte_at(command, 5);
    int low = byte_at(command, 6);
    if (by_name < 0 || length <= 0 || strlen(command) < 10 + (size_t)length * 2 || high < 0 || low < 0) {
        return;
    }
    bool is_file = by_name != 4 && length == 2 && high == 0xEF;
    if (is_file) {
        snprintf(concerned->file, sizeof concerned->file, "EF%02X", (unsigned)low);
    }
    if (!accepted(response) || is_file) {
        return;
    }
    concerned->file[0] = '\0';
    if (by_name == 4) {
        select_name(concerned, command + 10, (size_t)length * 2);
    } else if (((unsigned)high << 8 | (unsigned)low) == SSSE_FID) {
        snprintf(concerned->directory, sizeof concerned->directory, "SSSE");
    } else {
        snprintf(concerned->directory, sizeof concerned->directory, "%02X%02X", (unsigned)high, (unsigned)low);
        if (high == 0x3F && low == 0) {
            snprintf(concerned->directory, sizeof concerned->directory, "MF");
        }
    }
}

static void name_file(oc_concerned *concerned, int sfi)
{
    if (sfi > 0 && sfi < 31) {
        snprintf(concerned->file, sizeof concerned->file, "EF%02X", (unsigned)sfi);
    }
}

/* ISO/IEC 7816-4: READ RECORD(S), UPDATE RECORD, APPEND RECORD have the short identifier in P2, READ and UPDATE BINARY
 * in P1. A card of this family also finds a record by its tag in P1 (ssc-card sheet 6.3). */
static void follow_file(oc_concerned *concerned, int ins, int p1, int p2)
{
    if (ins == 0xB2 || ins == 0xDC || ins == 0xE2) {
        name_file(concerned, p2 >> 3);
        if ((p2 & 7) == 4) {
            concerned->record = p1;
        } else if ((p2 & 7) == 0 && p1 != 0) {
            concerned->tag = p1;
        }
    } else if ((ins == 0xB0 || ins == 0xD6) && (p1 & 0x80) != 0) {
        name_file(concerned, p1 & 0x1F);
    }
}

void oc_concerned_follow(oc_concerned *concerned, const char *command, const char *response)
{
    concerned->record = concerned->tag = concerned->key = concerned->pin = -1;
    if (strncmp(command, "reset", 5) == 0) {
        oc_concerned_begin(concerned);
        return;
    }
    int ins = byte_at(command, 1);
    int p1 = byte_at(command, 2);
    int p2 = byte_at(command, 3);
    if (ins < 0 || p1 < 0 || p2 < 0) {
        return;
    }
    switch (ins) {
    case 0xA4:
        follow_select(concerned, command, response);
        break;
    case 0x82: /* EXTERNAL AUTHENTICATE */
    case 0x88: /* INTERNAL AUTHENTICATE */
        concerned->key = p2;
        concerned->internal = ins == 0x88;
        break;
    case 0x20: /* VERIFY */
    case 0x2C: /* RESET RETRY COUNTER */
    case 0x24: /* PIN UNBLOCK, with CLA 84 */
    case 0x5E: /* CHANGE or RELOAD PIN */
        concerned->pin = p2;
        break;
    default:
        follow_file(concerned, ins, p1, p2);
        break;
    }
}
