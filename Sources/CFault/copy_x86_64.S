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
