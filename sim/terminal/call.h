/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_CALL_H
#define OC_TERMINAL_CALL_H

#include "sim/base/terminal_code.h"
#include "sim/crypto/ssc.h"
#include "sim/keys/terminal_keys.h"
#include "sim/link/apdu.h"
#include "sim/terminal/terminal.h"

/* One call of a driver function. Each function is a list of steps (terminal.c); a step that sets `code` ends the call
 * with that return code, one that fails ends it with an error. Every call but a following step begins with a cold
 * reset of the card, as drivers do (ssc-terminal sheet 4.10), so that it does not depend on the one before. */

struct oc_card_facts {
    uint8_t historical[15];
    uint8_t historical_len;
    uint8_t id[16];     /* card id code, EF05 tag 01 */
    char area[7];       /* its first six digits */
    uint8_t version[4]; /* EF05 tag 03 */
    bool first;         /* generation 1.0: keys derived for the city */
    bool third;         /* third generation: SM4 */
    /* Diversification factors (ssc-card sheet 6.3). */
    uint8_t factor[8];
    uint8_t city[8];
    uint8_t province[8];
};

/* A debit or a load under way. */
struct oc_transaction {
    uint8_t index; /* of the purchase or load key */
    uint32_t own;
    uint32_t cash;
    uint32_t pooled;
    uint8_t time[7];
    uint8_t seq[2];
    uint8_t version;
    uint8_t alg;
    uint8_t random[4];
    uint8_t balance[4]; /* load: before */
    uint8_t serial[4];  /* of the terminal */
    uint8_t mac1[4];
    uint8_t tac[4];
    uint8_t mac2[4];
};

/* What is known of the card that is powered on. A step that others follow (functions.h) leaves it, with card and PSAM
 * as they are, to the next one; it ends with any failure and with every function that begins anew. */
struct oc_session {
    const char *last; /* the step that went well and is followed by another; NULL: nothing pending */
    struct oc_card_facts card;
    bool has_psam;
    uint8_t terminal_number[6]; /* from the PSAM; zeros without one */
    struct oc_transaction transaction;
    bool pin_is_initial;                   /* of the PIN that the card found right */
    bool hsm_passed;                       /* the card knows the terminal through the HSM, where there is no PSAM */
    const struct oc_terminal_key *hsm_key; /* HSM steps: the key of Step1, as on this card */
    uint8_t internal[16];                  /* the card's cryptogram of Step1, and the original information */
    uint8_t header[5];                     /* of the command that Step2 asked the HSM to secure */
    oc_fields kept;                        /* what steps keep for each other; wiped at the end */
};

struct oc_call {
    const oc_terminal_parts *parts;
    const oc_terminal_settings *settings;
    struct oc_session *session;
    const oc_fields *args;
    oc_keypad keypad;
    oc_fields *answer;
    oc_diag *diag;
    oc_crypto *crypto; /* of the certificate functions */
    int code;          /* return code of the function, 0 so far */
    oc_buf *response;  /* data of the last exchange; reused from call to call */
    oc_sw sw;          /* its status word */
};

typedef oc_result oc_step(struct oc_call *call);

static inline bool oc_call_ended(const struct oc_call *call)
{
    return call->code != OC_CODE_OK;
}

/* Ends the call with a return code. */
static inline oc_result oc_call_end(struct oc_call *call, int code)
{
    call->code = code;
    return oc_ok();
}

/* Ends the call with the negative of the last status word, or as the settings have it. */
static inline oc_result oc_call_end_sw(struct oc_call *call)
{
    if (oc_call_ended(call)) {
        return oc_ok(); /* silent: there is no status word */
    }
    return oc_call_end(call, call->settings->status_is_check_error ? OC_CODE_CHECK : -(int)call->sw.value);
}

/* Exchanges. `call->sw` and `call->response` tell the outcome; no return code is set. */
/* With parts->silence_is_code a link that fails ends the call. */
OC_MUST_USE oc_result oc_call_card(struct oc_call *call, const oc_apdu *apdu);
OC_MUST_USE oc_result oc_call_reset_card(struct oc_call *call);
OC_MUST_USE oc_result oc_call_reset_psam(struct oc_call *call);
OC_MUST_USE oc_result oc_call_psam(struct oc_call *call, const oc_apdu *apdu);

/* The same, and anything but 9000 with exactly `len` bytes ends the call; OC_ANY_LENGTH takes any. */
#define OC_ANY_LENGTH SIZE_MAX
OC_MUST_USE oc_result oc_call_card_for(struct oc_call *call, const oc_apdu *apdu, size_t len);
OC_MUST_USE oc_result oc_call_psam_for(struct oc_call *call, const oc_apdu *apdu, size_t len);

static inline oc_span oc_call_data(const struct oc_call *call)
{
    return oc_buf_span(call->response);
}

/* SELECT by file identifier or by name on the card. */
OC_MUST_USE oc_result oc_call_select_fid(struct oc_call *call, uint16_t fid);
OC_MUST_USE oc_result oc_call_select_name(struct oc_call *call, oc_span name);

/* Enters the directory of a file, "SSSE" by its name; nothing is sent when it is *current. */
OC_MUST_USE oc_result oc_file_select_directory(struct oc_call *call, uint16_t dir, uint16_t *current);

/* Selects a transparent file and reads all of it: its length is what the card gives. Appends. */
OC_MUST_USE oc_result oc_file_read_binary(struct oc_call *call, uint16_t fid, oc_buf *out);

OC_MUST_USE oc_result oc_call_random(struct oc_call *call, uint8_t *out, size_t len);

/* An argument; empty when absent. */
static inline oc_span oc_call_arg(const struct oc_call *call, const char *name)
{
    return oc_fields_span(call->args, name);
}

/* Steps, by file. */
oc_step oc_step_power_on;      /* entry.c: check "type", reset, ATR */
oc_step oc_step_enter;         /* SELECT the social security environment */
oc_step oc_step_identify;      /* card id code and version, factors */
oc_step oc_step_check_card;    /* "card-info" against the card */
oc_step oc_step_select_df04;   /* the medical application */
oc_step oc_step_psam;          /* psam_side.c: open the PSAM, which must be there */
oc_step oc_step_psam_if_there; /* ... or not, for cards that can do without */
oc_step oc_step_psam_purchase; /* its purchase key index */
oc_step oc_step_auth_card;     /* authenticate.c: internal authentication */
oc_step oc_step_auth_reader;   /* external authentication that third-generation cards ask for */
oc_step oc_step_auth_terminal; /* external authentication with the key of argument "key" */
oc_step oc_step_basic;         /* read_basic.c: the eleven items */
oc_step oc_step_read_files;    /* read_file.c */
oc_step oc_step_make_data;     /* write_file.c: are the values as they should be? */
oc_step oc_step_write_files;
oc_step oc_step_verify_pin;     /* pin.c */
oc_step oc_step_refuse_initial; /* the initial PIN cannot pay */
oc_step oc_step_change_pin;
oc_step oc_step_auth_puk; /* pin_reset.c: external authentication with PUK */
oc_step oc_step_reload_pin;
oc_step oc_step_unblock_pin;
oc_step oc_step_pay_info; /* debit.c */
oc_step oc_step_debit_init;
oc_step oc_step_debit_mac1;
oc_step oc_step_debit;
oc_step oc_step_debit_confirm;
oc_step oc_step_debit_log;
oc_step oc_step_load_args; /* load.c */
oc_step oc_step_load_init;
oc_step oc_step_load_credit;
oc_step oc_step_debit_records; /* debit_record.c */
oc_step oc_step_pki_enter;     /* pki.c: SELECT the certificate application */
oc_step oc_step_pki_verify_pin;
oc_step oc_step_pki_sign;
oc_step oc_step_pki_check;     /* a signature, with the certificate that is given */
oc_step oc_step_hsm_ask_basic; /* hsm_authenticate.c: Step1 of basic reading */
oc_step oc_step_hsm_take_basic;
oc_step oc_step_hsm_ask_read; /* Step1 of the others: which key, and a challenge for it */
oc_step oc_step_hsm_ask_write;
oc_step oc_step_hsm_ask_puk;
oc_step oc_step_hsm_take_external; /* Step2: external authentication with what the HSM made */
oc_step oc_step_hsm_read_files;    /* hsm_files.c */
oc_step oc_step_hsm_make_data;
oc_step oc_step_hsm_write_files;
oc_step oc_step_hsm_ask_reload; /* hsm_pin.c: Step2, what the HSM is to secure */
oc_step oc_step_hsm_ask_unblock;
oc_step oc_step_hsm_send_command; /* Step3 */
oc_step oc_step_hsm_purchase_key; /* hsm_debit.c */
oc_step oc_step_hsm_ask_debit;
oc_step oc_step_hsm_take_debit;
oc_step oc_step_hsm_answer_mac2;

#endif
