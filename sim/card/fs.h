/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_FS_H
#define OC_CARD_FS_H

#include "sim/base/perso_format.h"
#include "sim/card/nvm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Files of a card: MF 3F00, then DDFs (environments), ADFs and EFs (ssc-card sheet 3). Headers and bodies lie in
 * non-volatile memory; a file is named by the address of its header. Headers and key entries are 32 bytes long
 * and aligned, so that they never cross a page. */
#define OC_FS_NONE 0u
#define OC_FS_MF 64u /* below it: the chip's own area, see card_internal.h */
#define OC_FS_ENTRY 32u
#define OC_FS_FID_MF 0x3F00u
#define OC_FS_SFI_MAX 30u  /* ISO/IEC 7816-4 7.3.2 */
#define OC_FS_DEPTH_MAX 4u /* directories below one another, project choice */
#define OC_FS_NAME_MAX 16u /* bytes of a DF name */
#define OC_FS_NAMES 2u     /* a name and a second one (setting ssse-name) */

typedef struct oc_access_rule {
    uint8_t rule;   /* enum oc_rule */
    uint8_t key_id; /* bit 8: local to the directory, else of the environment */
} oc_access_rule;

typedef struct oc_ef {
    uint32_t at;
    uint8_t kind; /* enum oc_perso_kind */
    uint8_t sfi;  /* 0: none */
    uint16_t fid;
    oc_access_rule read;
    oc_access_rule update;
    uint16_t size;         /* bytes of the body */
    uint8_t record_length; /* cyclic and fixed files */
    uint8_t records_max;   /* 0: as many as fit, variable files only */
    uint8_t fill;
    uint8_t count;  /* records that are there */
    uint8_t newest; /* slot of record 1 in a cyclic file */
    uint16_t used;  /* bytes of a variable file that hold records */
    uint32_t body;
} oc_ef;

/* APPLICATION BLOCK (ssc-card sheet 7): none, until APPLICATION UNBLOCK, for ever. */
enum oc_block { OC_BLOCK_NONE, OC_BLOCK_TEMPORARY, OC_BLOCK_PERMANENT };

typedef struct oc_dir {
    uint32_t at;
    uint8_t kind;
    uint8_t dir_sfi; /* 0: no DIR file */
    uint16_t fid;
    uint32_t parent; /* OC_FS_NONE for the MF */
    uint32_t first_child;
    uint32_t first_key;
    uint32_t data;   /* of the application that lives here, OC_FS_NONE when there is none */
    uint8_t blocked; /* enum oc_block */
    uint8_t name_len[OC_FS_NAMES];
    uint8_t names[OC_FS_NAMES][OC_FS_NAME_MAX];
} oc_dir;

/* Makes the MF on an empty memory. */
OC_MUST_USE oc_result oc_fs_format(oc_nvm *nvm);

/* Bytes left for files. */
size_t oc_fs_room(const oc_nvm *nvm);
/* Takes `len` bytes, aligned to OC_FS_ENTRY; what they hold is not defined. LIMIT when they are not there: ask
 * oc_fs_room first. */
OC_MUST_USE oc_result oc_fs_take(oc_nvm *nvm, size_t len, uint32_t *at);

bool oc_fs_is_dir(const oc_nvm *nvm, uint32_t file);
void oc_fs_load_ef(const oc_nvm *nvm, uint32_t file, oc_ef *out);
void oc_fs_load_dir(const oc_nvm *nvm, uint32_t file, oc_dir *out);

/* The file that follows in its directory, or OC_FS_NONE; where a directory keeps its names. */
uint32_t oc_fs_next(const oc_nvm *nvm, uint32_t file);
uint32_t oc_fs_names(const oc_nvm *nvm, uint32_t dir);

/* All answer OC_FS_NONE when there is no such file. */
uint32_t oc_fs_child(const oc_nvm *nvm, uint32_t dir, uint16_t fid);
uint32_t oc_fs_child_by_sfi(const oc_nvm *nvm, uint32_t dir, uint8_t sfi);
uint32_t oc_fs_by_name(const oc_nvm *nvm, oc_span name, unsigned *which);
/* What SELECT by identifier reaches: the MF, a file of the directory, the directory itself, and going upwards
 * each directory above with the directories in it (the sheet's jump from DF to DF). */
uint32_t oc_fs_resolve(const oc_nvm *nvm, uint32_t dir, uint16_t fid);
uint32_t oc_fs_parent(const oc_nvm *nvm, uint32_t dir);
/* Single fields of oc_dir, for what is asked in every command. */
uint32_t oc_fs_first_key(const oc_nvm *nvm, uint32_t dir);
uint32_t oc_fs_data(const oc_nvm *nvm, uint32_t dir);
/* The environment of a directory: the nearest DDF or MF, itself included. */
uint32_t oc_fs_environment(const oc_nvm *nvm, uint32_t dir);
unsigned oc_fs_depth(const oc_nvm *nvm, uint32_t dir);

/* Links a new file into `parent`. The caller has checked identifiers, sizes and room; `at` is filled in. */
OC_MUST_USE oc_result oc_fs_add_ef(oc_nvm *nvm, uint32_t parent, oc_ef *ef);
OC_MUST_USE oc_result oc_fs_add_dir(oc_nvm *nvm, oc_dir *dir);
/* Writes back what changes in a directory: names, application data. */
OC_MUST_USE oc_result oc_fs_store_dir(oc_nvm *nvm, const oc_dir *dir);
uint8_t oc_fs_blocked(const oc_nvm *nvm, uint32_t dir);
OC_MUST_USE oc_result oc_fs_set_blocked(oc_nvm *nvm, uint32_t dir, uint8_t blocked);
OC_MUST_USE oc_result oc_fs_set_first_key(oc_nvm *nvm, uint32_t dir, uint32_t key);
/* Writes back what changes in an EF: count, newest, used. One write within one page. */
OC_MUST_USE oc_result oc_fs_store_ef_state(oc_nvm *nvm, const oc_ef *ef);

#ifdef __cplusplus
}
#endif
#endif
