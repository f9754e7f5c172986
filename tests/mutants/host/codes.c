/* SPDX-License-Identifier: Apache-2.0 */
/* Electronic cards: identity checks, bindings, codes, vouchers. */
#include "tests/mutants/host/change.h"

#define SQL(...)                                                                                                      \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .sql = { __VA_ARGS__ }                                                                                        \
    }
#define FLAW(word)                                                                                                    \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .code_flaw = word                                                                                             \
    }

static const struct mutant rows[] = {
    {.id = "host.ecard.code-twice",
     SQL({"UPDATE shown SET used = 1 WHERE id = ?1", "UPDATE shown SET used = 1 WHERE ?1 IS NULL"})},
    {.id = "host.ecard.code-for-ever", FLAW("expired")},
    {.id = "host.ecard.code-of-any-scope", FLAW("scope")},
    {.id = "host.ecard.code-of-anybody", FLAW("signature")},
    {.id = "host.ecard.check-twice",
     SQL({"UPDATE identity_check SET used = 1 WHERE number = ?1",
          "UPDATE identity_check SET used = 1 WHERE ?1 IS NULL"})},
    {.id = "host.ecard.check-for-ever",
     SQL({"SELECT id_number, at, used FROM identity_check", "SELECT id_number, 9e15, used FROM identity_check"})},
    {.id = "host.ecard.bound-twice",
     SQL({"SELECT serial FROM ecard WHERE state = 'live' AND serial", "SELECT serial FROM ecard WHERE 0 AND serial"},
         {"CREATE UNIQUE INDEX ecard_of_person", "CREATE INDEX ecard_of_person"},
         {"CREATE UNIQUE INDEX ecard_of_card", "CREATE INDEX ecard_of_card"})},
    {.id = "host.ecard.never-revoked",
     SQL({"UPDATE ecard SET state = 'revoked' WHERE serial = ?1",
          "UPDATE ecard SET state = 'revoked' WHERE ?1 IS NULL"})},
    {.id = "host.ecard.not-bound-anew",
     SQL({"UPDATE ecard SET card_id = upper(?2) WHERE serial = ?1",
          "UPDATE ecard SET card_id = upper(?2) WHERE 0 AND ?1 = ?1"})},
    {.id = "host.ecard.old-codes-count",
     SQL({"UPDATE shown SET used = ?2 WHERE serial = ?1 AND used = ?3",
          "UPDATE shown SET used = ?2 WHERE ?1 IS NULL AND used = ?3"})},
    {.id = "host.ecard.voucher-for-ever",
     SQL({"SELECT id_number, until FROM voucher", "SELECT id_number, 9000000000000 FROM voucher"})},
    {.id = "host.ecard.voucher-of-nobody",
     SQL({"INSERT INTO voucher (token, id_number, until) VALUES (?1, ?2, ?3)",
          "INSERT INTO voucher (token, id_number, until) SELECT ?1, ?2, ?3 WHERE 0"})},
};
MUTANT_TABLE(rows);
