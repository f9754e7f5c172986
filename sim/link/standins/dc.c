/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"
#include "sim/link/standins/export.h"

/* A HANDLE on Windows. */
#if defined(_WIN32)
typedef intptr_t dc_handle;
#else
typedef int dc_handle;
#endif

#if !defined(OC_DC_FUNCTIONS)
#define OC_DC_FUNCTIONS "sim/link/standins/dc_functions.inc"
#endif
#define FUNCTION OC_STANDIN_DECLARE
#include OC_DC_FUNCTIONS
#undef FUNCTION

/* Numbers of ours: the slot that was chosen before, and the contactless one. */
#define CHOSEN 0xA0
#define CONTACTLESS 0xA1
#define USER_SLOT 0x0C
#define DEVICES_MAX 127

static const oc_device_slots slots[] = {
    {0x0C, 0x0C, OC_CARDS_USER}, {0x0D, 0x0F, OC_CARDS_SAM}, {CONTACTLESS, CONTACTLESS, OC_CARDS_CONTACTLESS}};

/* By dc_setcpu, which acts on a device as long as it is open. */
static unsigned char chosen[DEVICES_MAX + 1];

static int device_of(dc_handle reader)
{
    return reader >= 0 && reader < DEVICES_MAX ? (int)reader + 1 : 0;
}

static int slot_of(dc_handle reader, unsigned number)
{
    int device = device_of(reader);
    return oc_device_slot(device, slots, sizeof slots / sizeof slots[0], number == CHOSEN ? chosen[device] : number);
}

/* Handles count from 0 here. */
static dc_handle init(short port, long baud)
{
    (void)port;
    (void)baud;
    int device = oc_device_open();
    if (device > 0) {
        chosen[device] = USER_SLOT;
    }
    return device > 0 ? device - 1 : device;
}

static int close_reader(dc_handle reader)
{
    return oc_device_close(device_of(reader));
}

static int reset(dc_handle reader, unsigned number, unsigned char *len, unsigned char *atr)
{
    uint8_t room[OC_CARDS_ATR_MAX];
    int slot = slot_of(reader, number);
    if (slot < 0 || len == NULL || atr == NULL) {
        return slot < 0 ? slot : OC_DEVICE_BAD_PARAMETER;
    }
    int got = oc_device_power_on(device_of(reader), slot, room);
    if (number == CONTACTLESS) {
        got = oc_device_ats(room, got);
    }
    if (got < 0) {
        return got;
    }
    *len = (unsigned char)got;
    memcpy(atr, room, (size_t)got);
    return OC_DEVICE_OK;
}

/* Lengths are one byte: a longer response cannot be told. */
static int transmit(dc_handle reader, unsigned number, unsigned len, const unsigned char *command,
                    unsigned char *response_len, unsigned char *response)
{
    uint8_t room[UINT8_MAX];
    int slot = slot_of(reader, number);
    if (slot < 0) {
        return slot;
    }
    if (command == NULL || response_len == NULL || response == NULL || len < 4) {
        return OC_DEVICE_BAD_PARAMETER;
    }
    int got = oc_device_transmit(device_of(reader), slot, oc_span_of(command, len), room, sizeof room);
    if (got < 0) {
        return got;
    }
    *response_len = (unsigned char)got;
    memcpy(response, room, (size_t)got);
    return OC_DEVICE_OK;
}

static int power_off(dc_handle reader, unsigned number)
{
    int slot = slot_of(reader, number);
    return slot < 0 ? slot : oc_device_power_off(device_of(reader), slot);
}

#if defined(OC_DC_SEATS)
static int reset_seat(dc_handle reader, unsigned seat, unsigned baud, unsigned volt, unsigned char *len,
                      unsigned char *atr, unsigned char *protocol)
{
    (void)baud;
    (void)volt;
    int result = reset(reader, seat, len, atr);
    if (result == OC_DEVICE_OK && protocol != NULL) {
        *protocol = (unsigned char)oc_atr_protocol(oc_span_of(atr, *len));
    }
    return result;
}

static int transmit_seat(dc_handle reader, unsigned seat, unsigned len, const unsigned char *command,
                         unsigned char *response_len, unsigned char *response, unsigned protocol)
{
    (void)protocol;
    return transmit(reader, seat, len, command, response_len, response);
}
#else
static int choose(dc_handle reader, unsigned number)
{
    int slot = slot_of(reader, number);
    if (slot >= 0) {
        chosen[device_of(reader)] = (unsigned char)number;
    }
    return slot >= 0 ? OC_DEVICE_OK : slot;
}

static int is_open(dc_handle reader)
{
    int slot = slot_of(reader, USER_SLOT);
    return slot == OC_DEVICE_NOT_OPEN ? slot : OC_DEVICE_OK;
}

/* The card's own answer to reset settles protocol and rate here. */
static int set_parameters(dc_handle reader, unsigned number, unsigned protocol, unsigned etu)
{
    (void)etu;
    int slot = slot_of(reader, number);
    return slot < 0 ? slot : (protocol <= 1 ? OC_DEVICE_OK : OC_DEVICE_BAD_PARAMETER);
}

static int nothing(dc_handle reader, unsigned value)
{
    (void)value;
    return is_open(reader);
}

static int reset_field(dc_handle reader, unsigned ms)
{
    (void)ms;
    int result = power_off(reader, CONTACTLESS);
    return result == OC_DEVICE_NO_CARD || result == OC_DEVICE_NO_POWER ? OC_DEVICE_OK : result;
}

/* Finding a card is powering it up: the virtual card has no number of its own below ISO/IEC 14443-4, and gets one of
 * zeros. */
static int find(dc_handle reader, void *number, size_t len)
{
    uint8_t atr[OC_CARDS_ATR_MAX];
    int slot = slot_of(reader, CONTACTLESS);
    if (slot < 0 || number == NULL) {
        return slot < 0 ? slot : OC_DEVICE_BAD_PARAMETER;
    }
    int got = oc_device_power_on(device_of(reader), slot, atr);
    if (got > 0) {
        memset(number, 0, len);
    }
    return got > 0 ? OC_DEVICE_OK : got;
}

static int find_card(dc_handle reader, unsigned mode, unsigned long *number)
{
    (void)mode;
    return find(reader, number, sizeof *number);
}

static int find_card_double(dc_handle reader, unsigned mode, unsigned char *number)
{
    (void)mode;
    return find(reader, number, 4);
}

static int transmit_within(dc_handle reader, unsigned len, const unsigned char *command, unsigned char *response_len,
                           unsigned char *response, unsigned timeout)
{
    (void)timeout;
    return transmit(reader, CONTACTLESS, len, command, response_len, response);
}

static int transmit_linked(dc_handle reader, unsigned len, const unsigned char *command, unsigned char *response_len,
                           unsigned char *response, unsigned timeout, unsigned frame)
{
    (void)frame;
    return transmit_within(reader, len, command, response_len, response, timeout);
}
#endif

#define FUNCTION OC_STANDIN_DEFINE
#include OC_DC_FUNCTIONS
