#ifndef CSYSTEM_H
#define CSYSTEM_H
/* Kernel interfaces that Swift's importer cannot reach: variadic calls, ioctl numbers built by
 * macros, and instructions. Each is one line of C with nothing decided in it. */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- the clock -------------------------------------------------------------------------- */

/* The time-stamp counter, read after every earlier load and store of this thread is globally
 * visible and before any later one is issued: MFENCE drains the store buffer, LFENCE holds RDTSC
 * back until it has (Intel SDM vol. 2, RDTSC), the second LFENCE holds back what follows. */
static inline uint64_t csystem_ticks(void)
{
	uint32_t lo, hi;
	__asm__ volatile("mfence\n\tlfence\n\trdtsc\n\tlfence" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

/* Carries out 2 * `rounds` instructions, and nothing else of note. */
static inline void csystem_instructions(uint64_t rounds)
{
	__asm__ volatile("1:\tdec %0\n\tjnz 1b" : "+r"(rounds) : : "cc");
}

/* Whether QEMU's TCG carries out this machine's instructions: CPUID.0x40000000 names the hypervisor,
 * where CPUID.1:ECX says that there is one. */
int csystem_is_translated(void);

/* ---- perf: counting tracepoints ----------------------------------------------------------- */

/* perf_event_open(2) for tracepoint `id`, in `leader`'s group unless that is -1: on `cpu` by all
 * processes (`pid` -1), or by the calling thread (0) on all CPUs (-1). read(2) gives how many events
 * the group has, then the count of each (PERF_FORMAT_GROUP). A descriptor, or -errno. */
int csystem_count_tracepoint(uint64_t id, int pid, int cpu, int leader);
/* PERF_EVENT_IOC_SET_FILTER. 0, or -errno. */
int csystem_filter_tracepoint(int fd, const char *filter);

/* ---- files that share blocks --------------------------------------------------------------- */

/* FICLONERANGE: `length` bytes of `from` at `offset` into `to` at `at`. 0, or -1 and errno. */
int csystem_clone_range(int to, int from, uint64_t offset, uint64_t length, uint64_t at);
/* copy_file_range(2), as above. Bytes copied, or -1 and errno. */
int64_t csystem_copy_range(int to, int from, uint64_t offset, uint64_t length, uint64_t at);
/* FIDEDUPERANGE, as above. Bytes now shared, 0 where they differ, or -1 and errno. */
int64_t csystem_dedupe_range(int to, int from, uint64_t offset, uint64_t length, uint64_t at);

/* XFS_IOC_EXCHANGE_RANGE (Linux 6.10): `length` bytes of `one` at `offset` against as many of `two` at
 * `at`, with the call's own flags. 0, or -1 and errno. */
int csystem_exchange_range(int one, int two, uint64_t offset, uint64_t length, uint64_t at,
			   uint64_t flags);

/* FS_IOC_FIEMAP with a struct fiemap and the room for extents behind it. 0, or -1 and errno. */
int csystem_map_extents(int fd, void *request);

/* ---- the filesystem as a whole ----------------------------------------------------------------- */

/* FIFREEZE and FITHAW on the filesystem of `fd`. 0, or -1 and errno. */
int csystem_freeze(int fd);
int csystem_thaw(int fd);
/* FS_IOC_FSSETXATTR with the flags that FS_IOC_FSGETXATTR gave, but FS_XFLAG_DAX as `on` says. 0, or
 * -1 and errno. */
int csystem_flag_dax(int fd, int on);

/* ---- mappings ------------------------------------------------------------------------------ */

/* mremap(2): to `to` with MREMAP_FIXED, or, where that is null, wherever there is room. The new
 * address, or MAP_FAILED and errno. */
void *csystem_remap(void *memory, size_t bytes, size_t wanted, void *to);

/* The columns of the terminal at `fd`; 0 where there is none (TIOCGWINSZ). */
int csystem_columns(int fd);

/* A descriptor for faults that wait (userfaultfd(2), those in system calls, too), or -errno. */
int csystem_fault_hold_open(void);

/* Lets whoever touches one of these pages, private ones that are not there, wait; 0 or -errno. */
int csystem_fault_hold(int fd, void *address, size_t bytes);

/* Lets them go on, and the pages hold what is at `from`; 0 or -errno. */
int csystem_fault_fill(int fd, void *address, const void *from, size_t bytes);

/* Lets them go on, and the pages be as they were before; 0 or -errno. */
int csystem_fault_release(int fd, void *address, size_t bytes);

/* Sets `count` words to `first`, `first + step`, `first + 2 * step` and so on. */
void csystem_count_up(uint64_t *words, size_t count, uint64_t first, uint64_t step);

/* Memory that is freed stays this process's: no allocation is mapped by itself, and the heap is never
 * cut back (mallopt(3), which Swift's Glibc module leaves out). */
void csystem_keep_memory(void);

/* ---- the machine ------------------------------------------------------------------------ */

/* Starts `path` in a process group of its own with standard input empty and standard output and
 * error on the given descriptors; descriptors `keep[0..kept)` stay open under their own numbers,
 * all others close. The child gets SIGKILL when the calling *thread* ends, however it ends. Swift
 * has no fork(), and posix_spawn() has no parent-death signal. Unless `guard` is null, a second child
 * is started that kills the whole group once this process is gone, which the signal cannot: it
 * reaches the child alone. Returns a pid, or -errno of the step that failed, execve() included. */
struct csystem_guard {
	int pid; /* -1: there is none */
	int end; /* of a pipe whose other end the guard waits at */
};
int csystem_spawn(const char *path, char *const argv[], char *const envp[], int out, int err,
		  const int *keep, size_t kept, struct csystem_guard *guard);

/* Lets the guard go, and with it whatever is left of its group. */
void csystem_dismiss(struct csystem_guard *guard);

/* Waits for a child through its pidfd, at most `milliseconds` (negative: for ever). 0: still running;
 * 1: ended and reaped, with waitid()'s si_code and si_status; else -errno. Unless `group` is 0 the
 * child led that group, and what it left in there is sent SIGKILL. */
int csystem_wait(int pidfd, int group, int milliseconds, int *code, int *status);

/* Sends SIGKILL to a child that is not reaped yet and to its group. 0, or -errno. */
int csystem_kill_group(int pid);

/* Counts SIGINT, SIGTERM and, unless it is ignored, SIGHUP from now on instead of dying of them. */
int csystem_count_interrupts(void);
unsigned csystem_interrupts(int signal);

/* fork(2) of a process with one thread. In the child 0: it gets SIGKILL when its parent ends. In the
 * parent its pid, or -errno. Both get an end of one stream. */
int csystem_fork(int *end);
/* tgkill(2). 0, or -errno. */
int csystem_tgkill(int pid, int thread, int signal);
/* All `count` bytes over a stream (send(2) without SIGPIPE, recv(2)). 0, or -errno; EPIPE where the
 * other end was closed. */
int csystem_send(int end, const void *bytes, size_t count);
int csystem_receive(int end, void *bytes, size_t count);

int csystem_pidfd_open(int pid);
int csystem_pidfd_kill(int pidfd, int signal);
int csystem_open(const char *path, int flags, unsigned mode);
int csystem_open_at(int directory, const char *name, int flags, unsigned mode);
int csystem_memory_file(const char *name);
/* pipe2(2), both ends close-on-exec and above 2. 0, or -errno. */
int csystem_pipe(int ends[2]);
int csystem_finit_module(int fd, const char *parameters);
int csystem_power_off(void);

/* Orders stores to a write-combining mapping: all before it are visible before any after it. */
static inline void csystem_store_fence(void)
{
	__asm__ volatile("sfence" : : : "memory");
}

/* One aligned word of memory that another process writes too. */
static inline uint64_t csystem_load_acquire(const void *at)
{
	return __atomic_load_n((const uint64_t *)at, __ATOMIC_ACQUIRE);
}

static inline void csystem_store_release(void *at, uint64_t value)
{
	__atomic_store_n((uint64_t *)at, value, __ATOMIC_RELEASE);
}
#endif
