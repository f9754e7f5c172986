/* SPDX-License-Identifier: Apache-2.0 */
/* Which defect this library has; OC_DEFECT is its name. */
extern const char *const driver_defect_name;
const char *const driver_defect_name = OC_DEFECT;
