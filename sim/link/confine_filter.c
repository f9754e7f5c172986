/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "sim/link/confine.h"

#ifdef OC_HAVE_SECCOMP
#include <errno.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What no driver, card or key program needs. It fails with EPERM, as for a user without the right to it: a program
 * that only asks goes on. */
static const int refused[] = {
    /* other processes */
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(process_madvise),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(lookup_dcookie),
    /* mounts and namespaces */
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(umount),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(open_tree),
    SCMP_SYS(move_mount),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(quotactl),
    /* the machine */
    SCMP_SYS(reboot),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(syslog),
    SCMP_SYS(vhangup),
    SCMP_SYS(settimeofday),
    SCMP_SYS(stime),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_settime64),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    /* ways into the kernel, and its keys */
    SCMP_SYS(bpf),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
};

/* A 32-bit driver's program makes its calls by other numbers. */
static void add_narrow(scmp_filter_ctx filter)
{
#ifdef __x86_64__
    (void)seccomp_arch_add(filter, SCMP_ARCH_X86);
    (void)seccomp_arch_add(filter, SCMP_ARCH_X32);
#elif defined __aarch64__
    (void)seccomp_arch_add(filter, SCMP_ARCH_ARM);
#else
    (void)filter;
#endif
}

static void take(oc_confinement *out, int fd)
{
    struct stat state;
    if (fstat(fd, &state) != 0 || state.st_size <= 0 ||
        state.st_size > (off_t)(BPF_MAXINSNS * sizeof(struct sock_filter))) {
        return;
    }
    size_t size = (size_t)state.st_size;
    out->filter = malloc(size);
    if (out->filter != NULL && pread(fd, out->filter, size, 0) == (ssize_t)size) {
        out->count = (unsigned short)(size / sizeof(struct sock_filter));
    } else {
        free(out->filter);
        out->filter = NULL;
    }
}

static void make_filter(oc_confinement *out)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL) {
        return;
    }
    add_narrow(filter);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        /* A call that this machine does not have needs no rule. */
        (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    }
    int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd >= 0) {
        if (seccomp_export_bpf(filter, fd) == 0) {
            take(out, fd);
        }
        close(fd);
    }
    seccomp_release(filter);
}
#else
static void make_filter(oc_confinement *out)
{
    (void)out;
}
#endif

void oc_confinement_make(oc_confinement *out, unsigned long data_mb)
{
    const char *off = getenv(OC_DUT_UNCONFINED);
    *out = (oc_confinement){.data_mb = data_mb, .is_off = off != NULL && strcmp(off, "1") == 0};
    if (!out->is_off) {
        make_filter(out);
    }
}
