#include "CSystem.h"

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <malloc.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int csystem_is_translated(void)
{
	unsigned a, name[3], c, d;

	if (!__get_cpuid(1, &a, &name[0], &c, &d) || !(c & 1u << 31))
		return 0;
	__cpuid(0x40000000, a, name[0], name[1], name[2]);
	return !memcmp(name, "TCGTCGTCGTCG", sizeof name);
}

int csystem_count_tracepoint(uint64_t id, int pid, int cpu, int leader)
{
	struct perf_event_attr attr;
	long fd;

	memset(&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = id;
	attr.read_format = PERF_FORMAT_GROUP;
	fd = syscall(SYS_perf_event_open, &attr, pid, cpu, leader, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

int csystem_fault_hold_open(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	long fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0)
		return -errno;
	if (ioctl((int)fd, UFFDIO_API, &api)) {
		error = errno;
		close((int)fd);
		return -error;
	}
	return (int)fd;
}

int csystem_fault_hold(int fd, void *address, size_t bytes)
{
	struct uffdio_register asked = {
		.range = { .start = (uintptr_t)address, .len = bytes },
		.mode = UFFDIO_REGISTER_MODE_MISSING
	};

	return ioctl(fd, UFFDIO_REGISTER, &asked) ? -errno : 0;
}

int csystem_fault_fill(int fd, void *address, const void *from, size_t bytes)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)address, .src = (uintptr_t)from, .len = bytes
	};

	return ioctl(fd, UFFDIO_COPY, &copy) ? -errno : 0;
}

int csystem_fault_release(int fd, void *address, size_t bytes)
{
	struct uffdio_range range = { .start = (uintptr_t)address, .len = bytes };

	return ioctl(fd, UFFDIO_UNREGISTER, &range) ? -errno : 0;
}

int csystem_filter_tracepoint(int fd, const char *filter)
{
	return ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter) ? -errno : 0;
}

int csystem_clone_range(int to, int from, uint64_t offset, uint64_t length, uint64_t at)
{
	struct file_clone_range range = {
		.src_fd = from, .src_offset = offset, .src_length = length, .dest_offset = at
	};

	return ioctl(to, FICLONERANGE, &range);
}

int64_t csystem_copy_range(int to, int from, uint64_t offset, uint64_t length, uint64_t at)
{
	off64_t in = (off64_t)offset, out = (off64_t)at;

	return copy_file_range(from, &in, to, &out, length, 0);
}

int64_t csystem_dedupe_range(int to, int from, uint64_t offset, uint64_t length, uint64_t at)
{
	union {
		struct file_dedupe_range range;
		char room[sizeof(struct file_dedupe_range) +
			  sizeof(struct file_dedupe_range_info)];
	} request;
	struct file_dedupe_range_info *info = request.range.info;

	memset(&request, 0, sizeof request);
	request.range.src_offset = offset;
	request.range.src_length = length;
	request.range.dest_count = 1;
	info->dest_fd = to;
	info->dest_offset = at;
	if (ioctl(from, FIDEDUPERANGE, &request))
		return -1;
	if (info->status < 0) {
		errno = -info->status;
		return -1;
	}
	return info->status == FILE_DEDUPE_RANGE_SAME ? (int64_t)info->bytes_deduped : 0;
}

int csystem_exchange_range(int one, int two, uint64_t offset, uint64_t length, uint64_t at,
			   uint64_t flags)
{
	/* struct xfs_exchange_range, which Debian 12's headers have not. */
	struct {
		int32_t file1_fd;
		uint32_t pad;
		uint64_t file1_offset, file2_offset, length, flags;
	} range = { .file1_fd = two, .file1_offset = at, .file2_offset = offset,
		    .length = length, .flags = flags };

	return ioctl(one, _IOW('X', 129, range), &range);
}

int csystem_freeze(int fd)
{
	return ioctl(fd, FIFREEZE, 0);
}

int csystem_thaw(int fd)
{
	return ioctl(fd, FITHAW, 0);
}

int csystem_flag_dax(int fd, int on)
{
	struct fsxattr attr;

	if (ioctl(fd, FS_IOC_FSGETXATTR, &attr))
		return -1;
	attr.fsx_xflags = on ? attr.fsx_xflags | FS_XFLAG_DAX : attr.fsx_xflags & ~FS_XFLAG_DAX;
	return ioctl(fd, FS_IOC_FSSETXATTR, &attr);
}

void *csystem_remap(void *memory, size_t bytes, size_t wanted, void *to)
{
	return mremap(memory, bytes, wanted, MREMAP_MAYMOVE | (to ? MREMAP_FIXED : 0), to);
}

int csystem_columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

void csystem_count_up(uint64_t *words, size_t count, uint64_t first, uint64_t step)
{
	/* As fast in a program that was not optimised: it goes over a whole device. */
	if (count)
		__asm__ volatile("1: mov %1, (%0)\n\tadd %3, %1\n\tadd $8, %0\n\tdec %2\n\tjnz 1b"
				 : "+r"(words), "+r"(first), "+r"(count)
				 : "r"(step)
				 : "memory", "cc");
}

void csystem_keep_memory(void)
{
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

int csystem_map_extents(int fd, void *request)
{
	return ioctl(fd, FS_IOC_FIEMAP, request);
}
