/* Where an address of the guest's lies in its memory. */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include <stdint.h>

#define NOWHERE UINT64_MAX

/* The guest's RAM as QEMU has it in one file: a PC has a hole below 4 GiB. */
struct guest_memory {
	uint8_t *bytes;
	uint64_t size;
	uint64_t low;	/* how much of it lies below the hole */
};

/* The place in the file of a physical address; NOWHERE if it is not RAM. */
uint64_t guest_offset(const struct guest_memory *memory, uint64_t physical);

/* The physical address that page tables give: those of CR3, with five levels or four; NOWHERE if there
 * is none. */
uint64_t guest_translate(const struct guest_memory *memory, uint64_t cr3, int levels, uint64_t address);

#endif
