/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A driver that departs from the standard in every way that a manifest can declare. */

typedef long pin_callback(char *out, int room);

static int is_open;
static char handed_over[16];
static pin_callback *ask;

long iOpenDev(const char *port, const char *reader)
{
    is_open = strcmp(port, "USB1") == 0 && strcmp(reader, "reader 7") == 0;
    return is_open ? 1 : 0;
}

long iCloseDev(void)
{
    fprintf(stderr, "closed\n");
    return is_open-- == 1 ? 1 : 0;
}

long iSetKeypad(pin_callback *callback)
{
    ask = callback;
    return 1;
}

long iPKBInputPIN(const char *pin)
{
    snprintf(handed_over, sizeof handed_over, "%s", pin);
    return 1;
}

/* Nine items, another name, a result of 32 bits. */
int ReadCardBas2(int type, char *out, int size)
{
    snprintf(out, (size_t)size, "1|2|3|4|5|6|7|8|%d|", size);
    return is_open && type == 1 ? 1 : -14;
}

/* The PIN as a parameter, and room for something else. */
long iVerifyPIN(const char *pin, char *noise, int type, char *out)
{
    memset(noise, 'N', 256);
    snprintf(out, 64, "%s %d", pin, type);
    return 1;
}

/* What the call before handed over. */
long iReadCard(int type, int auth, const char *info, const char *address, char *out)
{
    (void)type, (void)auth, (void)info;
    snprintf(out, 64, "%s %s", handed_over, address);
    handed_over[0] = '\0';
    return 1;
}

/* Each entry asked for by the callback. */
long iChangePIN(int type, char *out)
{
    char typed[3][16] = {{0}};
    long lengths[3];
    (void)type;
    for (int i = 0; i < 3; i++) {
        lengths[i] = ask(typed[i], sizeof typed[i]);
    }
    snprintf(out, 64, "%ld %ld %ld %s %s %s", lengths[0], lengths[1], lengths[2], typed[0], typed[1], typed[2]);
    return lengths[0] < 0 ? lengths[0] : 1;
}

/* From the environment, as a program that the driver starts sees it. */
long iReloadPIN(int type, const char *info, char *out)
{
    FILE *program = popen("echo \"$ONECARD_KEYPAD_NEW $ONECARD_KEYPAD_AGAIN ${ONECARD_KEYPAD_PIN-none} $ODD\"", "r");
    (void)type, (void)info;
    if (program == NULL || fgets(out, 64, program) == NULL) {
        return 0;
    }
    pclose(program);
    return 1;
}

/* A null pointer is refused, not followed. */
long iWriteCard(int type, const char *info, const char *address, const char *data, char *out)
{
    (void)type, (void)address, (void)data;
    if (info == NULL || out == NULL) {
        return -14;
    }
    return 1;
}
