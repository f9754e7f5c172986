/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_DRIVERS_DRIVER_DEFECT_H
#define OC_TESTS_MUTANTS_DRIVERS_DRIVER_DEFECT_H

#include "sim/base/terminal_code.h"
#include "sim/link/apdu.h"
#include "sim/terminal/driver/session.h"
#include "sim/terminal/terminal.h"

/* A driver library with one defect: libSSCardDriver.so is linked with some of its functions wrapped (wrap.c), and a
 * wrapper asks the defect, whose name was compiled in, what to do instead. */

/* The exported functions: the rest of the driver is right_serve. */
typedef long defect_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out);
long right_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out);
/* Its place; `count` when there is none of that name. */
size_t find_argument(const oc_driver_argument *arguments, size_t count, const char *name);

/* What goes to card or PSAM: the right way is right_exchange. */
struct driver_exchange {
    oc_link *link;
    bool is_psam;
    const char *function; /* under way */
    const oc_apdu *apdu;
    oc_buf *data;
    oc_sw *sw;
    oc_diag *diag;
};
typedef oc_result defect_exchange(const struct driver_exchange *exchange);
oc_result right_exchange(const struct driver_exchange *exchange);
/* Answers without asking anybody. */
oc_result make_answer(const struct driver_exchange *exchange, const void *data, size_t len);

/* Instructions */
enum {
    VERIFY = 0x20,
    INITIALIZE = 0x28,
    DEBIT = 0x2C,
    CHANGE_PIN = 0x5E,
    PSAM_INIT_PURCHASE = 0x70,
    PSAM_CHECK_MAC2 = 0x72,
    EXTERNAL_AUTH = 0x82,
    GET_CHALLENGE = 0x84,
    INTERNAL_AUTH = 0x88,
    READ_RECORD = 0xB2,
    UPDATE_RECORD = 0xDC
};

struct driver_defect {
    const char *name;
    defect_serve *serve;       /* or NULL */
    defect_exchange *exchange; /* or NULL */
    bool random_is_fixed;
    bool cryptogram_is_taken; /* whatever the card's internal authentication gives is right */
    bool again_is_new;        /* the second entry is not asked for */
    bool no_pin_is_initial;
    bool links_stay;          /* card and PSAM are opened and reset once */
    bool failure_leaves_open; /* they are not closed after a call that failed */
};

/* In defects_*.c; they end with a row without a name. */
extern const struct driver_defect driver_output_defects[];
extern const struct driver_defect driver_pin_defects[];
extern const struct driver_defect driver_debit_defects[];
extern const struct driver_defect driver_card_defects[];
extern const struct driver_defect driver_hsm_defects[];
extern const struct driver_defect driver_threads_defects[];

/* The PIN that was typed last, as digits. */
const char *typed_pin(void);

#endif
