#include "media/guard.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#endif

/* The sanitizers' runtimes need more than a filter would let them. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WATCHED 1
#endif
#endif

static bool limit(int what, uint64_t most, struct err *err)
{
	struct rlimit value = {most, most};
	return setrlimit(what, &value) == 0 ||
	       err_set(err, ERR_IO, "no limit can be set: %s", strerror(errno));
}

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

#if defined(OUR_ARCH) && !defined(WATCHED)
#define LET(name)                                                                                  \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1),                                     \
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* All other calls fail as not permitted. */
static bool filter(struct err *err)
{
	static struct sock_filter rules[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        LET(read),
	        LET(write),
	        LET(writev),
	        LET(lseek),
	        LET(fstat),
	        LET(close),
	        LET(brk),
	        LET(mmap),
	        LET(munmap),
	        LET(mremap),
	        LET(mprotect),
	        LET(madvise),
	        LET(futex),
	        LET(getrandom),
	        LET(clock_gettime),
	        LET(rt_sigaction),
	        LET(rt_sigprocmask),
	        LET(rt_sigreturn),
	        LET(exit),
	        LET(exit_group),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
	/* A kernel without it: the limits have to do. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0 && errno != EINVAL)
		return err_set(err, ERR_IO, "no filter can be set: %s", strerror(errno));
	return true;
}
#undef LET
#else
static bool filter(struct err *err)
{
	(void)err;
	return true;
}
#endif

bool guard(uint64_t memory, unsigned seconds, uint64_t written, struct err *err)
{
#ifdef WATCHED
	memory = RLIM_INFINITY;
#endif
	bool fine = limit(RLIMIT_CORE, 0, err) && limit(RLIMIT_AS, memory, err) &&
	            limit(RLIMIT_CPU, seconds, err) && limit(RLIMIT_FSIZE, written, err) &&
	            limit(RLIMIT_NPROC, 0, err);
#ifndef WATCHED
	fine = fine && limit(RLIMIT_NOFILE, 0, err);
#endif
	if (!fine) return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(err, ERR_IO, "no limit can be set: %s", strerror(errno));
	return filter(err);
}
