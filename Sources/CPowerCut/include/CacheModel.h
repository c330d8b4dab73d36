/* What of a persistent memory survives a power cut: the memory itself, without what the CPUs' caches and
 * store buffers hold.
 *
 * The memory is the caller's, who stores to it and says so behind each store. The model keeps a second
 * copy, which is what is durable, by these rules (ADR: what has reached the memory controller is durable):
 *
 * - A store is in a cache. Its line may be evicted at any moment, or never.
 * - CLWB and CLFLUSHOPT send the line as it is now; it is durable when the CPU that sent it has fenced.
 *   CLFLUSH does not wait for a fence.
 * - A store around the caches (non-temporal) is durable, its own bytes alone, when its CPU has fenced.
 * - SFENCE, MFENCE, locked and serialising instructions fence, for the CPU that executes them alone.
 *
 * Where the caches are flushed by what energy is left (eADR) every store is durable: a cut with CACHE_ALL.
 *
 * Nothing here locks: one call at a time. Offsets are in bytes from the beginning of the memory. */
#ifndef CACHE_MODEL_H
#define CACHE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_LINE 64u

struct cache_model;

/* What becomes of the lines that are not durable. */
enum cache_fate {
	CACHE_NONE,	/* all are lost */
	CACHE_ALL,	/* all were evicted, or the platform flushes its caches */
	CACHE_SOME,	/* each by the seed */
};

/* A model of `size` bytes of memory, a multiple of 4096, all of it durable as it is, under `cpus` CPUs;
 * NULL if there is no room. */
struct cache_model *cache_model_new(const uint8_t *memory, size_t size, unsigned cpus);
void cache_model_free(struct cache_model *model);

/* `length` bytes at `offset` were stored, through the caches. */
void cache_model_store(struct cache_model *model, size_t offset, size_t length);
/* The same by CPU `cpu` and around them. */
void cache_model_stream(struct cache_model *model, unsigned cpu, size_t offset, size_t length);
/* CPU `cpu` flushes the line of `offset`; `ordered` by CLFLUSH. */
void cache_model_flush(struct cache_model *model, unsigned cpu, size_t offset, bool ordered);
/* CPU `cpu` fences. */
void cache_model_fence(struct cache_model *model, unsigned cpu);
/* How much of what CPU `cpu` sent waits for its fence; not 0 if anything does. */
size_t cache_model_pending(const struct cache_model *model, unsigned cpu);
/* Everything becomes durable, as if all was evicted: which is legal at any moment. */
void cache_model_settle(struct cache_model *model);

/* The power is cut: the number of the image that is left, from 0 on, or -1 if there is no room. The
 * memory goes on; the image stays as it is. */
int cache_model_cut(struct cache_model *model, enum cache_fate fate, uint64_t seed);
/* How many lines were not durable at that cut, and how many of them the image has all the same. */
size_t cache_model_volatile(const struct cache_model *model, int image);
size_t cache_model_evicted(const struct cache_model *model, int image);
/* Writes an image out, `size` bytes. */
void cache_model_image(const struct cache_model *model, int image, uint8_t *into);
/* Forgets all images; the next has the number 0. */
void cache_model_forget(struct cache_model *model);

#endif
