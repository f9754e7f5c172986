/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_SETTINGS_H
#define OC_TERMINAL_SETTINGS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where public drivers differ from each other (ssc-terminal sheet 4.3 to 4.10). The first value of each is the
 * default. */

enum oc_algorithm_text { OC_ALGORITHM_NUMBER /* "01", "03" */, OC_ALGORITHM_NAME /* "DES", "SM4" */ };
/* The bar behind the last item of pKey of iReadCardBas_HSM_Step2, which one province leaves out with SM4 (4.5). */
enum oc_step2_bar { OC_STEP2_BAR_ALWAYS, OC_STEP2_BAR_NOT_SM4 };
enum oc_version_text { OC_VERSION_AS_STORED /* "3.00" */, OC_VERSION_SHORT /* "3.0" */ };
/* iReadCardBas of a third-generation card without a PSAM. */
enum oc_without_psam {
    OC_WITHOUT_PSAM_REFUSED, /* -2201 */
    OC_WITHOUT_PSAM_PART,    /* 0: items 2 and 5, the person's, are empty and item 10 is 12 zeros (which items such
                                drivers leave out is not public: project choice) */
};

#define OC_TERMINAL_DEVICE_MAX 63
#define OC_TERMINAL_PIN_MAX 12

typedef struct oc_terminal_settings {
    unsigned items; /* of iReadCardBas: 11, or 9 without terminal and device number (4.4) */
    enum oc_version_text version_text;
    enum oc_without_psam without_psam;
    char device_number[OC_TERMINAL_DEVICE_MAX + 1]; /* item 11: 32 characters (the value is a project choice) */
    enum oc_algorithm_text algorithm_text;          /* in the strings of the HSM steps (4.6) */
    enum oc_step2_bar step2_bar;
    bool records_oldest_first;  /* iReadDebitRecord; off: newest first, as the card numbers them */
    bool refuses_3f00;          /* off: 3F00EF06 is SSSEEF06 (4.3) */
    bool writes_first_file;     /* iWriteCard takes the first file and leaves the others; off: all (4.3) */
    bool status_is_check_error; /* a status word without a code of its own is -15; off: its negative (4.9) */
    bool keep_open;             /* the device stays open after a call that went well; off: only between steps (4.10) */
    bool type_is_strict;        /* iType 1 takes no contactless card and 2 no card with contacts: -2; off: one slot
                                   serves all four (project choice; the sheet tells the values' meaning alone, 4.3) */
    bool reload_refuses_initial; /* iReloadPIN to the initial PIN is -36 too; off: iChangePIN alone (project choice) */
    char initial_pin[OC_TERMINAL_PIN_MAX + 1]; /* ASCII digits; 123456, what most cards have (ssc-card sheet 7.2) */
} oc_terminal_settings;

oc_terminal_settings oc_terminal_settings_default(void);

#ifdef __cplusplus
}
#endif
#endif
