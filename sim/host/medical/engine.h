/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_ENGINE_H
#define OC_HOST_MEDICAL_ENGINE_H

#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The settlement: who pays how much of a visit. Pure arithmetic over a region's parameters, which are illustrations.
 * All amounts are fen. */

/* What a fee line comes to. */
typedef struct oc_med_split {
    int64_t sum;       /* det_item_fee_sumamt */
    int64_t outside;   /* fulamt_ownpay_amt: outside the scope */
    int64_t over;      /* overlmt_amt: above the price limit */
    int64_t first;     /* preselfpay_amt: the person's part of class B */
    int64_t scope;     /* inscp_scp_amt */
    const char *level; /* chrgitm_lv */
    unsigned permille; /* selfpay_prop */
    int64_t limit;     /* pric_uplmt_amt; 0: none */
} oc_med_split;

/* `item` NULL, or one that is not for this kind of visit: the person pays. `count` in 10^-4. */
oc_med_split oc_med_split_line(const oc_med_item *item, const char *med_type, int64_t sum, int64_t count);

/* What a person has behind him in the year. */
typedef struct oc_med_year {
    int64_t deductible; /* paid for this kind of visit */
    int64_t pooled;     /* had from the fund for this kind of visit, or for all with a shared ceiling */
    int64_t serious;    /* paid himself inside the scope */
} oc_med_year;

typedef struct oc_med_case {
    const oc_med_benefit *benefit; /* NULL: nothing but the person pays */
    const oc_med_serious *serious; /* or NULL */
    const char *psn_type;
    unsigned level; /* of the institution */
    bool outside;   /* the treatment is outside the insurance's province */
    bool use_account;
    int64_t account; /* balance */
    oc_med_year year;
    oc_med_split total; /* sums over the lines */
} oc_med_case;

typedef struct oc_med_shares {
    int64_t deductible; /* act_pay_dedc */
    int64_t hifp;
    int64_t hifob;
    int64_t hifmi;
    int64_t injury; /* in oth_pay */
    int64_t fund;   /* fund_pay_sumamt */
    int64_t person; /* psn_part_amt */
    int64_t account;
    int64_t cash;
    int64_t balance;   /* of the account, afterwards */
    int64_t ceiling;   /* what the fund may pay in the year; 0 where it has none */
    unsigned permille; /* the fund's rate; pool_prop_selfpay is the rest */
    oc_med_year year;  /* afterwards */
} oc_med_shares;

oc_med_shares oc_med_settle(const oc_med_case *settled);

/* The identities that any settlement keeps (settlement-backend sheet 8, A1 to A6; hosp_part_amt and acct_mulaid_pay 0
 * where absent). Each of the amounts as a message has it. */
typedef struct oc_med_amounts {
    int64_t medfee, outside, over, first, scope;                  /* A1 */
    int64_t hifp, cvlserv, hifes, hifmi, hifob, maf, other, fund; /* A2 */
    int64_t details;                                              /* A3: sum of setldetail[].fund_payamt */
    bool has_details;
    int64_t person, hospital;        /* A4 */
    int64_t account, cash, mutual;   /* A5 */
    int64_t balance_before, balance; /* A6 */
    bool has_balance_before;
} oc_med_amounts;

/* By how much each is broken, A1 first: left side minus right side, 0 where it holds. */
#define OC_MED_IDENTITIES 6
void oc_med_identities_off(const oc_med_amounts *amounts, int64_t off[OC_MED_IDENTITIES]);
/* The first identity that is broken, "A1" to "A6"; NULL when all hold. `off` receives left side minus right side. */
const char *oc_med_broken_identity(const oc_med_amounts *amounts, int64_t *off);

#ifdef __cplusplus
}
#endif
#endif
