/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/standins/export.h"

#define FUNCTION OC_STANDIN_DECLARE
#include "sim/link/standins/icc_functions.inc"
#undef FUNCTION

/* A number of ours for the one contactless slot, which the functions for it do not name. */
#define CONTACTLESS 0xA1
#define LIBRARY_TEXT "onecard stand-in"

static const oc_device_slots slots[] = {
    {0x01, 0x0F, OC_CARDS_USER}, {0x11, 0x1F, OC_CARDS_SAM}, {CONTACTLESS, CONTACTLESS, OC_CARDS_CONTACTLESS}};

/* Callers whose prototypes say int leave the upper half of a long undefined: it is not looked at. */
static int slot_of(long reader, unsigned number)
{
    return oc_device_slot((int)reader, slots, sizeof slots / sizeof slots[0], number);
}

/* All readers of the card server are the slots of one device, whatever its name. */
static long icc_open(const char *device)
{
    return device != NULL && device[0] != '\0' ? oc_device_open() : OC_DEVICE_BAD_PARAMETER;
}

static long icc_close(long reader)
{
    return oc_device_close((int)reader);
}

static long icc_power_on(long reader, unsigned number, unsigned char *answer)
{
    uint8_t atr[OC_CARDS_ATR_MAX];
    int slot = slot_of(reader, number);
    if (slot < 0 || answer == NULL) {
        return slot < 0 ? slot : OC_DEVICE_BAD_PARAMETER;
    }
    int len = oc_device_power_on((int)reader, slot, atr);
    if (number == CONTACTLESS) {
        len = oc_device_ats(atr, len);
    }
    if (len > 0) {
        memcpy(answer, atr, (size_t)len);
    }
    return len;
}

static long icc_power_on_contactless(long reader, unsigned char *answer)
{
    return icc_power_on(reader, CONTACTLESS, answer);
}

static long icc_power_off(long reader, unsigned number)
{
    int slot = slot_of(reader, number);
    return slot < 0 ? slot : oc_device_power_off((int)reader, slot);
}

static long icc_status(long reader, unsigned number)
{
    int slot = slot_of(reader, number);
    return slot < 0 ? slot : oc_device_status((int)reader, slot);
}

/* The interface does not tell how much room the caller has. */
static long icc_transmit(long reader, unsigned number, long long_len, const unsigned char *command,
                         unsigned char *response)
{
    int len = (int)long_len;
    int slot = slot_of(reader, number);
    if (slot < 0) {
        return slot;
    }
    if (command == NULL || response == NULL || len < 4 || len > OC_CARDS_BODY_MAX) {
        return OC_DEVICE_BAD_PARAMETER;
    }
    return oc_device_transmit((int)reader, slot, oc_span_of(command, (size_t)len), response, OC_CARDS_BODY_MAX);
}

static long icc_library(char *text)
{
    if (text == NULL) {
        return OC_DEVICE_BAD_PARAMETER;
    }
    memcpy(text, LIBRARY_TEXT, sizeof LIBRARY_TEXT);
    return OC_DEVICE_OK;
}

#define FUNCTION OC_STANDIN_DEFINE
#include "sim/link/standins/icc_functions.inc"
