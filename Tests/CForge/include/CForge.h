#ifndef CFORGE_H
#define CFORGE_H
#include <stddef.h>
#include <stdint.h>

/* Signals that say what the test wants them to say. */

/* Sends the calling thread a SIGBUS with this si_code, si_addr and si_addr_lsb, which it has taken
 * when this returns. Returns 0, or an errno. The kernel lets a process lie so to itself alone. */
int cforge_bus(int code, void *address, short lsb);

/* A store that is watched instruction by instruction. */

typedef size_t cforge_store(uint64_t *to, const uint64_t *from, size_t words);
struct cforge_steps {
	size_t left;	/* what the store returned */
	size_t stores;	/* instructions that changed anything */
	size_t across;	/* those that changed bytes of two pages */
	size_t widest;	/* the most bytes from the first to the last that one changed */
};
enum { CFORGE_WORDS = 1024 };

/* Steps through store(to, from, words), at most CFORGE_WORDS of them, by the trap flag. Bytes that
 * are equal before and after are not seen. */
struct cforge_steps cforge_step(cforge_store *store, uint64_t *to, const uint64_t *from,
				size_t words);
#endif
