/* SPDX-License-Identifier: Apache-2.0 */
/* Which reader is the card's and which the PSAM's. */
#include <stdio.h>

#include "sim/terminal/driver/readers.h"
#include "tests/support/oc_test.h"

/* "+name" holds a card, "-name" does not. */
static oc_pcsc_readers readers_of(const char *const *names)
{
    oc_pcsc_readers readers = {.count = 0};
    char *end = readers.names;
    for (; *names != NULL; names++) {
        oc_pcsc_reader *reader = &readers.at[readers.count++];
        reader->present = (*names)[0] == '+';
        snprintf(reader->name, sizeof reader->name, "%s", *names + 1);
        memcpy(end, reader->name, strlen(reader->name) + 1);
        end += strlen(reader->name) + 1;
    }
    return readers;
}

static const struct row {
    const char *readers[6];
    const char *card, *contactless, *psam; /* settings */
    int type;
    const char *is_card;
    const char *is_psam; /* NULL: none */
} rows[] = {
    /* the virtual reader with two slots */
    {{"+vpcd 00 00", "+vpcd 00 01"}, "", "", "", 1, "vpcd 00 00", "vpcd 00 01"},
    {{"-vpcd 00 00", "+vpcd 00 01"}, "", "", "", 1, "vpcd 00 00", "vpcd 00 01"},
    {{"+vpcd 00 00", "-vpcd 00 01"}, "", "", "", 1, "vpcd 00 00", NULL},
    {{"-vpcd 00 00", "-vpcd 00 01"}, "", "", "", 1, "vpcd 00 00", NULL},
    /* another reader before it */
    {{"-Laptop 00 00", "+vpcd 01 00", "+vpcd 01 01"}, "", "", "", 1, "vpcd 01 00", "vpcd 01 01"},
    {{"+ACS SAM 00 00", "+ACS ICC 01 00"}, "", "", "", 1, "ACS ICC 01 00", "ACS SAM 00 00"},
    {{"+one", "+two"}, "", "", "", 1, "one", "two"},
    {{"+SAM"}, "", "", "", 1, "SAM", NULL},
    {{"+a", "-b", "+c"}, "b", "", "c", 1, "b", "c"},
    {{"+a", "-b", "+c"}, "c", "", "", 1, "c", NULL},
    {{"+a", "+b", "-c"}, "a", "", "c", 1, "a", NULL},
    /* contactless */
    {{"+ct", "+cl", "+s"}, "ct", "cl", "s", 1, "ct", "s"},
    {{"+ct", "+cl", "+s"}, "ct", "cl", "s", 2, "cl", "s"},
    {{"+ct", "+cl", "+s"}, "ct", "cl", "s", 3, "ct", "s"},
    {{"+ct", "+cl", "+s"}, "ct", "cl", "s", 4, "cl", "s"},
    {{"-ct", "+cl", "+s"}, "ct", "cl", "s", 1, "ct", "s"},
    {{"-ct", "+cl", "+s"}, "ct", "cl", "s", 3, "cl", "s"},
    {{"+ct", "-cl", "+s"}, "ct", "cl", "s", 2, "cl", "s"},
    {{"+ct", "-cl", "+s"}, "ct", "cl", "s", 4, "ct", "s"},
    {{"-ct", "-cl", "+s"}, "ct", "cl", "s", 4, "cl", "s"},
    {{"+x", "+s"}, "", "x", "s", 1, "x", "s"},
    /* one slot for both */
    {{"+vpcd 00 00", "+vpcd 00 01"}, "", "", "", 2, "vpcd 00 00", "vpcd 00 01"},
};

static bool is(const oc_pcsc_reader *reader, const char *name)
{
    return reader == NULL || name == NULL ? reader == NULL && name == NULL : strcmp(reader->name, name) == 0;
}

static void choice(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        oc_pcsc_readers readers = readers_of(row->readers);
        oc_driver_settings settings = oc_driver_settings_default();
        snprintf(settings.card, sizeof settings.card, "%s", row->card);
        snprintf(settings.contactless, sizeof settings.contactless, "%s", row->contactless);
        snprintf(settings.psam, sizeof settings.psam, "%s", row->psam);
        oc_driver_slots slots;
        OC_ASSERT_OK(oc_driver_choose(&slots, &readers, &settings, row->type, NULL));
        if (!is(slots.card, row->is_card) || !is(slots.psam, row->is_psam)) {
            printf("\n    row %zu: card %s, PSAM %s", i, slots.card->name,
                   slots.psam == NULL ? "-" : slots.psam->name);
            CU_FAIL("another reader was chosen");
        }
    }
}

static void not_there(void)
{
    static const char *const names[] = {"+a", "+ab", NULL};
    oc_pcsc_readers readers = readers_of(names);
    oc_pcsc_readers none = {.count = 0};
    oc_driver_settings settings = oc_driver_settings_default();
    oc_driver_slots slots;
    OC_ASSERT_CODE(oc_driver_choose(&slots, &none, &settings, 1, NULL), OC_E_UNAVAILABLE);
    snprintf(settings.card, sizeof settings.card, "c");
    OC_ASSERT_CODE(oc_driver_choose(&slots, &readers, &settings, 1, NULL), OC_E_NOT_FOUND);
    snprintf(settings.card, sizeof settings.card, "a"); /* a whole name comes before a part */
    OC_ASSERT_OK(oc_driver_choose(&slots, &readers, &settings, 1, NULL));
    snprintf(settings.psam, sizeof settings.psam, "z");
    OC_ASSERT_CODE(oc_driver_choose(&slots, &readers, &settings, 1, NULL), OC_E_NOT_FOUND);
}

int main(void)
{
    const oc_test_row tests[] = {
        {"readers by name and by what is in them", choice}, {"no such reader", not_there}, {NULL, NULL}};
    return oc_test_main("readers of the driver library", tests);
}
