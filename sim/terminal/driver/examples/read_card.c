/* SPDX-License-Identifier: Apache-2.0 */
/* 读卡示例：读基本信息，再读持卡人数据。Reads the basic information and then some of the holder's data.
 *
 *   cc read_card.c $(pkg-config --cflags --libs SSCardDriver) -o read_card
 *   ./read_card 'SSSEEF06|08|09|$'
 *
 * Strings are GB18030; a terminal that shows UTF-8 wants `| iconv -f GB18030`. */
#include <SSCardDriver.h>
#include <stdio.h>
#include <string.h>

#define CONTACT 1
#define BY_PIN 1
#define ITEMS 11
#define ROOM 1024
#define LONG_ROOM 65536

/* Cuts "a|b|...|" into its items; answers how many there are. */
static int split(char *text, char *items[ITEMS])
{
    int count = 0;
    for (char *end; count < ITEMS && (end = strchr(text, '|')) != NULL; text = end + 1) {
        *end = '\0';
        items[count++] = text;
    }
    return count;
}

static int report(const char *function, long code, const char *text)
{
    fprintf(stderr, "%s: %ld %s\n", function, code, text);
    return 1;
}

int main(int argc, char **argv)
{
    static char out[LONG_ROOM];
    char basic[ROOM];
    char card_info[ROOM];
    char *items[ITEMS];
    char address[] = "SSSEEF06|08|09|$";
    long code = iReadCardBas(CONTACT, basic);
    if (code != 0) {
        return report("iReadCardBas", code, basic);
    }
    int count = split(basic, items);
    if (count < 9) { /* older drivers give nine */
        return report("iReadCardBas", code, "too few items");
    }
    for (int i = 0; i < count; i++) {
        printf("%d %s\n", i + 1, items[i]);
    }
    /* Items 4 and 3 name the card in every later call: another card in the reader is then -22. */
    snprintf(card_info, sizeof card_info, "%s|%s|", items[3], items[2]);
    code = iReadCard(CONTACT, BY_PIN, card_info, argc > 1 ? argv[1] : address, out);
    if (code != 0) {
        return report("iReadCard", code, out);
    }
    printf("%s\n", out);
    return 0;
}
