/* SPDX-License-Identifier: Apache-2.0 */
/* 加密机方式示例：各步骤的字符串写到标准输出，加密机的答复从标准输入读取。
 * The HSM's way: what is for the HSM goes to standard output, a line each, and its pKey is read from standard input.
 *
 *   cc hsm_card.c $(pkg-config --cflags --libs SSCardDriver) -o hsm_card
 *   ./ask_hsm.sh http://127.0.0.1:8090 ./hsm_card read 'SSSEEF08|$'
 *
 *   hsm_card basic | read FILE-ADDR | write FILE-ADDR WRITE-DATA | reload-pin | unblock-pin | debit PAY-INFO
 *
 * A line for the HSM is "hsm MESSAGE JSON"; the others are results. PINs are typed on the driver's key pad. */
#include <SSCardDriver.h>
#include <stdio.h>
#include <string.h>

#define CONTACT 1
#define ITEMS 9 /* older drivers give no more */
#define ROOM 1024
#define LONG_ROOM 65536

/* What the HSM is told a key is wanted for */
#define READING "01"
#define PIN "02"
#define WRITING "04"
#define PAYING "07"

static char out[LONG_ROOM];
static char pkey[ROOM];
static char card_id[ROOM];
static char card_atr[ROOM];
static char card_info[ROOM];

static int failed(const char *function, long code)
{
    if (code != 0) {
        fprintf(stderr, "%s: %ld %s\n", function, code, out);
    }
    return code != 0;
}

/* Sends `out`, which is hex, digits and bars, and reads pkey. Without an answer pkey is "": the next step then fails,
 * and the driver lets go of the card. */
static void ask(const char *message, const char *field, const char *business)
{
    printf("hsm %s {\"%s\":\"%s\"", message, field, out);
    if (card_id[0] != '\0') {
        printf(",\"card-id\":\"%s\",\"atr\":\"%s\"", card_id, card_atr);
    }
    if (business != NULL) {
        printf(",\"business\":\"%s\"", business);
    }
    puts("}");
    fflush(stdout);
    if (fgets(pkey, sizeof pkey, stdin) == NULL) {
        pkey[0] = '\0';
    }
    pkey[strcspn(pkey, "\r\n")] = '\0';
}

/* Keeps card identifier, reset information and pCardInfo of the eleven items. */
static int keep_card(const char *basic)
{
    char items[ITEMS][ROOM];
    for (int i = 0; i < ITEMS; i++) {
        size_t len = strcspn(basic, "|");
        if (len >= ROOM || basic[len] == '\0') {
            fprintf(stderr, "iReadCardBas_HSM_Step2: too few items\n");
            return 1;
        }
        memcpy(items[i], basic, len);
        items[i][len] = '\0';
        basic += len + 1;
    }
    strcpy(card_id, items[3]);
    strcpy(card_atr, items[5]);
    return snprintf(card_info, sizeof card_info, "%s|%s|", items[3], items[2]) >= ROOM;
}

static int read_basic(void)
{
    if (failed("iReadCardBas_HSM_Step1", iReadCardBas_HSM_Step1(CONTACT, out))) {
        return 1;
    }
    ask("basic", "step1", NULL);
    return failed("iReadCardBas_HSM_Step2", iReadCardBas_HSM_Step2(pkey, out)) || keep_card(out);
}

static int read_files(char *address)
{
    if (failed("iReadCard_HSM_Step1", iReadCard_HSM_Step1(CONTACT, card_info, address, out))) {
        return 1;
    }
    ask("external", "step1", READING);
    return failed("iReadCard_HSM_Step2", iReadCard_HSM_Step2(pkey, out));
}

static int write_files(char *address, char *data)
{
    if (failed("iWriteCard_HSM_Step1", iWriteCard_HSM_Step1(CONTACT, card_info, address, out))) {
        return 1;
    }
    ask("external", "step1", WRITING);
    return failed("iWriteCard_HSM_Step2", iWriteCard_HSM_Step2(pkey, data, out));
}

static int reload_pin(void)
{
    if (failed("iReloadPIN_HSM_Step1", iReloadPIN_HSM_Step1(CONTACT, card_info, out))) {
        return 1;
    }
    ask("external", "step1", PIN);
    if (failed("iReloadPIN_HSM_Step2", iReloadPIN_HSM_Step2(pkey, out))) {
        return 1;
    }
    ask("secure-message", "step2", NULL);
    return failed("iReloadPIN_HSM_Step3", iReloadPIN_HSM_Step3(pkey, out));
}

static int unblock_pin(void)
{
    if (failed("iUnblockPIN_HSM_Step1", iUnblockPIN_HSM_Step1(CONTACT, card_info, out))) {
        return 1;
    }
    ask("external", "step1", PIN);
    if (failed("iUnblockPIN_HSM_Step2", iUnblockPIN_HSM_Step2(pkey, out))) {
        return 1;
    }
    ask("secure-message", "step2", NULL);
    return failed("iUnblockPIN_HSM_Step3", iUnblockPIN_HSM_Step3(pkey, out));
}

static int pay(char *pay_info)
{
    if (failed("iDoDebit_HSM_Step1", iDoDebit_HSM_Step1(CONTACT, card_info, pay_info, out))) {
        return 1;
    }
    ask("debit", "step1", PAYING);
    return failed("iDoDebit_HSM_Step2", iDoDebit_HSM_Step2(pkey, out));
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (read_basic() != 0) {
        return 1;
    }
    if (strcmp(command, "basic") == 0) {
        puts(out);
        return 0;
    }
    int wrong = 2;
    if (strcmp(command, "read") == 0 && argc == 3) {
        wrong = read_files(argv[2]);
    } else if (strcmp(command, "write") == 0 && argc == 4) {
        wrong = write_files(argv[2], argv[3]);
    } else if (strcmp(command, "reload-pin") == 0) {
        wrong = reload_pin();
    } else if (strcmp(command, "unblock-pin") == 0) {
        wrong = unblock_pin();
    } else if (strcmp(command, "debit") == 0 && argc == 3) {
        wrong = pay(argv[2]);
    }
    if (wrong == 0) {
        puts(out);
    }
    return wrong;
}
