/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_INTEGRATION_STANDINS_DRIVER_H
#define OC_TESTS_INTEGRATION_STANDINS_DRIVER_H

/* How a small driver reaches its card: driver_winscard.c or driver_icc.c. */

/* Resets the card and gives its ATR; its length, or a code of the driver interface. */
long driver_open(unsigned char atr[64]);
/* One command; the length of its response (room for 300 bytes), or a code. */
long driver_send(const unsigned char *command, unsigned long len, unsigned char *response);
void driver_close(void);

#endif
