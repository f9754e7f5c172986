/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <windows.h>

#include "tests/integration/standins/driver.h"

/* Loaded by name, as drivers load the library of the reader that they find. */
static long(__stdcall *open_reader)(char *);
static long(__stdcall *close_reader)(long);
static long(__stdcall *power_on)(long, unsigned char, unsigned char *);
static long(__stdcall *application)(long, unsigned char, long, unsigned char *, unsigned char *);
static long reader;

static int find(HMODULE library, const char *name, void *function, size_t size)
{
    FARPROC found = GetProcAddress(library, name);
    memcpy(function, &found, size);
    return found != NULL;
}

static int load(void)
{
    HMODULE library = LoadLibraryA("SSSE32.dll");
    return library != NULL && find(library, "ICC_Reader_Open", &open_reader, sizeof open_reader) &&
           find(library, "ICC_Reader_Close", &close_reader, sizeof close_reader) &&
           find(library, "ICC_Reader_PowerOn", &power_on, sizeof power_on) &&
           find(library, "ICC_Reader_Application", &application, sizeof application);
}

long driver_open(unsigned char atr[64])
{
    char name[] = "USB1";
    if (!load()) {
        return -5;
    }
    reader = open_reader(name);
    return reader > 0 ? power_on(reader, 0x01, atr) : reader;
}

long driver_send(const unsigned char *command, unsigned long len, unsigned char *response)
{
    unsigned char copy[300];
    memcpy(copy, command, len);
    return application(reader, 0x01, (long)len, copy, response);
}

void driver_close(void)
{
    if (reader > 0) {
        close_reader(reader);
    }
    reader = 0;
}
