/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_STORE_SCHEMA_H
#define OC_HOST_MEDICAL_STORE_SCHEMA_H

/* Marks the file as this program's (project choice, "OCMD"). */
#define OC_MED_STORE_ID 0x4F434D44
#define OC_MED_STORE_VERSION 2

/* The tables of the back-end. Amounts are fen. What must not happen twice is UNIQUE here, so that it cannot, whatever
 * a handler does. */
extern const char oc_med_store_schema[];

#endif
