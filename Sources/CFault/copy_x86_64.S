/* The guarded copies: (rdi, rsi, rdx) = (to, from, words); rax = words not reached.
 * Leaves, with no stack frame: the landing needs no register but rdx, what is left. */

	.text
	.p2align 6
	.globl cfault_begin
	.hidden cfault_begin
cfault_begin:

	.globl cfault_store
	.type cfault_store, @function
cfault_store:
	test %rdx, %rdx
	jz cfault_landing
1:	mov (%rsi), %rax
	mov %rax, (%rdi)
	add $8, %rsi
	add $8, %rdi
	dec %rdx
	jnz 1b
	jmp cfault_landing
	.size cfault_store, . - cfault_store

	.globl cfault_load
	.type cfault_load, @function
cfault_load:
	xchg %rdi, %rsi
	jmp cfault_store
	.size cfault_load, . - cfault_load

	.globl cfault_store_nontemporal
	.type cfault_store_nontemporal, @function
cfault_store_nontemporal:
	test %rdx, %rdx
	jz cfault_landing
1:	mov (%rsi), %rax
	movnti %rax, (%rdi)
	add $8, %rsi
	add $8, %rdi
	dec %rdx
	jnz 1b
	jmp cfault_landing
	.size cfault_store_nontemporal, . - cfault_store_nontemporal

/* By words up to an aligned address, by aligned pieces of 16 or 32 bytes, then the rest by words. An
 * aligned piece lies in one page, so that one that faults has stored nothing: of one across two
 * pages the first part may be visible when the other faults, and the whole is done again. */
	.macro wide name words load store end
	.globl \name
	.type \name, @function
\name:
1:	test $(8 * \words - 1), %dil
	jz 2f
	test %rdx, %rdx
	jz 3f
	mov (%rsi), %rax
	mov %rax, (%rdi)
	add $8, %rsi
	add $8, %rdi
	dec %rdx
	jmp 1b
2:	cmp $\words, %rdx
	jb 3f
	\load
	\store
	add $(8 * \words), %rsi
	add $(8 * \words), %rdi
	sub $\words, %rdx
	jmp 2b
3:	\end
	jmp cfault_store
	.size \name, . - \name
	.endm

	wide cfault_store_16, 2, "movdqu (%rsi), %xmm0", "movdqa %xmm0, (%rdi)", ""
	wide cfault_store_32, 4, "vmovdqu (%rsi), %ymm0", "vmovdqa %ymm0, (%rdi)", "vzeroupper"

/* One instruction for all; a fault leaves in rcx the bytes that are left. It repeats the move of a
 * byte, and goes on after a fault from the byte that faulted: no byte is moved twice. */
	.globl cfault_store_string
	.type cfault_store_string, @function
cfault_store_string:
	lea (, %rdx, 8), %rcx
	.globl cfault_string_move
	.hidden cfault_string_move
cfault_string_move:
	rep movsb
	.globl cfault_string_landing
	.hidden cfault_string_landing
cfault_string_landing:
	lea 7(%rcx), %rdx
	shr $3, %rdx
	.globl cfault_string_end
	.hidden cfault_string_end
cfault_string_end:
	jmp cfault_landing
	.size cfault_store_string, . - cfault_store_string

/* (rdi, rdx) = (address, cache lines); a line is what %rdi points into. */
	.macro flush name instruction
	.globl \name
	.type \name, @function
\name:
	test %rdx, %rdx
	jz cfault_landing
1:	\instruction (%rdi)
	add $64, %rdi
	dec %rdx
	jnz 1b
	jmp cfault_landing
	.size \name, . - \name
	.endm

	flush cfault_flush_clwb clwb
	flush cfault_flush_clflushopt clflushopt
	flush cfault_flush_clflush clflush

/* (rdi, rsi, rdx, rcx) = (address, where the ticks go, touches, bytes from one to the next). RDTSC wants
 * rdx, which says what is left wherever an access may fault. */
	.macro touch name access
	.globl \name
	.type \name, @function
\name:
	test %rdx, %rdx
	jz cfault_landing
	mov %rdx, %r9
1:	lfence
	rdtsc
	shl $32, %rdx
	or %rdx, %rax
	mov %rax, %r10
	mov %r9, %rdx
	\access
	lfence
	rdtsc
	shl $32, %rdx
	or %rdx, %rax
	sub %r10, %rax
	mov %rax, (%rsi)
	mov %r9, %rdx
	add $8, %rsi
	add %rcx, %rdi
	dec %r9
	jnz 1b
	xor %edx, %edx
	jmp cfault_landing
	.size \name, . - \name
	.endm

	touch cfault_touch_load "mov (%rdi), %rax"
	touch cfault_touch_store "mov %r9, (%rdi)"

	.globl cfault_landing
	.hidden cfault_landing
cfault_landing:
	sfence
	mov %rdx, %rax
	ret

	.section .note.GNU-stack, "", @progbits
