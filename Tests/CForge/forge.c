#include "CForge.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int cforge_bus(int code, void *address, short lsb)
{
	siginfo_t info;

	memset(&info, 0, sizeof info);
	info.si_signo = SIGBUS;
	info.si_code = code;
	info.si_addr = address;
	info.si_addr_lsb = lsb;
	return syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), SIGBUS, &info)
		       ? errno
		       : 0;
}
