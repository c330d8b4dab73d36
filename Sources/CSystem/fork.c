/* A second process of the same program, and the conversation with it. */
#include "CSystem.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int csystem_fork(int *end)
{
	int ends[2];
	pid_t parent = getpid(), pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid = fork();
	if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
		_exit(1); /* the parent died before the line above: no signal would come */
	int error = errno;

	close(ends[pid == 0]);
	if (pid < 0) {
		close(ends[1]);
		return -error;
	}
	*end = ends[pid != 0];
	return pid;
}

int csystem_tgkill(int pid, int thread, int signal)
{
	return syscall(SYS_tgkill, pid, thread, signal) < 0 ? -errno : 0;
}

int csystem_send(int end, const void *bytes, size_t count)
{
	while (count > 0) {
		ssize_t sent = send(end, bytes, count, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return -errno;
		bytes = (const char *)bytes + sent;
		count -= (size_t)sent;
	}
	return 0;
}

int csystem_receive(int end, void *bytes, size_t count)
{
	while (count > 0) {
		ssize_t came = recv(end, bytes, count, 0);

		if (came < 0 && errno == EINTR)
			continue;
		if (came <= 0)
			return came == 0 ? -EPIPE : -errno;
		bytes = (char *)bytes + came;
		count -= (size_t)came;
	}
	return 0;
}
