/* How a guest speaks to the plugin that follows its memory: by the words at DOORBELL_OFFSET of what guest
 * and host share. It stores arguments first and the command last, and may read the answer at once. */
#ifndef DOORBELL_H
#define DOORBELL_H

#include <stdint.h>

#define DOORBELL_OFFSET 2048u

enum doorbell_command {
	DOORBELL_BEGIN = 1,	/* follow the memory, all of which is durable now */
	DOORBELL_SETTLE,	/* all of it is durable now, and all images are forgotten */
	DOORBELL_CUT,		/* keep an image; argument: enum cache_fate */
	DOORBELL_SHOW,		/* write image `argument` into the second memory */
};

enum doorbell_answer { DOORBELL_DONE = 1, DOORBELL_REFUSED };

/* Of the memory that is followed, since the beginning. */
struct doorbell_counts {
	uint64_t stores, streams, flushes, fences;
	uint64_t unknown;	/* stores and flushes of which it is not known where they went */
};

struct doorbell {
	uint64_t command;	/* at the offset: the store that rings */
	uint64_t argument;
	uint64_t seed;
	uint64_t answer;
	uint64_t image;
	uint64_t lines;		/* that were not durable */
	uint64_t evicted;	/* of them, that the image has */
	uint64_t reserved;
	uint8_t digest[32];	/* SHA-256 of what was shown */
	struct doorbell_counts counts;
};

#endif
