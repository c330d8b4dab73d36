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

/* By 16 or 32 bytes, then the rest by words. A piece may lie across two pages: one that faults is
 * done again by words, which tells at which of them. */
	.globl cfault_wide_begin
	.hidden cfault_wide_begin
cfault_wide_begin:
	.macro wide name words load store end
	.globl \name
	.type \name, @function
\name:
1:	cmp $\words, %rdx
	jb 2f
	\load
	\store
	add $(8 * \words), %rsi
	add $(8 * \words), %rdi
	sub $\words, %rdx
	jmp 1b
2:	\end
	jmp cfault_store
	.size \name, . - \name
	.endm

	wide cfault_store_16, 2, "movdqu (%rsi), %xmm0", "movdqu %xmm0, (%rdi)", ""
	wide cfault_store_32, 4, "vmovdqu (%rsi), %ymm0", "vmovdqu %ymm0, (%rdi)", "vzeroupper"

	.globl cfault_wide_end
	.hidden cfault_wide_end
cfault_wide_end:

/* One instruction for all; a fault leaves in rcx the bytes that are left. */
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

	.globl cfault_landing
	.hidden cfault_landing
cfault_landing:
	sfence
	mov %rdx, %rax
	ret

	.section .note.GNU-stack, "", @progbits
