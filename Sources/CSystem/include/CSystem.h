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

/* ---- perf: counting tracepoints ----------------------------------------------------------- */

/* perf_event_open(2) for tracepoint `id` on `cpu`, all processes. A descriptor, or -errno. */
int csystem_count_tracepoint(uint64_t id, int cpu);
/* PERF_EVENT_IOC_SET_FILTER. 0, or -errno. */
int csystem_filter_tracepoint(int fd, const char *filter);

#endif
