/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The project's own driver behind a front that departs from the standard wherever departing_driver.xml says so: what it
 * does is right, only the way to call it is its own. */

typedef long by_type(int type, char *out);
typedef long by_address(int type, int auth, const char *info, const char *address, char *out);
typedef long by_data(int type, const char *info, const char *address, const char *data, char *out);
typedef long by_info(int type, const char *info, char *out);
typedef long by_payment(int type, const char *info, const char *payment, char *out);

static void *driver;
static int is_open;

/* Copies the address of the function to where a pointer of its kind lies. */
static int find(const char *name, void *function)
{
    void *symbol = driver == NULL ? NULL : dlsym(driver, name);
    memcpy(function, &symbol, sizeof symbol);
    return is_open && symbol != NULL;
}

/* Success is 1, in 32 bits. */
static int result_of(long code)
{
    return code == 0 ? 1 : (int)code;
}

int iOpenDev(const char *port)
{
    driver = dlopen(OC_DRIVER, RTLD_NOW | RTLD_LOCAL);
    is_open = driver != NULL && strcmp(port, "USB1") == 0;
    return is_open;
}

int iCloseDev(void)
{
    return is_open ? 1 : 0;
}

int iPKBInputPIN(const char *pin)
{
    return pin != NULL ? 1 : 0;
}

/* Nine items. */
int ReadCardBas2(int type, char *out, int size)
{
    by_type *read;
    if (!find("iReadCardBas", &read) || size != 1024) {
        return 0;
    }
    long code = read(type, out);
    char *end = out;
    for (int items = 0; code == 0 && items < 9 && end != NULL; items++) {
        end = strchr(end, '|');
        end = end == NULL ? NULL : end + 1;
    }
    if (code == 0 && end != NULL) {
        *end = '\0';
    }
    return result_of(code);
}

int iVerifyPIN(int type, const char *pin, char *out)
{
    by_type *verify;
    (void)pin; /* the same as on the key pad */
    return find("iVerifyPIN", &verify) ? result_of(verify(type, out)) : 0;
}

int iChangePIN(int type, char *out)
{
    by_type *change;
    return find("iChangePIN", &change) ? result_of(change(type, out)) : 0;
}

int iReadCard(int type, int auth, const char *info, const char *address, char *out)
{
    by_address *read;
    return find("iReadCard", &read) ? result_of(read(type, auth, info, address, out)) : 0;
}

int iWriteCard(int type, const char *info, const char *address, const char *data, char *out)
{
    by_data *write;
    return find("iWriteCard", &write) ? result_of(write(type, info, address, data, out)) : 0;
}

int iReloadPIN(int type, const char *info, char *out)
{
    by_info *reload;
    return find("iReloadPIN", &reload) ? result_of(reload(type, info, out)) : 0;
}

int iUnblockPIN(int type, const char *info, char *out)
{
    by_info *unblock;
    return find("iUnblockPIN", &unblock) ? result_of(unblock(type, info, out)) : 0;
}

int iDoDebit(int type, const char *info, const char *payment, char *out)
{
    by_payment *debit;
    return find("iDoDebit", &debit) ? result_of(debit(type, info, payment, out)) : 0;
}
