/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_TERMINAL_KIT_H
#define OC_TESTS_UNIT_TERMINAL_KIT_H

#include <stdio.h>
#include <stdlib.h>

#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"
#include "sim/terminal/functions.h"
#include "sim/terminal/terminal.h"
#include "tests/support/oc_test.h"
#include "tests/support/oc_variant.h"

/* A terminal with a virtual card and PSAM, both issued from a profile of vectors/cards/. */
struct kit {
    oc_crypto *crypto;
    oc_profile *profile;
    oc_card_os *card_os;
    oc_card_os *psam_os;
    oc_card *card;
    oc_card *psam;
    oc_link *card_link;
    oc_link *psam_link;
    oc_clock clock;
    oc_random random;
    oc_key_provider keys;
    oc_keypad keypad;
    const oc_terminal_settings *settings;
    bool silence_is_code;
    oc_terminal *terminal;
    oc_fields args;
    oc_fields answer;
    /* "card identifier|card number|" of the card's own */
    char card_info[64];
    char pin[16];
    char psam_number[16];
};

static const char *const kit_profiles[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml"};
#define KIT_GENERATIONS 2

/* Every profile that is issued. */
static const char *const kit_all_profiles[] = {"vectors/cards/ssc-1.0.xml",  "vectors/cards/ssc-2.0.xml",
                                               "vectors/cards/ssc-2.01.xml", "vectors/cards/ssc-2.0-rk.xml",
                                               "vectors/cards/ssc-3.0.xml",  "vectors/cards/ssc-3.0-t1.xml"};
#define KIT_ALL 6

static inline void kit_print(const oc_profile *profile, const char *reference, char *out, size_t room)
{
    oc_buf value = {0};
    OC_ASSERT_OK(oc_profile_value(profile, reference, &value));
    size_t used = 0;
    for (size_t i = 0; i < value.len; i++) {
        used += (size_t)snprintf(out + used, room - used, "%02X", value.at[i]);
    }
    oc_buf_free(&value);
}

static inline void kit_learn(struct kit *kit)
{
    char id[40];
    oc_buf number = {0};
    kit_print(kit->profile, "SSSE/EF05/01", id, sizeof id);
    OC_ASSERT_OK(oc_profile_value(kit->profile, "SSSE/EF05/07", &number));
    snprintf(kit->card_info, sizeof kit->card_info, "%s|%.*s|", id, (int)number.len, (const char *)number.at);
    oc_buf_free(&number);
    kit_print(kit->profile, "pin", kit->pin, sizeof kit->pin);
    kit_print(kit->profile, "terminal", kit->psam_number, sizeof kit->psam_number);
}

/* Puts a terminal on the links; `psam` may be NULL. */
static inline void kit_terminal(struct kit *kit, oc_link *card, oc_link *psam)
{
    oc_terminal_free(&kit->terminal);
    oc_terminal_parts parts = {.card = card,
                               .psam = psam,
                               .clock = &kit->clock,
                               .random = &kit->random,
                               .load_keys = kit->keys,
                               .keypad = kit->keypad,
                               .settings = kit->settings,
                               .silence_is_code = kit->silence_is_code};
    OC_ASSERT_OK(oc_terminal_new(&kit->terminal, &parts));
}

static inline void kit_issue(struct kit *kit, bool initial_pin, enum oc_issue_fault fault)
{
    oc_link_free(&kit->card_link);
    oc_card_free(&kit->card);
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_issuer_make_blank(&kit->card, kit->card_os, kit->crypto, kit->profile, &diag));
    OC_ASSERT_OK(oc_link_inproc(&kit->card_link, oc_card_endpoint(kit->card)));
    oc_issue_order order = {.profile = kit->profile, .initial_pin = initial_pin, .fault = fault};
    oc_result r = oc_issuer_issue(kit->card_link, kit->crypto, &order, &diag);
    CU_ASSERT_STRING_EQUAL(diag.reason, "");
    OC_ASSERT_OK(r);
    kit_terminal(kit, kit->card_link, kit->psam_link);
}

static inline void kit_open_variant(struct kit *kit, const char *profile, const oc_variant_change *changes,
                                    size_t count)
{
    *kit = (struct kit){.clock = oc_clock_default()};
    oc_diag diag = {0};
    oc_random_init(&kit->random, 7, "terminal");
    OC_ASSERT_OK(oc_crypto_new(&kit->crypto));
    OC_ASSERT_OK(oc_variant_load(&kit->profile, profile, changes, count, &diag));
    CU_ASSERT_STRING_EQUAL(diag.reason, "");
    OC_ASSERT_OK(oc_profile_key_provider(&kit->keys, kit->profile, kit->crypto));
    OC_ASSERT_OK(oc_issuer_card_os(&kit->card_os));
    OC_ASSERT_OK(oc_issuer_psam_os(&kit->psam_os));
    OC_ASSERT_OK(oc_issuer_make_psam(&kit->psam, kit->psam_os, kit->crypto, kit->profile, &diag));
    OC_ASSERT_OK(oc_link_inproc(&kit->psam_link, oc_card_endpoint(kit->psam)));
    kit_learn(kit);
    kit_issue(kit, false, OC_ISSUE_RIGHT);
}

static inline void kit_open(struct kit *kit, const char *profile)
{
    kit_open_variant(kit, profile, NULL, 0);
}

static inline void kit_close(struct kit *kit)
{
    oc_terminal_free(&kit->terminal);
    oc_link_free(&kit->card_link);
    oc_link_free(&kit->psam_link);
    oc_card_free(&kit->card);
    oc_card_free(&kit->psam);
    oc_card_os_free(&kit->card_os);
    oc_card_os_free(&kit->psam_os);
    oc_key_provider_close(&kit->keys);
    oc_profile_free(&kit->profile);
    oc_crypto_free(&kit->crypto);
    oc_fields_free(&kit->args);
    oc_fields_free(&kit->answer);
}

static inline void kit_arg(struct kit *kit, const char *name, const char *value)
{
    OC_ASSERT_OK(oc_fields_set_text(&kit->args, name, value));
}

/* Calls with the arguments set so far, forgets them, answers the return code. */
static inline int kit_call(struct kit *kit, const char *function)
{
    oc_diag diag = {0};
    oc_result r = oc_terminal_call(kit->terminal, function, &kit->args, &kit->answer, &diag);
    CU_ASSERT_STRING_EQUAL(diag.reason, "");
    OC_ASSERT_OK(r);
    oc_fields_free(&kit->args);
    oc_span code = oc_fields_span(&kit->answer, "code");
    char text[16] = {0};
    CU_ASSERT_TRUE_FATAL(code.len > 0 && code.len < sizeof text);
    memcpy(text, code.at, code.len);
    int value = atoi(text);
    CU_ASSERT_EQUAL(value == 0, oc_fields_get(&kit->answer, "text") == NULL);
    return value;
}

static inline bool kit_says(const struct kit *kit, const char *name, const char *value)
{
    return oc_span_equal(oc_fields_span(&kit->answer, name), oc_span_text(value));
}

/* pOutInfo of the last call, NUL-terminated. */
static inline void kit_keep_out(const struct kit *kit, oc_buf *out)
{
    OC_ASSERT_OK(oc_buf_set(out, oc_fields_span(&kit->answer, "out")));
    OC_ASSERT_OK(oc_buf_append_byte(out, 0));
}

static inline int kit_read(struct kit *kit, const char *auth, const char *file_addr)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "auth", auth);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "file-addr", file_addr);
    kit_arg(kit, "pin", kit->pin);
    return kit_call(kit, "iReadCard");
}

static inline int kit_write(struct kit *kit, const char *file_addr, const char *data)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "file-addr", file_addr);
    kit_arg(kit, "write-data", data);
    return kit_call(kit, "iWriteCard");
}

static inline int kit_load(struct kit *kit, const char *fen)
{
    OC_ASSERT_OK(oc_fields_set(&kit->args, "amount", oc_test_hex(fen)));
    kit_arg(kit, "pin", kit->pin);
    return kit_call(kit, "iLoad");
}

static inline int kit_debit(struct kit *kit, const char *pay_info)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", pay_info);
    if (oc_fields_get(&kit->args, "pin") == NULL) {
        kit_arg(kit, "pin", kit->pin);
    }
    return kit_call(kit, "iDoDebit");
}

#endif
