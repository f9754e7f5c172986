/* SPDX-License-Identifier: Apache-2.0 */
/* A program that knows nothing of this project, with a reader maker's prototypes: it loads a stand-in as a driver does
 * and uses it, on Linux and on Windows. Usage: probe icc|dc|dc-seat|winscard LIBRARY. A card server has to serve an
 * issued card of T=0 in the first user slot and a PSAM. The last line counts; exit code 0: everything held. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <windows.h>
#include <winscard.h>
#define CALL __stdcall
typedef HANDLE dc_handle;
#define DC_NUMBER(handle) ((long)(INT_PTR)(handle))
static HMODULE library;
static void *find(const char *name)
{
    return (void *)(INT_PTR)GetProcAddress(library, name);
}
static int load(const char *path)
{
    library = LoadLibraryA(path);
    return library != NULL;
}
#else
#include <dlfcn.h>
#define CALL
typedef int dc_handle;
#define DC_NUMBER(handle) ((long)(handle))
static void *library;
static void *find(const char *name)
{
    return dlsym(library, name);
}
static int load(const char *path)
{
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return library != NULL;
}
#endif

typedef unsigned char byte;

static int passed;
static int failed;

static void check(int holds, const char *what, long got)
{
    passed += holds ? 1 : 0;
    failed += holds ? 0 : 1;
    if (!holds) {
        printf("does not hold: %s (%ld)\n", what, got);
    }
}

#define HOLDS(condition, got)                                                                                         \
    do {                                                                                                              \
        int holds = (condition);                                                                                      \
        check(holds, #condition, (long)(got));                                                                        \
    } while (0)

/* FUNCTION(result, name, parameters): a function pointer of that name, found in the library. */
#define FUNCTION(result, name, parameters)                                                                            \
    typedef result(CALL *name##_type) parameters;                                                                     \
    name##_type name = NULL;                                                                                          \
    void *name##_found = find(#name);                                                                                 \
    memcpy(&name, &name##_found, sizeof name);                                                                        \
    check(name != NULL, "the library exports " #name, 0);                                                             \
    if (name == NULL) {                                                                                               \
        return;                                                                                                       \
    }

static byte SELECT[] = "\x00\xA4\x04\x00\x0F\x73\x78\x31\x2E\x73\x68\x2E\xC9\xE7\xBB\xE1\xB1\xA3\xD5\xCF";
#define SELECT_LEN 20
static byte CHALLENGE[] = {0x00, 0x84, 0x00, 0x00, 0x08};

static void probe_icc(void)
{
    FUNCTION(long, ICC_Reader_Open, (char *))
    FUNCTION(long, ICC_Reader_Close, (long))
    FUNCTION(long, ICC_Reader_PowerOn, (long, byte, byte *))
    FUNCTION(long, ICC_Reader_PowerOff, (long, byte))
    FUNCTION(long, ICC_Reader_GetStatus, (long, byte))
    FUNCTION(long, ICC_Reader_Application, (long, byte, long, byte *, byte *))
    FUNCTION(long, ICC_Reader_Libinfo, (char *))
    FUNCTION(long, PICC_Reader_PowerOnTypeA, (long, byte *))
    FUNCTION(long, PICC_Reader_Application, (long, long, byte *, byte *))
    char name[] = "USB1";
    char none[] = "";
    byte out[300];
    char text[100] = "";
    long n;
    HOLDS((n = ICC_Reader_PowerOn(1, 1, out)) == -12, n);
    HOLDS((n = ICC_Reader_Open(none)) == -14, n);
    long reader = ICC_Reader_Open(name);
    HOLDS(reader > 0, reader);
    HOLDS((n = ICC_Reader_Open(name)) == -11, n);
    HOLDS((n = ICC_Reader_GetStatus(reader, 1)) == -3, n);
    HOLDS((n = ICC_Reader_Application(reader, 1, 5, CHALLENGE, out)) == -3, n);
    HOLDS((n = ICC_Reader_PowerOn(reader, 1, out)) == 17 && out[0] == 0x3B, n);
    HOLDS((n = ICC_Reader_GetStatus(reader, 1)) == 0, n);
    HOLDS((n = ICC_Reader_Application(reader, 1, SELECT_LEN, SELECT, out)) == 2 && out[0] == 0x61, n);
    HOLDS((n = ICC_Reader_Application(reader, 1, 5, CHALLENGE, out)) == 10 && out[8] == 0x90, n);
    HOLDS((n = ICC_Reader_Application(reader, 1, 3, CHALLENGE, out)) == -14, n);
    HOLDS((n = ICC_Reader_PowerOn(reader, 0x11, out)) == 17 && out[0] == 0x3B, n);
    HOLDS((n = ICC_Reader_Application(reader, 0x11, 5, CHALLENGE, out)) == 10 && out[8] == 0x90, n);
    HOLDS((n = ICC_Reader_PowerOn(reader, 0x12, out)) == -14, n);
    HOLDS((n = ICC_Reader_PowerOn(reader, 0x00, out)) == -14, n);
    HOLDS((n = ICC_Reader_PowerOff(reader, 1)) == 0, n);
    HOLDS((n = ICC_Reader_GetStatus(reader, 1)) == -3, n);
    HOLDS((n = PICC_Reader_PowerOnTypeA(reader, out)) == -14, n);
    HOLDS((n = PICC_Reader_Application(reader, 5, CHALLENGE, out)) == -14, n);
    HOLDS((n = ICC_Reader_Libinfo(text)) == 0 && text[0] != '\0', n);
    HOLDS((n = ICC_Reader_Close(reader)) == 0, n);
    HOLDS((n = ICC_Reader_Close(reader)) == -12, n);
    HOLDS((n = ICC_Reader_GetStatus(reader, 1)) == -12, n);
}

static void probe_dc(void)
{
    FUNCTION(dc_handle, dc_init, (short, long))
    FUNCTION(short, dc_exit, (dc_handle))
    FUNCTION(short, dc_beep, (dc_handle, unsigned short))
    FUNCTION(short, dc_setcpu, (dc_handle, byte))
    FUNCTION(short, dc_setcpupara, (dc_handle, byte, byte, byte))
    FUNCTION(short, dc_cpureset, (dc_handle, byte *, byte *))
    FUNCTION(short, dc_cpuapdu, (dc_handle, byte, byte *, byte *, byte *))
    FUNCTION(short, dc_cpuapdusource, (dc_handle, byte, byte *, byte *, byte *))
    FUNCTION(short, dc_cpudown, (dc_handle))
    FUNCTION(short, dc_reset, (dc_handle, unsigned short))
    FUNCTION(short, dc_card_double, (dc_handle, byte, byte *))
    FUNCTION(short, dc_pro_reset, (dc_handle, byte *, byte *))
    FUNCTION(short, dc_pro_command, (dc_handle, byte, byte *, byte *, byte *, byte))
    byte out[300];
    byte len = 0;
    short n;
    dc_handle reader = dc_init(100, 115200);
    HOLDS(DC_NUMBER(reader) >= 0, DC_NUMBER(reader));
    HOLDS((n = dc_beep(reader, 10)) == 0, n);
    HOLDS((n = dc_cpuapdu(reader, 5, CHALLENGE, &len, out)) == -3, n);
    HOLDS((n = dc_cpureset(reader, &len, out)) == 0 && len == 17 && out[0] == 0x3B, n);
    HOLDS((n = dc_cpuapdu(reader, SELECT_LEN, SELECT, &len, out)) == 0 && len == 2 && out[0] == 0x61, n);
    HOLDS((n = dc_setcpu(reader, 0x0D)) == 0, n);
    HOLDS((n = dc_setcpupara(reader, 0x0D, 0, 0x5C)) == 0, n);
    HOLDS((n = dc_cpureset(reader, &len, out)) == 0 && len == 17, n);
    HOLDS((n = dc_cpuapdusource(reader, 5, CHALLENGE, &len, out)) == 0 && len == 10, n);
    HOLDS((n = dc_setcpu(reader, 0x0E)) == -14, n);
    HOLDS((n = dc_setcpu(reader, 0x0C)) == 0, n);
    HOLDS((n = dc_cpuapdu(reader, 5, CHALLENGE, &len, out)) == 0 && len == 10, n);
    HOLDS((n = dc_cpudown(reader)) == 0, n);
    HOLDS((n = dc_cpuapdu(reader, 5, CHALLENGE, &len, out)) == -3, n);
    HOLDS((n = dc_reset(reader, 5)) == -14, n);
    HOLDS((n = dc_card_double(reader, 0, out)) == -14, n);
    HOLDS((n = dc_pro_reset(reader, &len, out)) == -14, n);
    HOLDS((n = dc_pro_command(reader, 5, CHALLENGE, &len, out, 7)) == -14, n);
    HOLDS((n = dc_exit(reader)) == 0, n);
    HOLDS((n = dc_exit(reader)) == -12, n);
    HOLDS((n = dc_beep(reader, 10)) == -12, n);
}

static void probe_dc_seat(void)
{
    FUNCTION(dc_handle, dc_init, (short, long))
    FUNCTION(long, dc_exit, (dc_handle))
    FUNCTION(long, dc_cpureset, (dc_handle, byte, byte, byte, byte *, byte *, byte *))
    FUNCTION(long, dc_cpuapdu, (dc_handle, byte, byte, byte *, byte *, byte *, byte))
    byte out[300];
    byte len = 0;
    byte protocol = 9;
    dc_handle reader = dc_init(100, 115200);
    HOLDS(DC_NUMBER(reader) >= 0, DC_NUMBER(reader));
    HOLDS(dc_cpureset(reader, 0x0C, 0, 0, &len, out, &protocol) == 0 && len == 17 && protocol == 0, protocol);
    HOLDS(dc_cpuapdu(reader, 0x0C, 5, CHALLENGE, &len, out, 0) == 0 && len == 10, len);
    HOLDS(dc_cpureset(reader, 0x0D, 0, 0, &len, out, &protocol) == 0 && len == 17, len);
    HOLDS(dc_exit(reader) == 0, 0);
}

#if defined(_WIN32)
static void probe_winscard(void)
{
    FUNCTION(LONG, SCardEstablishContext, (DWORD, LPCVOID, LPCVOID, LPSCARDCONTEXT))
    FUNCTION(LONG, SCardReleaseContext, (SCARDCONTEXT))
    FUNCTION(LONG, SCardListReadersA, (SCARDCONTEXT, LPCSTR, LPSTR, LPDWORD))
    FUNCTION(LONG, SCardListReadersW, (SCARDCONTEXT, LPCWSTR, LPWSTR, LPDWORD))
    FUNCTION(LONG, SCardConnectA, (SCARDCONTEXT, LPCSTR, DWORD, DWORD, LPSCARDHANDLE, LPDWORD))
    FUNCTION(LONG, SCardConnectW, (SCARDCONTEXT, LPCWSTR, DWORD, DWORD, LPSCARDHANDLE, LPDWORD))
    FUNCTION(LONG, SCardDisconnect, (SCARDHANDLE, DWORD))
    FUNCTION(LONG, SCardStatusW, (SCARDHANDLE, LPWSTR, LPDWORD, LPDWORD, LPDWORD, LPBYTE, LPDWORD))
    FUNCTION(LONG, SCardTransmit,
             (SCARDHANDLE, LPCSCARD_IO_REQUEST, LPCBYTE, DWORD, LPSCARD_IO_REQUEST, LPBYTE, LPDWORD))
    FUNCTION(LONG, SCardGetStatusChangeA, (SCARDCONTEXT, DWORD, LPSCARD_READERSTATEA, DWORD))
    FUNCTION(LONG, SCardGetStatusChangeW, (SCARDCONTEXT, DWORD, LPSCARD_READERSTATEW, DWORD))
    FUNCTION(LONG, SCardFreeMemory, (SCARDCONTEXT, LPCVOID))
    FUNCTION(HANDLE, SCardAccessStartedEvent, (void))
    const SCARD_IO_REQUEST *t0 = find("g_rgSCardT0Pci");
    HOLDS(t0 != NULL && t0->dwProtocol == SCARD_PROTOCOL_T0 && t0->cbPciLength == 8, 0);
    if (t0 == NULL) {
        return;
    }
    SCARDCONTEXT context = 0;
    SCARDHANDLE card = 0;
    DWORD protocol = 0;
    DWORD len;
    DWORD state = 0;
    LONG n;
    char *names = NULL;
    WCHAR wide[200];
    byte out[300];
    HOLDS(WaitForSingleObject(SCardAccessStartedEvent(), 0) == WAIT_OBJECT_0, 0);
    HOLDS((n = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context)) == 0, n);
    len = SCARD_AUTOALLOCATE;
    HOLDS((n = SCardListReadersA(context, NULL, (LPSTR)&names, &len)) == 0, n);
    if (n != 0) {
        return;
    }
    SCARD_READERSTATEA now = {.szReader = names};
    HOLDS((n = SCardGetStatusChangeA(context, 0, &now, 1)) == 0, n);
    HOLDS((now.dwEventState & SCARD_STATE_PRESENT) != 0 && now.cbAtr == 17, now.cbAtr);
    HOLDS((n = SCardConnectA(context, names, SCARD_SHARE_SHARED, 3, &card, &protocol)) == 0 && protocol == 1, n);
    len = sizeof out;
    HOLDS((n = SCardTransmit(card, t0, SELECT, SELECT_LEN, NULL, out, &len)) == 0 && len == 2 && out[0] == 0x61, n);
    HOLDS((n = SCardDisconnect(card, SCARD_UNPOWER_CARD)) == 0, n);
    HOLDS((n = SCardFreeMemory(context, names)) == 0, n);
    len = sizeof wide / sizeof wide[0];
    HOLDS((n = SCardListReadersW(context, NULL, wide, &len)) == 0, n);
    SCARD_READERSTATEW wide_now = {.szReader = wide};
    HOLDS((n = SCardGetStatusChangeW(context, 0, &wide_now, 1)) == 0, n);
    HOLDS((n = SCardConnectW(context, wide, SCARD_SHARE_EXCLUSIVE, 3, &card, &protocol)) == 0, n);
    WCHAR name[100];
    DWORD name_len = 100;
    len = sizeof out;
    HOLDS((n = SCardStatusW(card, name, &name_len, &state, &protocol, out, &len)) == 0, n);
    HOLDS(state == SCARD_SPECIFIC && len == 17 && lstrcmpW(name, wide) == 0, state);
    HOLDS((n = SCardDisconnect(card, SCARD_LEAVE_CARD)) == 0, n);
    HOLDS((n = SCardReleaseContext(context)) == 0, n);
}
#endif

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } rows[] = {
        {"icc", probe_icc},
        {"dc", probe_dc},
        {"dc-seat", probe_dc_seat},
#if defined(_WIN32)
        {"winscard", probe_winscard},
#endif
        {NULL, NULL}
    };
    if (argc != 3 || !load(argv[2])) {
        fprintf(stderr, "%s cannot be loaded\n", argc == 3 ? argv[2] : "nothing");
        return 2;
    }
    for (size_t i = 0; rows[i].name != NULL; i++) {
        if (strcmp(argv[1], rows[i].name) == 0) {
            rows[i].run();
        }
    }
    printf("%s, %d bits: %d passed, %d failed\n", argv[1], (int)sizeof(void *) * 8, passed, failed);
    return passed > 0 && failed == 0 ? 0 : 1;
}
