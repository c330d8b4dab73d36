#include "Translation.h"

#include <string.h>

#define FOUR_GIB (1ull << 32)
#define FRAME 0x000ffffffffff000ull
#define PRESENT 1u
#define LARGE 0x80u

uint64_t guest_offset(const struct guest_memory *memory, uint64_t physical)
{
	if (physical < memory->low)
		return physical;
	if (physical < FOUR_GIB || physical - FOUR_GIB >= memory->size - memory->low)
		return NOWHERE;
	return physical - FOUR_GIB + memory->low;
}

uint64_t guest_translate(const struct guest_memory *memory, uint64_t cr3, int levels, uint64_t address)
{
	uint64_t table = cr3 & FRAME;
	for (int level = levels; level > 0; level--) {
		unsigned shift = 12 + 9 * (unsigned)(level - 1);
		uint64_t at = guest_offset(memory, table + (address >> shift & 511) * 8);
		if (at == NOWHERE)
			return NOWHERE;
		uint64_t entry;
		memcpy(&entry, memory->bytes + at, sizeof entry);
		if (!(entry & PRESENT))
			return NOWHERE;
		uint64_t within = (1ull << shift) - 1;
		if (level == 1 || (level < 4 && entry & LARGE))
			return (entry & FRAME & ~within) | (address & within);
		table = entry & FRAME;
	}
	return NOWHERE;
}
