#ifndef CFAULT_H
#define CFAULT_H
/* Loads and stores in a mapping that may be taken away at any instant.
 *
 * Each routine below runs inside a range of code that the signal handler knows. A SIGBUS or
 * SIGSEGV whose program counter lies in that range is recorded in thread-local memory and ends
 * the routine at its landing label, as an exception-table entry ends copy_from_user in the
 * kernel. Any other SIGBUS or SIGSEGV is a bug: the disposition that stood before ours is put
 * back, and the instruction faults again into it.
 *
 * Only whole aligned words are moved, each by one 8-byte instruction but where it is said: the
 * hardware moves such a word in one piece, and larger pieces it need not. */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* Sent to a thread, it ends the guarded access that the thread is in, and does nothing else: the
 * way out of a page fault that the kernel takes again and again for ever. */
enum { CFAULT_INTERRUPT = SIGUSR1 };

struct cfault_record {
	void *address;	/* si_addr */
	int32_t signal;	/* SIGBUS, SIGSEGV or CFAULT_INTERRUPT */
	int32_t code;	/* si_code */
	int16_t lsb;	/* si_addr_lsb: log2 of the failed granule, of meaning for BUS_MCEERR_* */
};

/* The memory failures (SIGBUS with BUS_MCEERR_*) that a thread took while it waited for them. */
struct cfault_failures {
	struct cfault_record first;
	uint32_t count;
};

/* Installs the handler for the process. Returns 0, or an errno. */
int cfault_install(void);

/* From here on this thread brings a memory failure about, by a call that returns with the signal.
 * One that comes outside of this window, and not in a guarded access, ends the process: nobody
 * asked for it, and memory of the process's own may be gone. */
void cfault_await_failure(void);
/* Closes the window; what came in it. */
struct cfault_failures cfault_end_failure(void);

/* What ended this thread's latest routine that returned short. */
struct cfault_record cfault_last(void);

/* Each returns how many words it did not reach: 0 when it went through. A store that is counted
 * as not reached has had no effect, but for the one at which CFAULT_INTERRUPT ended the routine:
 * it may have been done. */
size_t cfault_load(const uint64_t *mapped, uint64_t *into, size_t words);
size_t cfault_store(uint64_t *mapped, const uint64_t *from, size_t words);
/* The same with MOVNTI, which goes around the cache and so takes the path that
 * memcpy_flushcache takes in the kernel; a store fence ends it. */
size_t cfault_store_nontemporal(uint64_t *mapped, const uint64_t *from, size_t words);

/* The same in aligned pieces of 16 bytes (MOVDQA), of 32 (VMOVDQA, where cfault_has_avx), with
 * single words before and behind them, and by REP MOVSB. No instruction but the last stores to two
 * pages, and that goes byte by byte, so that no word is stored twice. Of these a word may arrive in
 * parts, and up to 64 bytes beyond what is counted as reached may have been stored. */
size_t cfault_store_16(uint64_t *mapped, const uint64_t *from, size_t words);
size_t cfault_store_32(uint64_t *mapped, const uint64_t *from, size_t words);
size_t cfault_store_string(uint64_t *mapped, const uint64_t *from, size_t words);
/* Whether CPU and kernel have AVX. */
int cfault_has_avx(void);

/* Load, or store something in, one word every `step` bytes, `touches` times; what each took, in ticks of
 * the time-stamp counter, goes to `ticks`. Each returns how many it did not reach. */
size_t cfault_touch_load(const uint64_t *mapped, uint64_t *ticks, size_t touches, size_t step);
size_t cfault_touch_store(uint64_t *mapped, uint64_t *ticks, size_t touches, size_t step);

/* Write back the caches of `lines` cache lines from the one at `mapped` on, then fence; each
 * returns how many it did not reach. These instructions fault as a load does. CLWB and CLFLUSHOPT
 * want a CPU that has them. */
size_t cfault_flush_clwb(const uint64_t *mapped, size_t unused, size_t lines);
size_t cfault_flush_clflushopt(const uint64_t *mapped, size_t unused, size_t lines);
size_t cfault_flush_clflush(const uint64_t *mapped, size_t unused, size_t lines);

/* Bits of CPUID.(EAX=7,ECX=0):EBX. */
enum { CFAULT_CLFLUSHOPT = 1 << 23, CFAULT_CLWB = 1 << 24 };
/* That register; 0 where the CPU has no such leaf. */
uint32_t cfault_cpu_features(void);
#endif
