#include "CChild.h"

#include <CFault.h>
#include <CSystem.h>
#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char end_of_program __asm__("end");

static void take(uint64_t *base, struct cchild_step *step)
{
	uint64_t begin = csystem_ticks();
	size_t left;

	while (csystem_ticks() - begin < step->wait)
		;
	step->from = csystem_ticks();
	left = step->store ? cfault_store(base + step->word, &step->value, 1)
			   : cfault_load(base + step->word, &step->value, 1);
	step->to = csystem_ticks();
	if (left) {
		struct cfault_record last = cfault_last();

		step->address = (uint64_t)(uintptr_t)last.address;
		step->signal = last.signal;
		step->code = last.code;
		step->lsb = last.lsb;
	}
}

/* Not fork(3): its handlers take malloc's locks, for which other actors would wait. */
static long split(int *pidfd)
{
	return syscall(SYS_clone, SIGCHLD | (pidfd ? CLONE_PIDFD : 0), NULL, pidfd, NULL, NULL);
}

/* getppid(2) tells of a parent that died before prctl(2): it sends no signal. */
static void die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || syscall(SYS_getppid) != parent)
		syscall(SYS_exit_group, 1);
}

static void take_all(struct cchild_script *script, uint64_t end)
{
	for (uint64_t i = script->done; i < end; i++) {
		take(script->base, &script->steps[i]);
		csystem_store_release(&script->done, i + 1);
	}
}

static void play(struct cchild_script *script)
{
	pid_t self = (pid_t)syscall(SYS_getpid);

	take_all(script, script->first);
	long pid = split(NULL);

	if (pid == 0) {
		die_with(self);
		take_all(script, script->count);
		syscall(SYS_exit_group, 0);
	}
	script->error = pid < 0 ? (uint64_t)errno : 0;
	while (pid > 0 && syscall(SYS_wait4, pid, NULL, 0, NULL) < 0 && errno == EINTR)
		;
}

static void serve(struct cchild_script *script, int go, int end)
{
	unsigned low = (unsigned)(go < end ? go : end), high = (unsigned)(go < end ? end : go);
	uint64_t events;

	syscall(SYS_close_range, 3U, low - 1, 0);
	syscall(SYS_close_range, low + 1, high - 1, 0);
	syscall(SYS_close_range, high + 1, ~0U, 0);
	/* The heap is of no use to children, and most of what would be copied. */
	uintptr_t heap = ((uintptr_t)&end_of_program + 4095) & ~4095UL;
	madvise((void *)heap, (uintptr_t)sbrk(0) - heap, MADV_DONTFORK);
	for (;;) {
		if (read(go, &events, sizeof events) != sizeof events)
			continue;
		play(script);
		events = 1;
		if (write(end, &events, sizeof events) != sizeof events)
			return;
	}
}

int cchild_start(struct cchild_script *script, int go, int end)
{
	pid_t self = getpid();
	int pidfd = -1;
	long pid = split(&pidfd);

	if (pid == 0) {
		die_with(self);
		serve(script, go, end);
		syscall(SYS_exit_group, 1);
	}
	return pid < 0 ? -errno : pidfd;
}

int cchild_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int cchild_await(int end, int milliseconds)
{
	struct pollfd event = { .fd = end, .events = POLLIN };
	uint64_t events;

	return poll(&event, 1, milliseconds) == 1 && read(end, &events, sizeof events) > 0;
}
