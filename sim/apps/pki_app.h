/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_APPS_PKI_APP_H
#define OC_APPS_PKI_APP_H

#include "sim/card/app.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The certificate application of third-generation cards (ssc-card sheet 9): environment "PKI.社会保障", in it the
 * directory "SS.CERT.ADF1" with PINs, keys and files. Byte sequences are those of two published card writers; what
 * they leave open is marked "choice" (project choice).
 *
 * Files: 0012 and 0013 signature key, 0014 and 0015 enciphering key, each public (CA 40 X || Y) then private
 * (CB 20 number); 0018 and 0019 the certificates, DER and filling. Private key files are read by nobody.
 *
 * Keys and PINs belong to the current directory. Challenges have 8 or 16 bytes; 8 are filled up with zeros.
 *   MASTER KEY            00 82 00 00 10  SM4(MK, challenge)
 *   VERIFY                00 20 01 P2 10  SM4(P, challenge), P = first 16 bytes of SM3(packed PIN); P2 81 the user's,
 *                         00 the administrator's PIN. Without a body: the tries left (choice)
 *   CHANGE PIN            84 5E 01 P2 14  SM4-ECB(P, length || new PIN || 80 00..) || MAC4; P of the old PIN
 *   RELOAD USER PIN       84 5E 00 81 14  the same with P of the administrator's PIN, which has been verified; new tries
 *                         (choice, after P1 00 of PBOC)
 *   LOAD KEY              84 D4 01 00 24  SM4-ECB(MK, 13 00 00 00 || new MK || 80 00..) || MAC4, after MASTER KEY
 *   PREPARE KEY PAIR      80 40 00 00 08  C0 02 public C2 02 private file: the pair that is to be generated
 *   GENERATE KEY PAIR     80 C9 82 00 08  the same; without PREPARE 6985 (choice)
 *   GET PUBLIC KEY        80 C9 82 80     66 bytes, of the pair just generated (6985 when none)
 *   DECIPHER KEY          80 4E 00 01 Lc  C2 02 private file, C1 len X || Y || SM3 || text: answers the text
 *   IMPORT SESSION KEY    80 4A 02 10 12  C1 10 SM4 key
 *   IMPORT PUBLIC KEY     80 C2 40 00 46  C0 02 public file, CA 40 X || Y
 *   IMPORT PRIVATE KEY    80 C2 C0 01 26  C2 02 private file, CB 20 SM4-ECB(session key, number). It has to fit the
 *                         public key that was imported before (6A80), and uses the session key up (choice)
 *   HASH                  80 C4 01 03 Lc  C1 len data: SM3. For everybody
 *   SIGN                  00 2A 9E 9A 20  digest: r || s under 0013 (choice, ISO/IEC 7816-8 11.7)
 *   DECIPHER              00 2A 80 86 Lc  00 X || Y || SM3 || text: the text, under 0015 (choice, ISO/IEC 7816-8 11.11)
 *
 * MAC4: SM4 CBC over header, Lc and data, padded 80 00.., vector the challenge; the four words of the last block XORed.
 * From PREPARE to IMPORT, SIGN and DECIPHER need the user's PIN (6982), or the transport key while the card is
 * personalised; so does UPDATE BINARY of the certificates. The two PIN's and MK's tries count down with every wrong
 * cryptogram (63Cx) or MAC (6988), and up to full with a right one; blocked 6983; no challenge 6984. 6A88: no such PIN
 * or key, or none in the file yet; 6A82: no such file; 6A80: data that do not have the form.
 *
 * The user's PIN holds until the environment is left; master key, administrator's PIN, session key and generated pair
 * until the directory is left. Keys and signatures come from the card's repeatable random numbers. */
extern const oc_card_app oc_pki_app;

/* Bytes of a key file's content. */
#define OC_PKI_PUBLIC_SIZE 66
#define OC_PKI_PRIVATE_SIZE 34

#ifdef __cplusplus
}
#endif
#endif
