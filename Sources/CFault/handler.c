#include "CFault.h"

#include <cpuid.h>
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

extern const char cfault_begin[], cfault_landing[];
extern const char cfault_string_move[], cfault_string_landing[], cfault_string_end[];

/* Where an access that was at `pc` ends. */
static greg_t landing(uintptr_t pc)
{
	int string = pc >= (uintptr_t)cfault_string_move && pc < (uintptr_t)cfault_string_end;

	return (greg_t)(uintptr_t)(string ? cfault_string_landing : cfault_landing);
}

/* Initial-exec: reached by one instruction, with no lazy allocation that a handler could trip. */
static _Thread_local struct cfault_record last __attribute__((tls_model("initial-exec")));
/* Whether this thread waits for a memory failure, and those that came. The handler that interrupts
 * the thread is the only other that touches them. */
static _Thread_local volatile int awaiting __attribute__((tls_model("initial-exec")));
static _Thread_local struct cfault_failures failures __attribute__((tls_model("initial-exec")));
static struct sigaction before_bus, before_segv;

static int is_memory_failure(int signal, const siginfo_t *info)
{
	return signal == SIGBUS &&
	       (info->si_code == BUS_MCEERR_AR || info->si_code == BUS_MCEERR_AO);
}

static struct cfault_record record(int signal, const siginfo_t *info)
{
	return (struct cfault_record){ .address = info->si_addr, .signal = signal,
				       .code = info->si_code, .lsb = info->si_addr_lsb };
}

static void die_honestly(int signal, const siginfo_t *info)
{
	sigaction(signal, signal == SIGBUS ? &before_bus : &before_segv, NULL);
	/* A fault happens again on return. A signal that somebody sent does not, nor need a memory
	 * failure: send it on. */
	if (info->si_code <= 0 || is_memory_failure(signal, info))
		syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal);
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	uintptr_t pc = (uintptr_t)at->uc_mcontext.gregs[REG_RIP];

	if (awaiting && is_memory_failure(signal, info)) {
		if (failures.count++ == 0)
			failures.first = record(signal, info);
		return;
	}
	if (info->si_code <= 0 || pc < (uintptr_t)cfault_begin || pc >= (uintptr_t)cfault_landing) {
		die_honestly(signal, info);
		return;
	}
	last = record(signal, info);
	at->uc_mcontext.gregs[REG_RIP] = landing(pc);
}

static void on_interrupt(int signal, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	uintptr_t pc = (uintptr_t)at->uc_mcontext.gregs[REG_RIP];

	/* Outside a guarded access there is nothing to interrupt: system calls restart. */
	if (pc < (uintptr_t)cfault_begin || pc >= (uintptr_t)cfault_landing)
		return;
	last.address = NULL;
	last.signal = signal;
	last.code = info->si_code;
	last.lsb = 0;
	at->uc_mcontext.gregs[REG_RIP] = landing(pc);
}

int cfault_install(void)
{
	/* No SA_NODEFER: the handler itself touches nothing that can fault. */
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction nudge = { .sa_sigaction = on_interrupt,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	struct sigaction now;

	if (sigaction(SIGBUS, NULL, &now))
		return errno;
	if (now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_fault)
		return 0; /* Again would lose what stood before. */
	sigemptyset(&action.sa_mask);
	sigemptyset(&nudge.sa_mask);
	if (sigaction(SIGBUS, &action, &before_bus) || sigaction(SIGSEGV, &action, &before_segv) ||
	    sigaction(CFAULT_INTERRUPT, &nudge, NULL))
		return errno;
	return 0;
}

int cfault_has_avx(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx");
}

uint32_t cfault_cpu_features(void)
{
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) ? b : 0;
}

struct cfault_record cfault_last(void)
{
	return last;
}

void cfault_await_failure(void)
{
	failures = (struct cfault_failures){ .count = 0 };
	awaiting = 1;
}

struct cfault_failures cfault_end_failure(void)
{
	awaiting = 0;
	return failures;
}
