/* Child processes and the few system calls of the machine that Swift cannot make. */
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same open file under a number that dup2() onto 0, 1 and 2 cannot hit, for a parent that was
 * started with one of these closed; or -errno. */
static int above_standard(int fd)
{
	if (fd < 0)
		return -errno;
	if (fd > 2)
		return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	int error = errno;
	close(fd);
	return moved < 0 ? -error : moved;
}

int csystem_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		ends[i] = above_standard(ends[i]);
		if (ends[i] < 0) {
			if (ends[1 - i] >= 0)
				close(ends[1 - i]);
			return ends[i];
		}
	}
	return 0;
}

/* Runs between fork() and execve() in a process that may have had many threads: nothing here but
 * async-signal-safe calls, and memory that was there before. */
static int become(const char *path, char *const argv[], char *const envp[], int out, int err,
		  const int *keep, size_t kept, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return errno;
	if (getppid() != parent)
		_exit(127); /* the parent died before the line above: no signal would come */
	if (setpgid(0, 0) < 0) /* the terminal's Ctrl-C is for the parent to act on */
		return errno;

	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (empty < 0 || dup2(empty, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		return errno;
	if (syscall(SYS_close_range, 3, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) < 0)
		return errno;
	for (size_t i = 0; i < kept; i++)
		if (fcntl(keep[i], F_SETFD, 0) < 0)
			return errno;
	/* The report pipe is close-on-exec: its end of file tells the parent that this worked. */
	execve(path, argv, envp);
	return errno;
}

/* The guard: stays in the group, which keeps the group's number from being given to another, and
 * kills it, itself included, when the last copy of the pipe's other end is gone. It does not die of
 * what is sent to the whole group, and holds nothing open: no lock, and nobody's output. */
static void keep_guard(pid_t group, int end)
{
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_NAME, "dax-guard");
	if (setpgid(0, group) < 0)
		_exit(127);
	if (end > 0)
		syscall(SYS_close_range, 0U, end - 1U, 0U);
	syscall(SYS_close_range, end + 1U, ~0U, 0U);

	char byte;
	while (read(end, &byte, 1) < 0 && errno == EINTR)
		;
	kill(0, SIGKILL);
	_exit(127);
}

/* Sets a guard over the group of `pid`, which is a child that nobody has reaped. 0, or -errno. */
static int set_guard(pid_t pid, struct csystem_guard *guard)
{
	int ends[2];
	int error = csystem_pipe(ends);
	if (error)
		return error;
	/* The child does so, too: whoever comes first. */
	setpgid(pid, pid);
	guard->pid = fork();
	if (guard->pid == 0)
		keep_guard(pid, ends[0]);
	error = guard->pid < 0 ? -errno : 0;
	close(ends[0]);
	if (error)
		close(ends[1]);
	else
		guard->end = ends[1];
	return error;
}

void csystem_dismiss(struct csystem_guard *guard)
{
	if (guard->pid < 0)
		return;
	close(guard->end);
	while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
		;
	guard->pid = guard->end = -1;
}

int csystem_spawn(const char *path, char *const argv[], char *const envp[], int out, int err,
		  const int *keep, size_t kept, struct csystem_guard *guard)
{
	if (guard)
		guard->pid = guard->end = -1;
	int report[2];
	int refused = csystem_pipe(report);
	if (refused)
		return refused;

	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0) {
		int error = become(path, argv, envp, out, err, keep, kept, parent);
		ssize_t written = write(report[1], &error, sizeof error);
		(void)written;
		_exit(127);
	}
	int error = pid < 0 ? errno : 0;
	close(report[1]);
	int unguarded = pid > 0 && guard ? -set_guard(pid, guard) : 0;
	if (pid > 0) {
		ssize_t got;
		do
			got = read(report[0], &error, sizeof error);
		while (got < 0 && errno == EINTR);
		if (got != sizeof error)
			error = unguarded;
		if (error) {
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
			while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
				;
			if (guard)
				csystem_dismiss(guard);
		}
	}
	close(report[0]);
	return error ? -error : pid;
}

int csystem_kill_group(int pid)
{
	/* The child itself, too: it may have left for a group of its own. */
	kill(-pid, SIGKILL);
	return kill(pid, SIGKILL) < 0 ? -errno : 0;
}

int csystem_wait(int pidfd, int group, int milliseconds, int *code, int *status)
{
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };
	int ready = poll(&ended, 1, milliseconds);
	if (ready < 0)
		return errno == EINTR ? 0 : -errno;
	if (ready == 0)
		return 0;
	siginfo_t info;
	/* While it is not reaped, its number and its group's are nobody else's. */
	if (group > 0)
		kill(-group, SIGKILL);
	while (waitid(P_PIDFD, pidfd, &info, WEXITED) < 0)
		if (errno != EINTR)
			return -errno;
	*code = info.si_code;
	*status = info.si_status;
	return 1;
}

static atomic_uint interrupts[NSIG];

static void count(int signal)
{
	atomic_fetch_add_explicit(&interrupts[signal], 1, memory_order_relaxed);
}

int csystem_count_interrupts(void)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART };
	sigemptyset(&action.sa_mask);
	const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct sigaction before;
		if (sigaction(signals[i], NULL, &before) < 0)
			return -errno;
		/* nohup(1): whoever started this wants it to outlive the terminal. */
		if (signals[i] == SIGHUP && before.sa_handler == SIG_IGN)
			continue;
		if (sigaction(signals[i], &action, NULL) < 0)
			return -errno;
	}
	/* Whoever read our output has gone: the report is still wanted. */
	signal(SIGPIPE, SIG_IGN);
	/* A limit on the size of files (ulimit -f) is an error to tell of, EFBIG. */
	signal(SIGXFSZ, SIG_IGN);
	return 0;
}

unsigned csystem_interrupts(int signal)
{
	return atomic_load_explicit(&interrupts[signal], memory_order_relaxed);
}

int csystem_pidfd_open(int pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	return fd < 0 ? -errno : fd;
}

int csystem_pidfd_kill(int pidfd, int signal)
{
	return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int csystem_open(const char *path, int flags, unsigned mode)
{
	return above_standard(open(path, flags | O_CLOEXEC, mode));
}

int csystem_open_at(int directory, const char *name, int flags, unsigned mode)
{
	return above_standard(openat(directory, name, flags | O_CLOEXEC, mode));
}

int csystem_memory_file(const char *name)
{
	return above_standard(memfd_create(name, MFD_CLOEXEC));
}

int csystem_finit_module(int fd, const char *parameters)
{
	return syscall(SYS_finit_module, fd, parameters, 0) < 0 ? -errno : 0;
}

int csystem_power_off(void)
{
	return reboot(RB_POWER_OFF) < 0 ? -errno : 0;
}
