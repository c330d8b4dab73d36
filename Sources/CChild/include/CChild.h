#ifndef CCHILD_H
#define CCHILD_H
/* A process that fork(2) makes of one with many threads may call what is async-signal-safe and no
 * more, and no Swift at all. So it works off a list that was written before. */
#include <stddef.h>
#include <stdint.h>

/* One access to a word of a mapping, and what came of it. */
struct cchild_step {
	uint64_t word;	/* from the start of the mapping */
	uint64_t value;	/* what is stored, or what was loaded */
	uint64_t wait;	/* ticks that are let go by before it */
	uint64_t from, to; /* the clock before and after */
	uint64_t address;  /* si_addr, where a signal ended it */
	int32_t signal;	/* 0 where it went through */
	int32_t code;
	int16_t lsb;
	int16_t store;	/* 1 to store, 0 to load */
};

/* What all processes see. */
struct cchild_script {
	uint64_t *base; /* the mapping */
	uint64_t done;	/* steps that are finished */
	uint64_t count;
	uint64_t first; /* the first step that is the child's, and not its parent's */
	uint64_t error; /* the errno of the parent's fork */
	struct cchild_step steps[];
};

/* Forks the parent, which has no file but the eventfds `go` and `end` open. Whenever it reads `go`, it
 * takes the first steps, forks a child that takes the others, sees it off and writes `end`. Both get
 * SIGKILL when who made them ends. A pidfd, or -errno. */
int cchild_start(struct cchild_script *script, int go, int end);

/* How many steps are finished: they can be read then. */
static inline uint64_t cchild_done(const struct cchild_script *script)
{
	return __atomic_load_n(&script->done, __ATOMIC_ACQUIRE);
}

/* eventfd(2). A descriptor, or -errno. */
int cchild_event(void);
/* Waits for `end` at most `milliseconds`. 1: it came; 0: not yet. */
int cchild_await(int end, int milliseconds);
#endif
