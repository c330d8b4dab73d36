#include "CForge.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

enum { PAGE = 4096 };

/* What the thread that is stepped stores to, and what was there an instruction before. */
static _Thread_local struct {
	const unsigned char *watched;
	unsigned char *before;
	size_t bytes;
	struct cforge_steps steps;
} stepped __attribute__((tls_model("initial-exec")));

static void on_step(int signal)
{
	size_t first = 0, last = stepped.bytes;

	(void)signal;
	if (!memcmp(stepped.watched, stepped.before, stepped.bytes))
		return;
	while (stepped.watched[first] == stepped.before[first])
		first++;
	while (stepped.watched[last - 1] == stepped.before[last - 1])
		last--;
	memcpy(stepped.before + first, stepped.watched + first, last - first);
	stepped.steps.stores++;
	if ((uintptr_t)(stepped.watched + first) / PAGE !=
	    (uintptr_t)(stepped.watched + last - 1) / PAGE)
		stepped.steps.across++;
	if (last - first > stepped.steps.widest)
		stepped.steps.widest = last - first;
}

/* Sets the trap flag: this thread traps after each instruction. The stack pointer keeps clear of the
 * red zone. */
#define TRAP_FLAG(instruction)                                                                \
	__asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\t" instruction ", (%%rsp)\n\t"    \
			 "popfq\n\tlea 128(%%rsp), %%rsp" ::: "memory", "cc")

struct cforge_steps cforge_step(cforge_store *store, uint64_t *to, const uint64_t *from,
				size_t words)
{
	struct sigaction step = { .sa_handler = on_step }, before;
	unsigned char copy[CFORGE_WORDS * 8];

	stepped.watched = (const unsigned char *)to;
	stepped.before = copy;
	stepped.bytes = words * 8;
	stepped.steps = (struct cforge_steps){ 0 };
	memcpy(copy, to, stepped.bytes);
	sigaction(SIGTRAP, &step, &before);
	TRAP_FLAG("orq $0x100");
	stepped.steps.left = store(to, from, words);
	TRAP_FLAG("andq $~0x100");
	sigaction(SIGTRAP, &before, NULL);
	return stepped.steps;
}
