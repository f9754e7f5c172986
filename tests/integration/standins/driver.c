/* SPDX-License-Identifier: Apache-2.0 */
/* A driver for Windows as small as can be: iReadCardBas of LD/T 33 for cards whose basic data can be read freely, in
 * the nine-item form. Written for tests of the driver host and the stand-ins. */
#include "tests/integration/standins/driver.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

__declspec(dllexport) long __stdcall iReadCardBas(int type, char *out);

#define ROOM 300

static const unsigned char SELECT[] = {0x00, 0xA4, 0x04, 0x00, 0x0F, 's',  'x',  '1',  '.',  's',
                                       'h',  '.',  0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};

struct item {
    unsigned char record, p2, len; /* of READ RECORD: by number in EF05, by identifier in EF06 */
    char text[2 * ROOM];
    int is_hex;
};

/* One record: tag, length, value. */
static long read_item(struct item *item)
{
    const unsigned char command[] = {0x00, 0xB2, item->record, item->p2, item->len};
    unsigned char response[ROOM];
    long len = driver_send(command, sizeof command, response);
    if (len < 0) {
        return len;
    }
    if (len < 4 || response[len - 2] != 0x90 || response[1] + 4 > len) {
        return len < 2 ? -4 : -(response[len - 2] * 256L + response[len - 1]);
    }
    for (int i = 0; i < response[1]; i++) {
        if (item->is_hex) {
            sprintf(item->text + (size_t)2 * (size_t)i, "%02X", response[2 + i]);
        } else {
            item->text[i] = (char)response[2 + i];
        }
    }
    return 0;
}

static long read_all(char *out)
{
    enum { CARD, VERSION, ISSUED, EXPIRY, NUMBER, PERSON, NAME, ITEMS };
    struct item items[ITEMS] = {
        [CARD] = {1, 0x2C, 0x12, "", 1},   [VERSION] = {3, 0x2C, 0x06, "", 0}, [ISSUED] = {5, 0x2C, 0x06, "", 1},
        [EXPIRY] = {6, 0x2C, 0x06, "", 1}, [NUMBER] = {7, 0x2C, 0x0B, "", 0},  [PERSON] = {8, 0x30, 0x14, "", 0},
        [NAME] = {9, 0x30, 0x20, "", 0}};
    unsigned char atr[64];
    unsigned char response[ROOM];
    char reset[64] = "";
    long len = driver_open(atr);
    if (len < 4) {
        return len < 0 ? len : -4;
    }
    for (long i = 4; i < len && i < 4 + 13; i++) {
        sprintf(reset + (size_t)2 * (size_t)(i - 4), "%02X", atr[i]);
    }
    len = driver_send(SELECT, sizeof SELECT, response);
    if (len < 2 || (response[len - 2] != 0x61 && response[len - 2] != 0x90)) {
        return len < 0 ? len : -27266;
    }
    for (int i = 0; i < ITEMS; i++) {
        long code = read_item(&items[i]);
        if (code != 0) {
            return code;
        }
    }
    sprintf(out, "%.6s|%s|%s|%s|%s|%s|%s|%s|%s|", items[CARD].text, items[PERSON].text, items[NUMBER].text,
            items[CARD].text, items[NAME].text, reset, items[VERSION].text, items[ISSUED].text, items[EXPIRY].text);
    return 0;
}

long __stdcall iReadCardBas(int type, char *out)
{
    out[0] = '\0';
    long code = type == 1 || type == 3 ? read_all(out) : -1;
    driver_close();
    if (code != 0) {
        strcpy(out, "\xB6\xC1\xBF\xA8\xCA\xA7\xB0\xDC"); /* 读卡失败 in GB18030 */
    }
    return code;
}
