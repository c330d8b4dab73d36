/* What an x86-64 instruction does to the order in which stores become durable. */
#ifndef INSTRUCTION_H
#define INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum effect {
	EFFECT_NONE,
	EFFECT_STREAM,	/* stores around the caches */
	EFFECT_FLUSH,	/* CLWB, CLFLUSHOPT */
	EFFECT_FLUSH_ORDERED,	/* CLFLUSH */
	EFFECT_FENCE,	/* SFENCE, MFENCE, locked and serialising instructions */
	EFFECT_FLUSH_ALL,	/* WBINVD */
};

/* The address of an operand in memory: base + index * 2^scale + displacement. */
struct operand {
	int8_t base, index;	/* registers by their number in x86's encoding; -1 for none */
	uint8_t scale;
	bool is_known;	/* false where it is relative to something else */
	int32_t displacement;
};

/* The effect of the instruction whose `length` bytes are at `bytes`; of a flush its operand, too. */
enum effect instruction_effect(const uint8_t *bytes, size_t length, struct operand *operand);

#endif
