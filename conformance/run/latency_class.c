/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/latency_class.h"

#include <stddef.h>

#define ANY 0x100

static const struct {
    unsigned cla;
    unsigned ins;
    unsigned p1;
    const char *name;
} classes[] = {
    {0x00, 0xA4, ANY, "SELECT"},
    {0x00, 0xB2, ANY, "READ RECORD"},
    {0x00, 0xDC, ANY, "UPDATE RECORD"},
    {0x00, 0xE2, ANY, "APPEND RECORD"},
    {0x00, 0xB0, ANY, "READ BINARY"},
    {0x00, 0xD6, ANY, "UPDATE BINARY"},
    {0x00, 0xC0, ANY, "GET RESPONSE"},
    {0x00, 0x84, ANY, "GET CHALLENGE"},
    {0x00, 0x20, ANY, "VERIFY"},
    {0x00, 0x82, ANY, "EXTERNAL AUTHENTICATE"},
    {0x00, 0x88, ANY, "INTERNAL AUTHENTICATE"},
    {0x80, 0x5E, ANY, "CHANGE PIN"},
    {0xB0, 0x26, ANY, "GET BALANCE"},
    {0xB0, 0x28, 0x00, "INITIALIZE FOR LOAD"},
    {0xB0, 0x28, 0x01, "INITIALIZE FOR PURCHASE"},
    {0xB0, 0x2A, ANY, "CREDIT FOR LOAD"},
    {0xB0, 0x2C, ANY, "DEBIT FOR PURCHASE"},
    {0xBF, 0xDE, ANY, "PSAM INIT FOR DESCRYPT"},
    {0x80, 0xFA, ANY, "PSAM DES CRYPT"},
    {0x80, 0x70, ANY, "PSAM INIT FOR PURCHASE"},
    {0x80, 0x72, ANY, "PSAM CREDIT FOR PURCHASE"},
};

const char *oc_latency_class(uint8_t cla, uint8_t ins, uint8_t p1)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (classes[i].cla == cla && classes[i].ins == ins && (classes[i].p1 == ANY || classes[i].p1 == p1)) {
            return classes[i].name;
        }
    }
    return "other";
}
