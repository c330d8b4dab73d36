/// What a program is made of before its steps: the log of a round, and a function for each verb.
extension CTemplate {
    static let log = CTemplate(
        #"""
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/falloc.h>
        #include <linux/fs.h>
        @if holds
        #include <linux/userfaultfd.h>
        #include <poll.h>
        @end
        #include <pthread.h>
        #include <sched.h>
        #include <setjmp.h>
        #include <signal.h>
        #include <stdatomic.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/ioctl.h>
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <sys/statvfs.h>
        @if holds|traces
        #include <sys/syscall.h>
        @end
        @if pin|unmapped-pin|private-pin
        #include <sys/uio.h>
        @end
        #include <time.h>
        #include <unistd.h>

        #ifndef ROUNDS
        #define ROUNDS @ROUNDS@
        #endif
        #define KiB 1024L
        #define MiB (1024 * KiB)
        #define PAGE (4 * KiB)
        #define MAPPED (@MAPPED@)	/* of each file, in bytes */
        #define MOST (@MOST@)	/* that a step moves */

        enum { @FILES@, FILES };
        static const off_t looked_at[FILES] = { @SPANS@ };	/* in the end */

        enum kind { OTHER, MADE, READ@KINDS@ };

        struct place {
        	int file;
        	off_t at;
        };

        /* What was done in this round, and what came of it. */
        static struct step {
        	const char *actor;
        	const char *what;
        	enum kind kind;
        	struct place to;
        @if pairs
        	struct place from;	/* .file -1: none */
        @end
        @if private-load
        	struct actor *private_of;	/* whose mapping it is read through */
        @end
        	size_t len, done;
        	unsigned long start, end;	/* ticks */
        	int error, mapped, sigbus;
        	uint64_t seen[PAGE / 8];
        } steps[@STEPS@];

        struct actor {
        	const char *name;
        	void (*act)(struct actor *a);
        	pthread_t thread;
        	struct step *now, *seen;
        @if after
        	atomic_int reached;
        @end
        	int fd[FILES];
        @if direct
        	int direct[FILES];
        @end
        @if sync-write
        	int sync[FILES];
        @end
        	char *map[FILES];	/* made before the first step, never again */
        @if second
        	char *fault[FILES];	/* to fault on purpose */
        @end
        @if private
        	char *private[FILES];
        @end
        	char buf[MOST] __attribute__((aligned(4096)));
        };

        /* What ended before something else began has fewer ticks. */
        static atomic_ulong ticks;
        static atomic_int used;
        static __thread sigjmp_buf bus;
        static __thread volatile sig_atomic_t guarded;
        static int round, shown;

        static void fail(const char *what)
        {
        	fprintf(stderr, "could not run: %s: %s\n", what, strerror(errno));
        	exit(2);
        }

        /* What a step writes into a word; nothing else ever writes the same. */
        static uint64_t stamp(const struct step *s, off_t at)
        {
        	return (uint64_t)round << 48 | (uint64_t)(s - steps + 1) << 28 | (at / 8 + 1);
        }

        static struct step *begin(struct actor *a, enum kind kind, const char *what, int file,
        			  off_t at, size_t len)
        {
        	struct step *s = &steps[used++];

        	*s = (struct step){ .what = what, .kind = kind, .to = { file, at }, .len = len };
        	s->actor = a->name;
        	a->now = s;
        @if pairs
        	s->from.file = -1;
        @end
        @if writes
        	for (size_t i = 0; kind == WRITTEN && i < len; i += 8)
        		*(uint64_t *)(a->buf + i) = stamp(s, at + i);
        @else
        @end
        	s->start = ++ticks;
        	return s;
        }

        static void end(struct step *s, ssize_t done)
        {
        	s->error = done < 0 ? errno : 0;
        	s->end = ++ticks;
        	s->done = done < 0 ? 0 : done;
        @if !expect
        	if (s->error == EOPNOTSUPP || s->error == ENOTTY || s->error == ENOSYS)
        		fail(s->what);
        @end
        @if cuts
        	if (s->error && s->kind == CUT)
        		fail(s->what);
        @end
        	if (s->error && round == 1)
        		printf("note: %s f%d %ld: %s\n", s->what, s->to.file, (long)s->to.at,
        		       strerror(s->error));
        }

        static void on_sigbus(int number)
        {
        	if (guarded)
        		siglongjmp(bus, 1);
        	signal(number, SIG_DFL);
        }

        /* Loads or stores through a mapping, word by word, as far as that goes. */
        static ssize_t touch(struct step *s, char *map)
        {
        	volatile uint64_t *words = (volatile uint64_t *)(map + s->to.at);
        	volatile size_t i = 0;

        	s->mapped = 1;
        	if (!sigsetjmp(bus, 0)) {
        		guarded = 1;
        		for (; i < s->len / 8; i++)
        			if (s->kind == READ)
        				s->seen[i] = words[i];
        			else
        				words[i] = stamp(s, s->to.at + 8 * i);
        	} else {
        		s->sigbus = 1;
        	}
        	guarded = 0;
        	return 8 * i;
        }
        """#)

    /// The functions of the verbs: each makes the call that its name says.
    static let verbs = CTemplate(
        #"""

        @if store

        static void do_store(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, STORED, "store", file, at, len);

        	end(s, touch(s, a->map[file]));
        }
        @end
        @if load

        static void do_load(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, READ, "load", file, at, len);

        	end(s, touch(s, a->map[file]));
        }
        @end
        @if fault-store|fault-load

        /* Drops the page-table entries, so that the next access faults. */
        static void drop(char *map, off_t at, size_t len)
        {
        	off_t page = at / PAGE * PAGE;

        	if (madvise(map + page, at + len - page, MADV_DONTNEED))
        		fail("madvise");
        }
        @end
        @if fault-store

        static void do_fault_store(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s;

        	drop(a->fault[file], at, len);
        	s = begin(a, STORED, "fault-store", file, at, len);
        	end(s, touch(s, a->fault[file]));
        }
        @end
        @if fault-load

        static void do_fault_load(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s;

        	drop(a->fault[file], at, len);
        	s = begin(a, READ, "fault-load", file, at, len);
        	end(s, touch(s, a->fault[file]));
        }
        @end
        @if mmap

        static void do_mmap(struct actor *a, int file)
        {
        	struct step *s = begin(a, OTHER, "mmap", file, 0, 0);

        	munmap(a->fault[file], MAPPED);
        	a->fault[file] = map(a->fd[file], MAP_SHARED);
        	end(s, 0);
        }
        @end
        @if private-store

        static void do_private_store(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, PRIVATE, "private-store", file, at, len);

        	end(s, touch(s, a->private[file]));
        	s->mapped = 2;	/* a private copy may stay behind the end of file */
        }
        @end
        @if private-load

        static void do_private_load(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, READ, "private-load", file, at, len);

        	s->private_of = a;
        	end(s, touch(s, a->private[file]));
        	s->mapped = 2;	/* a private copy may stay behind the end of file */
        }
        @end
        @if persist

        static void do_persist(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, OTHER, "persist", file, at, len);

        	if (!sigsetjmp(bus, 0)) {
        		guarded = 1;
        		for (size_t i = 0; i < len; i += 64)
        			__builtin_ia32_clflush(a->map[file] + at + i);
        	}
        	guarded = 0;
        	end(s, 0);
        }
        @end
        @if pwrite

        static void do_pwrite(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, WRITTEN, "pwrite", file, at, len);

        	end(s, pwrite(a->fd[file], a->buf, len, at));
        }
        @end
        @if direct-write

        static void do_direct_write(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, WRITTEN, "direct-write", file, at, len);

        	end(s, pwrite(a->direct[file], a->buf, len, at));
        }
        @end
        @if sync-write

        static void do_sync_write(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, WRITTEN, "sync-write", file, at, len);

        	end(s, pwrite(a->sync[file], a->buf, len, at));
        }
        @end
        @if pread

        static void do_pread(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, READ, "pread", file, at, len);

        	end(s, pread(a->fd[file], s->seen, len, at));
        }
        @end
        @if direct-read

        static void do_direct_read(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, READ, "direct-read", file, at, len);

        	end(s, pread(a->direct[file], a->buf, len, at));
        	memcpy(s->seen, a->buf, s->done);
        }
        @end
        @if punch

        static void do_punch(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, ZEROED, "punch", file, at, len);

        	end(s, fallocate(a->fd[file], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, len));
        }
        @end
        @if zero

        static void do_zero(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, ZEROED, "zero", file, at, len);

        	end(s, fallocate(a->fd[file], FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, at, len));
        }
        @end
        @if allocate

        static void do_allocate(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, GROWN, "allocate", file, at, len);

        	end(s, fallocate(a->fd[file], 0, at, len) ?: (ssize_t)len);
        }
        @end
        @if allocate-keep-size

        static void do_allocate_keep_size(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, OTHER, "allocate-keep-size", file, at, len);

        	end(s, fallocate(a->fd[file], FALLOC_FL_KEEP_SIZE, at, len));
        }
        @end
        @if collapse

        static void do_collapse(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, COLLAPSED, "collapse", file, at, len);

        	end(s, fallocate(a->fd[file], FALLOC_FL_COLLAPSE_RANGE, at, len));
        }
        @end
        @if insert

        static void do_insert(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, INSERTED, "insert", file, at, len);

        	end(s, fallocate(a->fd[file], FALLOC_FL_INSERT_RANGE, at, len));
        }
        @end
        @if unshare

        static void do_unshare(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, OTHER, "unshare", file, at, len);

        	end(s, fallocate(a->fd[file], FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE, at, len));
        }
        @end
        @if truncate

        static void do_truncate(struct actor *a, int file, off_t size)
        {
        	struct step *s = begin(a, CUT, "truncate", file, size, 0);

        	end(s, ftruncate(a->fd[file], size));
        }
        @end
        @if msync

        static void do_msync(struct actor *a, int file, off_t at, size_t len)
        {
        	off_t page = at / PAGE * PAGE;
        	struct step *s = begin(a, OTHER, "msync", file, at, len);

        	end(s, msync(a->map[file] + page, at + len - page, MS_SYNC));
        }
        @end
        @if sync_file_range

        static void do_sync_file_range(struct actor *a, int file, off_t at, size_t len)
        {
        	struct step *s = begin(a, OTHER, "sync_file_range", file, at, len);

        	end(s, sync_file_range(a->fd[file], at, len,
        			       SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
        				       SYNC_FILE_RANGE_WAIT_AFTER));
        }
        @end
        @if fsync

        static void do_fsync(struct actor *a, int file)
        {
        	struct step *s = begin(a, OTHER, "fsync", file, 0, 0);

        	end(s, fsync(a->fd[file]));
        }
        @end
        @if reopen

        static void do_reopen(struct actor *a, int file)
        {
        	struct step *s = begin(a, OTHER, "reopen", file, 0, 0);

        	close(a->fd[file]);
        	a->fd[file] = open_file(file, 0);
        	end(s, 0);
        }
        @end
        @if clone

        static void do_clone(struct actor *a, int file, off_t at, int source, off_t from, size_t len)
        {
        	struct step *s = begin(a, COPIED, "clone", file, at, len);
        	struct file_clone_range range = {
        		.src_fd = a->fd[source], .src_offset = from, .src_length = len, .dest_offset = at
        	};

        	s->from = (struct place){ source, from };
        	end(s, ioctl(a->fd[file], FICLONERANGE, &range) ?: (ssize_t)len);
        }
        @end
        @if copy

        static void do_copy(struct actor *a, int file, off_t at, int source, off_t from, size_t len)
        {
        	struct step *s = begin(a, COPIED, "copy", file, at, len);

        	s->from = (struct place){ source, from };
        	end(s, copy_file_range(a->fd[source], &from, a->fd[file], &at, len, 0));
        }
        @end
        @if dedupe

        /* Files that hold the same share it then; they hold the same as before, in any case. */
        static void do_dedupe(struct actor *a, int file, off_t at, int source, off_t from, size_t len)
        {
        	struct step *s = begin(a, OTHER, "dedupe", file, at, len);
        	struct file_dedupe_range *range = calloc(1, sizeof(*range) + sizeof(*range->info));

        	range->src_offset = from;
        	range->src_length = len;
        	range->dest_count = 1;
        	range->info[0].dest_fd = a->fd[file];
        	range->info[0].dest_offset = at;
        	end(s, ioctl(a->fd[source], FIDEDUPERANGE, range));
        	free(range);
        }
        @end
        @if exchange

        static void do_exchange(struct actor *a, int file, off_t at, int source, off_t from, size_t len)
        {
        	struct step *s = begin(a, EXCHANGED, "exchange", file, at, len);
        	struct {	/* xfs_exchange_range, which not every header has */
        		int32_t fd;
        		uint32_t pad;
        		uint64_t from, to, length, flags;
        	} range = { .fd = a->fd[source], .from = from, .to = at, .length = len };

        	s->from = (struct place){ source, from };
        	end(s, ioctl(a->fd[file], _IOW('X', 129, range), &range) ?: (ssize_t)len);
        }
        @end
        @if syncfs

        static void do_syncfs(struct actor *a)
        {
        	struct step *s = begin(a, OTHER, "syncfs", 0, 0, 0);

        	end(s, syncfs(a->fd[0]));
        }
        @end
        @if drop-caches

        static void do_drop_caches(struct actor *a)
        {
        	struct step *s = begin(a, OTHER, "drop-caches", 0, 0, 0);
        	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

        	if (fd < 0 || write(fd, "3", 1) != 1)
        		fail("/proc/sys/vm/drop_caches");
        	close(fd);
        	end(s, 0);
        }
        @end
        @if held-read

        static void do_held_read(struct actor *a, int file, off_t at, size_t len, long ns)
        {
        	struct step *s = begin(a, READ, "held-read", file, at, len);

        	end(s, held(a->fd[file], 0, a->buf, at, len, ns));
        	memcpy(s->seen, a->buf, s->done);
        }
        @end
        @if held-write

        static void do_held_write(struct actor *a, int file, off_t at, size_t len, long ns)
        {
        	struct step *s = begin(a, WRITTEN, "held-write", file, at, len);

        	end(s, held(a->fd[file], 1, a->buf, at, len, ns));
        }
        @end
        @if sync-faults

        static void do_sync_faults(struct actor *a)
        {
        	struct step *s = begin(a, OTHER, "sync-faults", 0, 0, 0);

        	if (!sync_faults()) {
        		printf("round %d, %s: no fault through MAP_SYNC waited\n", round, a->name);
        		shown = 1;
        	}
        	end(s, 0);
        }
        @end
        @if private-pin

        static void do_private_pin(struct actor *a, long ns)
        {
        	struct step *s = begin(a, OTHER, "private-pin", 0, 0, 0);

        	if (private_pin(ns)) {
        		printf("round %d, %s: a pinned page holds what was written elsewhere\n", round,
        		       a->name);
        		shown = 1;
        	}
        	end(s, 0);
        }
        @end
        @if pause

        static void do_pause(long ns)
        {
        	struct timespec time = { ns / 1000000000, ns % 1000000000 };

        	nanosleep(&time, NULL);
        }
        @end
        @if at

        static struct timespec began;	/* the round */

        static void do_at(long ns)
        {
        	struct timespec until = began;

        	until.tv_sec += (began.tv_nsec + ns) / 1000000000;
        	until.tv_nsec = (began.tv_nsec + ns) % 1000000000;
        	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        }
        @end
        @if pin|unmapped-pin

        /* Pins words of a page, and looks after a while at what the page holds. */
        static void pin(struct actor *a, const char *what, int file, off_t at, size_t len, long ns,
        		int unmaps)
        {
        	char *mapping = unmaps ? map(a->fd[file], MAP_SHARED) : a->map[file];
        	struct iovec piece = { mapping + at, len };
        	struct step *s;
        	ssize_t done;
        	int ends[2];

        	if (pipe2(ends, O_NONBLOCK))
        		fail("pipe2");
        	s = begin(a, READ, what, file, at, len);
        	done = vmsplice(ends[1], &piece, 1, 0);
        	if (unmaps)
        		munmap(mapping, MAPPED);
        	if (done > 0) {
        		do_pause(ns);
        		done = read(ends[0], s->seen, done);
        	}
        	end(s, done);
        	close(ends[0]);
        	close(ends[1]);
        }
        @end
        @if pin

        static void do_pin(struct actor *a, int file, off_t at, size_t len, long ns)
        {
        	pin(a, "pin", file, at, len, ns, 0);
        }
        @end
        @if unmapped-pin

        static void do_unmapped_pin(struct actor *a, int file, off_t at, size_t len, long ns)
        {
        	pin(a, "unmapped-pin", file, at, len, ns, 1);
        }
        @end

        /* All who come to a meeting go on when the last of them does, awake. */
        enum { @MEETINGS@ };
        static const int comers[] = { @COMERS@ };
        static atomic_int come[sizeof(comers) / sizeof(*comers)];

        static void do_meet(int meeting)
        {
        	int before = come[meeting]++;
        	int all = (before / comers[meeting] + 1) * comers[meeting];

        	while (come[meeting] < all)
        		sched_yield();
        }
        @if after

        static void reached(struct actor *a, int step)
        {
        	if (a->reached < step)
        		a->reached = step;
        }

        /* Waits for these actors to have made so many of their steps. */
        static void do_after(struct actor *a, int count, int step)
        {
        	for (int i = 0; i < count; i++)
        		while (a[i].reached < step)
        			sched_yield();
        }
        @end
        @if expect

        /* Whether the step before came to what its script expects. */
        static void expect(struct actor *a, int is_so, const char *what)
        {
        	const struct step *s = a->now;

        	if (is_so)
        		return;
        	printf("round %d: %s: %s f%d %ld %zu: expected %s: %zu bytes, %s\n", round, a->name,
        	       s->what, s->to.file, (long)s->to.at, s->len, what, s->done,
        	       s->sigbus ? "SIGBUS" : strerror(s->error));
        	shown = 1;
        }
        @if expectsOK

        static void expect_ok(struct actor *a)
        {
        	expect(a, !a->now->error && !a->now->sigbus && a->now->done >= a->now->len, "ok");
        }
        @end
        @if expectsSIGBUS

        static void expect_sigbus(struct actor *a)
        {
        	expect(a, a->now->sigbus, "SIGBUS");
        }
        @end
        @if expectsError

        static void expect_error(struct actor *a, int error, const char *name)
        {
        	expect(a, a->now->error == error, name);
        }
        @end
        @if expectsZero

        static void expect_zero(struct actor *a)
        {
        	uint64_t any = 0;

        	for (size_t i = 0; i < a->now->done / 8; i++)
        		any |= a->now->seen[i];
        	expect(a, !any && a->now->done == a->now->len, "zero");
        }
        @end
        @if expectsWritten

        /* What the actor itself stored last. */
        static void expect_written(struct actor *a)
        {
        	const struct step *read = a->now;
        	int is_so = read->done == read->len;

        	for (off_t at = read->to.at; at < read->to.at + (off_t)read->done; at += 8) {
        		const struct step *s = read;

        		while (s-- > steps)
        			if (s->actor == a->name && s->to.file == read->to.file &&
        			    s->to.at <= at && at < s->to.at + (off_t)s->len &&
        			    (@STORES@))
        				break;
        		if (s >= steps && read->seen[(at - read->to.at) / 8] != stamp(s, at))
        			is_so = 0;
        	}
        	expect(a, is_so, "what was written");
        }
        @end
        @end
        """#)
}
