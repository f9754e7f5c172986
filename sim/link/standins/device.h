/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_STANDINS_DEVICE_H
#define OC_LINK_STANDINS_DEVICE_H

#include "sim/link/standins/readers.h"

/* A reader of a maker's own library: one device with numbered slots, opened by one program at a time. A device counts
 * from 1; the error codes are those of the reader libraries (terminal sheet 6.1), the same numbers as the driver
 * interface's. */
enum oc_device_error {
    OC_DEVICE_OK = 0,
    OC_DEVICE_NO_CARD = -2,
    OC_DEVICE_NO_POWER = -3,
    OC_DEVICE_NO_ANSWER = -4,
    OC_DEVICE_UNREACHABLE = -11, /* no card server, or another program has the device open */
    OC_DEVICE_NOT_OPEN = -12,
    OC_DEVICE_BAD_PARAMETER = -14
};

/* Which slot a number means: `first` is the first slot of that kind, the next number the second. */
typedef struct oc_device_slots {
    unsigned char first;
    unsigned char last;
    enum oc_cards_kind kind;
} oc_device_slots;

/* The slot of that number in the map of `rows` rows; BAD_PARAMETER when the map or the device has no such one. */
int oc_device_slot(int device, const oc_device_slots *map, size_t rows, unsigned number);

/* The number of a new device, or an error. */
int oc_device_open(void);
int oc_device_close(int device);

/* A cold reset, and a warm one when that fails. Answers the length of the ATR, or an error. */
int oc_device_power_on(int device, int slot, uint8_t atr[OC_CARDS_ATR_MAX]);
int oc_device_power_off(int device, int slot);
/* OK: present and powered. */
int oc_device_status(int device, int slot);
/* Answers the length of the response; BAD_PARAMETER when it is over `room`. */
int oc_device_transmit(int device, int slot, oc_span command, uint8_t *response, size_t room);

/* The ATS that belongs to the ATR by which PC/SC shows a contactless card: its historical bytes behind TL and T0
 * (ISO/IEC 14443-4 5.2; FSCI 8, no interface bytes). In place; answers its length. */
int oc_device_ats(uint8_t atr[OC_CARDS_ATR_MAX], int atr_len);

#endif
