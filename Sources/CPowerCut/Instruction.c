#include "Instruction.h"

#include <string.h>

/* The operand of ModRM and what follows it. */
static struct operand decode(const uint8_t *modrm, const uint8_t *end, uint8_t rex)
{
	struct operand operand = { -1, -1, 0, true, 0 };
	uint8_t mod = *modrm >> 6, rm = *modrm & 7;
	const uint8_t *at = modrm + 1;
	bool wide = mod == 2;
	if (rm == 4 && at < end) {
		uint8_t sib = *at++;
		uint8_t index = (sib >> 3 & 7) | (rex & 2) << 2;
		operand.scale = sib >> 6;
		operand.index = index == 4 ? -1 : (int8_t)index;
		rm = sib & 7;
		if (mod == 0 && rm == 5)
			wide = true;	/* no base */
		else
			operand.base = (int8_t)(rm | (rex & 1) << 3);
	} else if (mod == 0 && rm == 5) {
		operand.is_known = false;	/* relative to RIP */
		return operand;
	} else {
		operand.base = (int8_t)(rm | (rex & 1) << 3);
	}
	if (wide && end - at >= 4)
		memcpy(&operand.displacement, at, 4);
	else if (mod == 1 && at < end)
		operand.displacement = (int8_t)*at;
	return operand;
}

/* An instruction of the two-byte map; `at` is at its opcode. */
static enum effect two_bytes(const uint8_t *at, const uint8_t *end, bool narrow, uint8_t rex,
			     struct operand *operand)
{
	uint8_t opcode = *at++;
	switch (opcode) {
	case 0xc3:	/* MOVNTI */
	case 0x2b:	/* MOVNTPS, MOVNTPD */
	case 0xe7:	/* MOVNTQ, MOVNTDQ */
	case 0xf7:	/* MASKMOVQ, MASKMOVDQU */
		return EFFECT_STREAM;
	case 0x09:	/* WBINVD */
		return EFFECT_FLUSH_ALL;
	case 0xa2:	/* CPUID */
	case 0x30:	/* WRMSR */
	case 0x22:	/* MOV to a control register */
		return EFFECT_FENCE;
	case 0xae:
		break;
	default:
		return EFFECT_NONE;
	}
	if (at == end)
		return EFFECT_NONE;
	bool memory = *at >> 6 != 3;
	switch (*at >> 3 & 7) {
	case 6:	/* CLWB; MFENCE */
		if (!memory)
			return narrow ? EFFECT_NONE : EFFECT_FENCE;
		if (!narrow)
			return EFFECT_NONE;	/* XSAVEOPT */
		*operand = decode(at, end, rex);
		return EFFECT_FLUSH;
	case 7:	/* CLFLUSH, CLFLUSHOPT; SFENCE */
		if (!memory)
			return EFFECT_FENCE;
		*operand = decode(at, end, rex);
		return narrow ? EFFECT_FLUSH : EFFECT_FLUSH_ORDERED;
	default:
		return EFFECT_NONE;
	}
}

enum effect instruction_effect(const uint8_t *bytes, size_t length, struct operand *operand)
{
	const uint8_t *at = bytes, *end = bytes + length;
	bool narrow = false, locked = false, based = false;
	uint8_t rex = 0;
	for (; at < end; at++) {
		if (*at == 0x66)
			narrow = true;
		else if (*at == 0xf0)
			locked = true;
		else if (*at == 0x64 || *at == 0x65 || *at == 0x67)
			based = true;
		else if (*at != 0xf2 && *at != 0xf3 && *at != 0x2e && *at != 0x36 && *at != 0x3e && *at != 0x26)
			break;
	}
	if (locked)
		return EFFECT_FENCE;
	if (at < end && *at >> 4 == 4)
		rex = *at++;
	if (end - at < 1)
		return EFFECT_NONE;
	switch (*at) {
	case 0x0f: {
		if (end - at < 2)
			return EFFECT_NONE;
		enum effect effect = two_bytes(at + 1, end, narrow, rex, operand);
		if (based && (effect == EFFECT_FLUSH || effect == EFFECT_FLUSH_ORDERED))
			operand->is_known = false;
		return effect;
	}
	case 0xc5:	/* VEX of two bytes, and of three: the vectors' stores around the caches */
	case 0xc4: {
		size_t opcode = *at == 0xc5 ? 2 : 3;
		if ((size_t)(end - at) <= opcode || (*at == 0xc4 && (at[1] & 0x1f) != 1))
			return EFFECT_NONE;
		return at[opcode] == 0xe7 || at[opcode] == 0x2b || at[opcode] == 0xf7 ? EFFECT_STREAM
									      : EFFECT_NONE;
	}
	case 0x86:	/* XCHG with memory locks by itself */
	case 0x87:
		return end - at > 1 && at[1] >> 6 != 3 ? EFFECT_FENCE : EFFECT_NONE;
	case 0xcf:	/* IRET */
	case 0xe4: case 0xe5: case 0xe6: case 0xe7:	/* IN, OUT */
	case 0xec: case 0xed: case 0xee: case 0xef:
	case 0x6c: case 0x6d: case 0x6e: case 0x6f:
		return EFFECT_FENCE;
	default:
		return EFFECT_NONE;
	}
}
