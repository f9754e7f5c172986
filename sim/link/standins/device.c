/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/standins/device.h"

#include "sim/base/atr.h"
#include "sim/link/standins/os.h"

/* The libraries hand out numbers: one table for the process. Calls wait for each other, as at one reader. */
#define DEVICES 8

struct device {
    oc_readers *readers; /* NULL: free */
    uint8_t handles[OC_CARDS_SLOTS];
};

static struct {
    oc_os_mutex mutex;
    struct device devices[DEVICES];
} table = {.mutex = OC_OS_MUTEX};

static int error_of(enum oc_cards_status status)
{
    static const signed char errors[] = {
        [OC_CARDS_OK] = OC_DEVICE_OK,
        [OC_CARDS_NO_SLOT] = OC_DEVICE_BAD_PARAMETER,
        [OC_CARDS_NO_HANDLE] = OC_DEVICE_BAD_PARAMETER,
        [OC_CARDS_NO_CARD] = OC_DEVICE_NO_CARD,
        [OC_CARDS_REMOVED] = OC_DEVICE_NO_CARD,
        [OC_CARDS_WAS_RESET] = OC_DEVICE_NO_POWER,
        [OC_CARDS_UNPOWERED] = OC_DEVICE_NO_POWER,
        [OC_CARDS_MUTE] = OC_DEVICE_NO_ANSWER,
        [OC_CARDS_FAILED] = OC_DEVICE_NO_ANSWER,
    };
    return (size_t)status < sizeof errors / sizeof errors[0] ? errors[status] : OC_DEVICE_UNREACHABLE;
}

static struct device *enter(int number)
{
    oc_os_lock(&table.mutex);
    bool is_open = number >= 1 && number <= DEVICES && table.devices[number - 1].readers != NULL;
    return is_open ? &table.devices[number - 1] : NULL;
}

static int leave(int result)
{
    oc_os_unlock(&table.mutex);
    return result;
}

static int find_slot(const struct device *device, const oc_device_slots *row, unsigned number)
{
    unsigned nth = number - row->first;
    for (size_t i = 0; i < oc_readers_count(device->readers); i++) {
        if (oc_readers_kind(device->readers, i) != row->kind) {
            continue;
        }
        if (nth == 0) {
            return (int)i;
        }
        nth--;
    }
    return OC_DEVICE_BAD_PARAMETER;
}

int oc_device_slot(int number, const oc_device_slots *map, size_t rows, unsigned slot)
{
    const struct device *device = enter(number);
    if (device == NULL) {
        return leave(OC_DEVICE_NOT_OPEN);
    }
    for (size_t i = 0; i < rows; i++) {
        if (slot >= map[i].first && slot <= map[i].last) {
            return leave(find_slot(device, &map[i], slot));
        }
    }
    return leave(OC_DEVICE_BAD_PARAMETER);
}

/* A reader that was just opened has not powered any card. */
static int open_at(struct device *device)
{
    device->readers = oc_readers_new();
    if (device->readers == NULL) {
        return OC_DEVICE_UNREACHABLE;
    }
    for (size_t i = 0; i < oc_readers_count(device->readers); i++) {
        enum oc_cards_status status = oc_readers_open(device->readers, i, OC_CARDS_OWNED, &device->handles[i]);
        if (status != OC_CARDS_OK) {
            oc_readers_free(device->readers);
            device->readers = NULL;
            return OC_DEVICE_UNREACHABLE;
        }
        (void)oc_readers_do(device->readers, OC_CARDS_POWER_OFF, device->handles[i]);
    }
    return OC_DEVICE_OK;
}

int oc_device_open(void)
{
    int result = OC_DEVICE_UNREACHABLE;
    oc_os_lock(&table.mutex);
    for (int i = 0; i < DEVICES; i++) {
        if (table.devices[i].readers == NULL) {
            result = open_at(&table.devices[i]);
            result = result == OC_DEVICE_OK ? i + 1 : result;
            break;
        }
    }
    return leave(result);
}

/* The cards lose their power with the connection. */
int oc_device_close(int number)
{
    struct device *device = enter(number);
    if (device == NULL) {
        return leave(OC_DEVICE_NOT_OPEN);
    }
    for (size_t i = 0; i < oc_readers_count(device->readers); i++) {
        (void)oc_readers_do(device->readers, OC_CARDS_POWER_OFF, device->handles[i]);
        (void)oc_readers_do(device->readers, OC_CARDS_CLOSE, device->handles[i]);
    }
    oc_readers_free(device->readers);
    *device = (struct device){0};
    return leave(OC_DEVICE_OK);
}

int oc_device_power_on(int number, int slot, uint8_t atr[OC_CARDS_ATR_MAX])
{
    struct device *device = enter(number);
    size_t len = 0;
    if (device == NULL) {
        return leave(OC_DEVICE_NOT_OPEN);
    }
    enum oc_cards_status status = oc_readers_power_on(device->readers, device->handles[slot], OC_CARDS_COLD, atr,
                                                      &len);
    if (status == OC_CARDS_MUTE || status == OC_CARDS_FAILED) {
        status = oc_readers_power_on(device->readers, device->handles[slot], OC_CARDS_WARM, atr, &len);
    }
    return leave(status == OC_CARDS_OK ? (int)len : error_of(status));
}

int oc_device_power_off(int number, int slot)
{
    struct device *device = enter(number);
    if (device == NULL) {
        return leave(OC_DEVICE_NOT_OPEN);
    }
    return leave(error_of(oc_readers_do(device->readers, OC_CARDS_POWER_OFF, device->handles[slot])));
}

int oc_device_status(int number, int slot)
{
    struct device *device = enter(number);
    if (device == NULL) {
        return leave(OC_DEVICE_NOT_OPEN);
    }
    return leave(error_of(oc_readers_do(device->readers, OC_CARDS_CHECK, device->handles[slot])));
}

int oc_device_transmit(int number, int slot, oc_span command, uint8_t *response, size_t room)
{
    struct device *device = enter(number);
    size_t len = room;
    if (device == NULL) {
        return leave(OC_DEVICE_NOT_OPEN);
    }
    enum oc_cards_status status = oc_readers_transmit(device->readers, device->handles[slot], command, response, &len);
    if (status != OC_CARDS_OK) {
        return leave(error_of(status));
    }
    return leave(len <= room ? (int)len : OC_DEVICE_BAD_PARAMETER);
}

int oc_device_ats(uint8_t atr[OC_CARDS_ATR_MAX], int atr_len)
{
    oc_span historical;
    uint8_t ats[OC_CARDS_ATR_MAX];
    oc_wr wr = oc_wr_of(ats, sizeof ats);
    if (atr_len <= 0 || !oc_atr_historical(oc_span_of(atr, (size_t)atr_len), &historical)) {
        return atr_len;
    }
    oc_wr_u8(&wr, (uint8_t)(historical.len + 2));
    oc_wr_u8(&wr, 0x08);
    oc_wr_bytes(&wr, historical);
    memcpy(atr, ats, wr.len);
    return (int)wr.len;
}
