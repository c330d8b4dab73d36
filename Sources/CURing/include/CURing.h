#ifndef CURING_H
#define CURING_H
/* liburing as a module. Its fast path is `static inline` and imports as it stands; what is here is
 * only what Swift's importer cannot see: enumerators given by macros, and an opcode that is newer
 * than Debian 12's header. */
#include <linux/io_uring.h>
#include <liburing.h>
#include <fcntl.h>
#include <stdio.h>

/* Since Linux 6.9; liburing 2.3 has no name for it. The length travels in `off`. */
enum { CURING_OP_FTRUNCATE = 55 };

static inline void curing_prep_ftruncate(struct io_uring_sqe *sqe, int fd, __u64 length)
{
	io_uring_prep_rw(CURING_OP_FTRUNCATE, sqe, fd, NULL, 0, length);
}

/* No variadic function can be imported, and snprintf(3) is one. Opens the file of `fd` anew, emptying it; `path` must hold CURING_PATH bytes until it is submitted. */
#define CURING_PATH 32

static inline void curing_prep_empty(struct io_uring_sqe *sqe, int fd, char *path)
{
	snprintf(path, CURING_PATH, "/proc/self/fd/%d", fd);
	io_uring_prep_openat(sqe, AT_FDCWD, path, O_WRONLY | O_TRUNC | O_CLOEXEC, 0);
}

static inline void curing_set_fixed_file(struct io_uring_sqe *sqe)
{
	sqe->flags |= IOSQE_FIXED_FILE;
}

static inline void curing_set_link(struct io_uring_sqe *sqe)
{
	sqe->flags |= IOSQE_IO_LINK;
}

/* A kernel thread does it from the start: what may sleep for long must not do so in the call that
 * submits it. */
static inline void curing_set_async(struct io_uring_sqe *sqe)
{
	sqe->flags |= IOSQE_ASYNC;
}
#endif
