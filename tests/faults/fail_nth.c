/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into a second onecard with --wrap: the Nth call of one kind fails, as ONECARD_FAIL says ("alloc 17", "read 3",
 * "write 5", "crypto 40"). At the end the number of calls of each kind is written to the file ONECARD_FAIL_COUNTS. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

enum kind { ALLOC, READ, WRITE, CRYPTO, KINDS };

static const char *const names[KINDS] = {"alloc", "read", "write", "crypto"};
static atomic_ulong calls[KINDS];
static unsigned long wanted[KINDS];

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("ONECARD_FAIL");
    for (int i = 0; i < KINDS && text != NULL; i++) {
        size_t len = strlen(names[i]);
        if (strncmp(text, names[i], len) == 0 && text[len] == ' ') {
            wanted[i] = strtoul(text + len, NULL, 10);
        }
    }
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("ONECARD_FAIL_COUNTS");
    FILE *file = path == NULL ? NULL : fopen(path, "we");
    for (int i = 0; i < KINDS && file != NULL; i++) {
        fprintf(file, "%s %lu\n", names[i], atomic_load(&calls[i]));
    }
    if (file != NULL) {
        fclose(file);
    }
}

static int fails(enum kind kind)
{
    return atomic_fetch_add(&calls[kind], 1) + 1 == wanted[kind];
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
ssize_t __real_read(int fd, void *at, size_t size);
ssize_t __real_write(int fd, const void *at, size_t size);
int __real_fdatasync(int fd);
int __real_fsync(int fd);
int __real_EVP_CipherUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *len, const unsigned char *in,
                            int in_len);
int __real_EVP_CipherInit_ex2(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, const unsigned char *key,
                              const unsigned char *iv, int is_encryption, const OSSL_PARAM *parameters);
int __real_EVP_DigestUpdate(EVP_MD_CTX *context, const void *at, size_t size);
EVP_MD_CTX *__real_EVP_MD_CTX_new(void);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
ssize_t __wrap_read(int fd, void *at, size_t size);
ssize_t __wrap_write(int fd, const void *at, size_t size);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);
int __wrap_EVP_CipherUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *len, const unsigned char *in,
                            int in_len);
int __wrap_EVP_CipherInit_ex2(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, const unsigned char *key,
                              const unsigned char *iv, int is_encryption, const OSSL_PARAM *parameters);
int __wrap_EVP_DigestUpdate(EVP_MD_CTX *context, const void *at, size_t size);
EVP_MD_CTX *__wrap_EVP_MD_CTX_new(void);

/* libxml2 keeps its own allocator: version 2.9 and libxslt 1.1 themselves crash when memory is out. */
void __wrap_oc_xml_wipe_freed(void);
void __wrap_oc_xml_wipe_freed(void)
{
}

void *__wrap_malloc(size_t size)
{
    return fails(ALLOC) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails(ALLOC) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
    return fails(ALLOC) ? NULL : __real_realloc(at, size);
}

ssize_t __wrap_read(int fd, void *at, size_t size)
{
    if (fails(READ)) {
        errno = EIO;
        return -1;
    }
    return __real_read(fd, at, size);
}

ssize_t __wrap_write(int fd, const void *at, size_t size)
{
    if (fails(WRITE)) {
        errno = ENOSPC;
        return -1;
    }
    return __real_write(fd, at, size);
}

int __wrap_fdatasync(int fd)
{
    if (fails(WRITE)) {
        errno = EIO;
        return -1;
    }
    return __real_fdatasync(fd);
}

int __wrap_fsync(int fd)
{
    if (fails(WRITE)) {
        errno = EIO;
        return -1;
    }
    return __real_fsync(fd);
}

int __wrap_EVP_CipherUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *len, const unsigned char *in, int in_len)
{
    return fails(CRYPTO) ? 0 : __real_EVP_CipherUpdate(context, out, len, in, in_len);
}

int __wrap_EVP_CipherInit_ex2(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, const unsigned char *key,
                              const unsigned char *iv, int is_encryption, const OSSL_PARAM *parameters)
{
    return fails(CRYPTO) ? 0 : __real_EVP_CipherInit_ex2(context, cipher, key, iv, is_encryption, parameters);
}

int __wrap_EVP_DigestUpdate(EVP_MD_CTX *context, const void *at, size_t size)
{
    return fails(CRYPTO) ? 0 : __real_EVP_DigestUpdate(context, at, size);
}

EVP_MD_CTX *__wrap_EVP_MD_CTX_new(void)
{
    return fails(CRYPTO) ? NULL : __real_EVP_MD_CTX_new();
}
