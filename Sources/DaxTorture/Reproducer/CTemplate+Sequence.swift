/// A program of one script: what each word must hold is known at every step, and no log is needed.
extension CTemplate {
    static let sequence = CTemplate(
        #"""
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        @if falloc
        #include <linux/falloc.h>
        @end
        @if pairs
        #include <linux/fs.h>
        @end
        @if holds
        #include <linux/userfaultfd.h>
        #include <poll.h>
        @end
        @if holds|private-pin
        #include <pthread.h>
        @end
        #include <setjmp.h>
        #include <signal.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        @if pairs|holds
        #include <sys/ioctl.h>
        @end
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <sys/statvfs.h>
        @if holds|traces
        #include <sys/syscall.h>
        @end
        @if pin|unmapped-pin|private-pin
        #include <sys/uio.h>
        @end
        @if pause|at|holds|private-pin
        #include <time.h>
        @end
        #include <unistd.h>

        #ifndef ROUNDS
        #define ROUNDS @ROUNDS@
        #endif
        #define KiB 1024L
        #define MiB (1024 * KiB)
        #define PAGE (4 * KiB)
        #define MAPPED (@MAPPED@)	/* of each file */
        #define JUDGED (@JUDGED@)	/* of each file: as far as any step reaches */

        enum { @FILES@, FILES };

        static int fd[FILES]@DESCRIPTORS@;
        static char *map[FILES];		/* made before the first step, never again */
        @if second
        static char *fault[FILES];		/* to fault on purpose */
        @end
        @if private
        static char *private[FILES];
        static uint64_t own[FILES][JUDGED / 8];	/* what was stored there */
        @end
        static off_t size[FILES];		/* what each must have, */
        static uint64_t want[FILES][JUDGED / 8];	/* and hold */
        static uint64_t buf[@MOST@ / 8] __attribute__((aligned(4096)));
        static int round, step, shown;
        static sigjmp_buf bus;
        static volatile sig_atomic_t guarded;

        static void fail(const char *what)
        {
        	fprintf(stderr, "could not run: step %d, %s: %s\n", step, what, strerror(errno));
        	exit(2);
        }

        static void on_sigbus(int number)
        {
        	if (guarded)
        		siglongjmp(bus, 1);
        	signal(number, SIG_DFL);
        }

        /* Copies word by word, from a mapping or to one, as far as it goes; how far. */
        static size_t touch(volatile uint64_t *to, volatile uint64_t *from, size_t len)
        {
        	volatile size_t i = 0;

        	guarded = 1;
        	if (!sigsetjmp(bus, 0))
        		for (; i < len / 8; i++)
        			to[i] = from[i];
        	guarded = 0;
        	return 8 * i;
        }

        /* A store may take SIGBUS for want of space. */
        static int is_full(void)
        {
        	struct statvfs st;

        	return statvfs(".", &st) || st.f_bavail * st.f_frsize < 16 * MiB;
        }

        /* An access through a mapping must go as far as the file's last page, and no further. */
        static void check_reach(const char *how, int file, off_t at, size_t len, size_t done)
        {
        	off_t end = (size[file] + PAGE - 1) / PAGE * PAGE - at;
        	size_t reach = end < 0 ? 0 : end < (off_t)len ? end : (off_t)len;

        	if (done == reach)
        		return;
        	if (done < reach && is_full())
        		fail(how);
        	printf("round %d, step %d, %s of f%d: %s at %ld, and the file has %ld bytes\n", round,
        	       step, how, file, done < reach ? "SIGBUS" : "no SIGBUS",
        	       (long)(at + (done < reach ? done : reach)), (long)size[file]);
        	shown = 1;
        }

        static void check_words(const char *how, int file, off_t at, size_t len,
        			const uint64_t *must)
        {
        	for (off_t i = 0; i < (off_t)len && at + i < size[file]; i += 8) {
        		if (buf[i / 8] == must[i / 8])
        			continue;
        		printf("round %d, step %d, %s of f%d: 0x%llx at %ld, which must be 0x%llx\n",
        		       round, step, how, file, (unsigned long long)buf[i / 8], (long)(at + i),
        		       (unsigned long long)must[i / 8]);
        		shown = 1;
        		return;
        	}
        }
        @if writes|stores|private-store

        /* Fills the buffer with what no other step ever wrote: its round, itself, and where. */
        static void stamp(off_t at, size_t len)
        {
        	for (size_t i = 0; i < len / 8; i++)
        		buf[i] = (uint64_t)round << 48 | (uint64_t)step << 28 | (at / 8 + i + 1);
        }
        @end
        @if writes|stores

        static void must_hold_stamps(int file, off_t at, size_t len)
        {
        	memcpy(&want[file][at / 8], buf, len);
        @if writes
        	if (size[file] < at + (off_t)len)
        		size[file] = at + len;
        @end
        }
        @end

        static void look_through(const char *how, int file, char *mapping, off_t at, size_t len)
        {
        	size_t done = touch(buf, (uint64_t *)(mapping + at), len);

        	check_reach(how, file, at, len, done);
        	check_words(how, file, at, done, &want[file][at / 8]);
        }

        static void look_by(const char *how, int file, int by, off_t at, size_t len)
        {
        	ssize_t done = pread(by, buf, len, at);

        	if (done < 0)
        		fail("pread");
        	if (done < (ssize_t)len && at + done != size[file] && at < size[file]) {
        		printf("round %d, step %d, %s of f%d ended at %ld, and the file has %ld bytes\n",
        		       round, step, how, file, (long)(at + done), (long)size[file]);
        		shown = 1;
        	}
        	check_words(how, file, at, done, &want[file][at / 8]);
        }

        static int open_file(int file, int flags)
        {
        	char name[64];
        	int new;

        	snprintf(name, sizeof(name), "@NAME@-f%d", file);
        	if (flags & O_EXCL)
        		unlink(name);
        	new = open(name, O_RDWR | flags, 0600);
        	if (new < 0)
        		fail(name);
        	return new;
        }

        static char *map_file(int file, int flags)
        {
        	char *memory = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE, flags, fd[file], 0);

        	if (memory == MAP_FAILED)
        		fail("mmap");
        	return memory;
        }
        """#)

    /// The functions of the verbs: each makes the call that its name says.
    static let sequenceVerbs = CTemplate(
        #"""
        @if store

        static void do_store(int file, off_t at, size_t len)
        {
        	stamp(at, len);
        	check_reach("store", file, at, len, touch((uint64_t *)(map[file] + at), buf, len));
        	must_hold_stamps(file, at, len);
        @if writebacks
        	is_dirty(file, at, len);
        @end
        }
        @end
        @if load

        static void do_load(int file, off_t at, size_t len)
        {
        	look_through("load", file, map[file], at, len);
        }
        @end
        @if fault-store|fault-load

        /* Drops the page-table entries, so that the next access faults. */
        static void drop(char *mapping, off_t at, size_t len)
        {
        	off_t page = at / PAGE * PAGE;

        	if (madvise(mapping + page, at + len - page, MADV_DONTNEED))
        		fail("madvise");
        }
        @end
        @if fault-store

        static void do_fault_store(int file, off_t at, size_t len)
        {
        	drop(fault[file], at, len);
        	stamp(at, len);
        	check_reach("fault-store", file, at, len,
        		    touch((uint64_t *)(fault[file] + at), buf, len));
        	must_hold_stamps(file, at, len);
        @if writebacks
        	is_dirty(file, at, len);
        @end
        }
        @end
        @if fault-load

        static void do_fault_load(int file, off_t at, size_t len)
        {
        	drop(fault[file], at, len);
        	look_through("fault-load", file, fault[file], at, len);
        }
        @end
        @if mmap

        static void do_mmap(int file)
        {
        	munmap(fault[file], MAPPED);
        	fault[file] = map_file(file, MAP_SHARED);
        }
        @end
        @if private-store

        static void do_private_store(int file, off_t at, size_t len)
        {
        	stamp(at, len);
        	touch((uint64_t *)(private[file] + at), buf, len);
        	memcpy(&own[file][at / 8], buf, len);
        }
        @end
        @if private-load

        /* A page that was stored to is a copy: of the rest of it nothing is said. */
        static void do_private_load(int file, off_t at, size_t len)
        {
        	size_t done = touch(buf, (uint64_t *)(private[file] + at), len);

        	for (size_t i = 0; i < done / 8; i++) {
        		uint64_t *page = &own[file][(at / 8 + i) / 512 * 512];
        		int copied = 0;

        		for (int word = 0; word < 512; word++)
        			copied |= page[word] != 0;
        		if (copied)
        			buf[i] = want[file][at / 8 + i];
        	}
        	check_words("private-load", file, at, done, &want[file][at / 8]);
        }
        @end
        @if persist

        static void do_persist(int file, off_t at, size_t len)
        {
        	guarded = 1;
        	if (!sigsetjmp(bus, 0))
        		for (size_t i = 0; i < len; i += 64)
        			__builtin_ia32_clflush(map[file] + at + i);
        	guarded = 0;
        }
        @end
        @if pwrite|direct-write|sync-write

        static void write_by(const char *how, int file, int by, off_t at, size_t len)
        {
        	stamp(at, len);
        	if (pwrite(by, buf, len, at) != (ssize_t)len)
        		fail(how);
        	must_hold_stamps(file, at, len);
        @if writebacks
        	memset(dirty[file], 0, sizeof(dirty[file]));
        @end
        }
        @end
        @if pwrite

        static void do_pwrite(int file, off_t at, size_t len)
        {
        	write_by("pwrite", file, fd[file], at, len);
        }
        @end
        @if direct-write

        static void do_direct_write(int file, off_t at, size_t len)
        {
        	write_by("direct-write", file, direct[file], at, len);
        }
        @end
        @if sync-write

        static void do_sync_write(int file, off_t at, size_t len)
        {
        	write_by("sync-write", file, synchronous[file], at, len);
        }
        @end
        @if pread

        static void do_pread(int file, off_t at, size_t len)
        {
        	look_by("pread", file, fd[file], at, len);
        }
        @end
        @if direct-read

        static void do_direct_read(int file, off_t at, size_t len)
        {
        	look_by("direct-read", file, direct[file], at, len);
        }
        @end
        @if punch|zero|truncate

        static void must_be_zero(int file, off_t at, off_t end)
        {
        	if (end > JUDGED)
        		end = JUDGED;
        	for (; at < end; at += 8)
        		want[file][at / 8] = 0;
        @if writebacks
        	memset(dirty[file], 0, sizeof(dirty[file]));
        @end
        }
        @end
        @if punch

        static void do_punch(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, len))
        		fail("punch");
        	must_be_zero(file, at, at + len);
        }
        @end
        @if zero

        static void do_zero(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, at, len))
        		fail("zero");
        	must_be_zero(file, at, at + len);
        }
        @end
        @if allocate

        static void do_allocate(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], 0, at, len))
        		fail("allocate");
        	if (size[file] < at + (off_t)len)
        		size[file] = at + len;
        }
        @end
        @if allocate-keep-size

        static void do_allocate_keep_size(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], FALLOC_FL_KEEP_SIZE, at, len))
        		fail("allocate-keep-size");
        }
        @end
        @if collapse

        static void do_collapse(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], FALLOC_FL_COLLAPSE_RANGE, at, len))
        		fail("collapse");
        	memmove(&want[file][at / 8], &want[file][(at + len) / 8], JUDGED - at - len);
        	memset(&want[file][(JUDGED - len) / 8], 0, len);
        	size[file] -= len;
        }
        @end
        @if insert

        static void do_insert(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], FALLOC_FL_INSERT_RANGE, at, len))
        		fail("insert");
        	memmove(&want[file][(at + len) / 8], &want[file][at / 8], JUDGED - at - len);
        	memset(&want[file][at / 8], 0, len);
        	size[file] += len;
        }
        @end
        @if unshare

        static void do_unshare(int file, off_t at, size_t len)
        {
        	if (fallocate(fd[file], FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE, at, len))
        		fail("unshare");
        }
        @end
        @if truncate

        static void do_truncate(int file, off_t to)
        {
        	if (ftruncate(fd[file], to))
        		fail("truncate");
        	must_be_zero(file, to, JUDGED);
        	size[file] = to;
        }
        @end
        @if msync

        static void do_msync(int file, off_t at, size_t len)
        {
        	off_t page = at / PAGE * PAGE;

        	if (msync(map[file] + page, at + len - page, MS_SYNC))
        		fail("msync");
        @if writebacks
        	must_be_clean("msync", file, at, at + len);
        @end
        }
        @end
        @if sync_file_range

        static void do_sync_file_range(int file, off_t at, size_t len)
        {
        	if (sync_file_range(fd[file], at, len, SYNC_FILE_RANGE_WAIT_BEFORE |
        			    SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER))
        		fail("sync_file_range");
        }
        @end
        @if fsync

        static void do_fsync(int file)
        {
        	if (fsync(fd[file]))
        		fail("fsync");
        @if writebacks
        	must_be_clean("fsync", file, 0, JUDGED);
        @end
        }
        @end
        @if reopen

        static void do_reopen(int file)
        {
        	close(fd[file]);
        	fd[file] = open_file(file, 0);
        }
        @end
        @if clone|copy

        static void must_be_copied(int file, off_t at, int source, off_t from, size_t len)
        {
        	memmove(&want[file][at / 8], &want[source][from / 8], len);
        	if (size[file] < at + (off_t)len)
        		size[file] = at + len;
        }
        @end
        @if clone

        static void do_clone(int file, off_t at, int source, off_t from, size_t len)
        {
        	struct file_clone_range range = {
        		.src_fd = fd[source], .src_offset = from, .src_length = len, .dest_offset = at
        	};

        	if (ioctl(fd[file], FICLONERANGE, &range))
        		fail("clone");
        	must_be_copied(file, at, source, from, len);
        }
        @end
        @if copy

        static void do_copy(int file, off_t at, int source, off_t from, size_t len)
        {
        	off_t in = from, out = at;

        	while (out < at + (off_t)len)
        		if (copy_file_range(fd[source], &in, fd[file], &out, at + len - out, 0) <= 0)
        			fail("copy");
        	must_be_copied(file, at, source, from, len);
        }
        @end
        @if dedupe

        /* Files that hold the same share it then; they hold what they held, in any case. */
        static void do_dedupe(int file, off_t at, int source, off_t from, size_t len)
        {
        	struct file_dedupe_range *range = calloc(1, sizeof(*range) + sizeof(*range->info));

        	range->src_offset = from;
        	range->src_length = len;
        	range->dest_count = 1;
        	range->info[0].dest_fd = fd[file];
        	range->info[0].dest_offset = at;
        	if (ioctl(fd[source], FIDEDUPERANGE, range))
        		fail("dedupe");
        	free(range);
        }
        @end
        @if exchange

        static void do_exchange(int file, off_t at, int source, off_t from, size_t len)
        {
        	struct {	/* xfs_exchange_range, which not every header has */
        		int32_t fd;
        		uint32_t pad;
        		uint64_t from, to, length, flags;
        	} range = { .fd = fd[source], .from = from, .to = at, .length = len };

        	if (ioctl(fd[file], _IOW('X', 129, range), &range))
        		fail("exchange");
        	for (size_t i = 0; i < len / 8; i++) {
        		uint64_t word = want[file][at / 8 + i];

        		want[file][at / 8 + i] = want[source][from / 8 + i];
        		want[source][from / 8 + i] = word;
        	}
        }
        @end
        @if syncfs

        static void do_syncfs(void)
        {
        	if (syncfs(fd[0]))
        		fail("syncfs");
        @if writebacks
        	for (int file = 0; file < FILES; file++)
        		must_be_clean("syncfs", file, 0, JUDGED);
        @end
        }
        @end
        @if drop-caches

        static void do_drop_caches(void)
        {
        	int control = open("/proc/sys/vm/drop_caches", O_WRONLY);

        	if (control < 0 || write(control, "3", 1) != 1)
        		fail("drop-caches");
        	close(control);
        }
        @end
        @if held-read

        static void do_held_read(int file, off_t at, size_t len, long ns)
        {
        	ssize_t done = held(fd[file], 0, buf, at, len, ns);

        	if (done < 0)
        		fail("held-read");
        	check_words("held-read", file, at, done, &want[file][at / 8]);
        }
        @end
        @if held-write

        static void do_held_write(int file, off_t at, size_t len, long ns)
        {
        	stamp(at, len);
        	if (held(fd[file], 1, buf, at, len, ns) != (ssize_t)len)
        		fail("held-write");
        	must_hold_stamps(file, at, len);
        @if writebacks
        	memset(dirty[file], 0, sizeof(dirty[file]));
        @end
        }
        @end
        @if sync-faults

        static void do_sync_faults(void)
        {
        	if (sync_faults())
        		return;
        	printf("round %d, step %d: no fault through MAP_SYNC waited\n", round, step);
        	shown = 1;
        }
        @end
        @if private-pin

        static void do_private_pin(long ns)
        {
        	if (!private_pin(ns))
        		return;
        	printf("round %d, step %d: a pinned page holds what was written elsewhere\n", round,
        	       step);
        	shown = 1;
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
        static void pin(const char *what, int file, off_t at, size_t len, long ns,
        		int unmaps)
        {
        	char *mapping = unmaps ? map_file(file, MAP_SHARED) : map[file];
        	struct iovec piece = { mapping + at, len };
        	ssize_t done;
        	int ends[2];

        	if (pipe2(ends, O_NONBLOCK))
        		fail("pipe2");
        	done = vmsplice(ends[1], &piece, 1, 0);
        	if (unmaps)
        		munmap(mapping, MAPPED);
        	if (done > 0) {
        		do_pause(ns);
        		done = read(ends[0], buf, done);
        	}
        	if (done < 0)
        		fail(what);
        	check_words(what, file, at, done, &want[file][at / 8]);
        	close(ends[0]);
        	close(ends[1]);
        }
        @end
        @if pin

        static void do_pin(int file, off_t at, size_t len, long ns)
        {
        	pin("pin", file, at, len, ns, 0);
        }
        @end
        @if unmapped-pin

        static void do_unmapped_pin(int file, off_t at, size_t len, long ns)
        {
        	pin("unmapped-pin", file, at, len, ns, 1);
        }
        @end
        """#)

    static let sequenceMain = CTemplate(
        #"""

        /* Each file, as read(2), a new mapping and the old one have it. */
        static void check_files(void)
        {
        	static const off_t touched[FILES] = { @SPANS@ };

        	for (int file = 0; file < FILES; file++) {
        		char *new = map_file(file, MAP_SHARED);
        		struct stat st;

        		if (fstat(fd[file], &st))
        			fail("fstat");
        		if (st.st_size != size[file]) {
        			printf("round %d: f%d has %ld bytes, and must have %ld\n", round, file,
        			       (long)st.st_size, (long)size[file]);
        			shown = 1;
        		}
        		for (off_t at = 0; at < touched[file]; at += PAGE) {
        			look_by("pread at the end", file, fd[file], at, PAGE);
        			look_through("new mapping at the end", file, new, at, PAGE);
        			look_through("old mapping at the end", file, map[file], at, PAGE);
        		}
        		munmap(new, MAPPED);
        	}
        }

        static void make_file(int file, off_t bytes)
        {
        	fd[file] = open_file(file, O_CREAT | O_EXCL);
        	size[file] = bytes;
        	memset(want[file], 0, sizeof(want[file]));
        @if allocated
        	if (bytes && fallocate(fd[file], 0, 0, bytes))
        		fail("fallocate");
        @else
        @if scattered
        	for (int odd = 0; odd < 2; odd++)
        		for (off_t at = odd * PAGE; at < bytes; at += 2 * PAGE)
        			if (fallocate(fd[file], FALLOC_FL_KEEP_SIZE, at, PAGE))
        				fail("fallocate");
        @end
        	if (ftruncate(fd[file], bytes))
        		fail("ftruncate");
        @end
        @if direct
        	direct[file] = open_file(file, O_DIRECT);
        @end
        @if sync-write
        	synchronous[file] = open_file(file, O_SYNC);
        @end
        	map[file] = map_file(file, MAP_SHARED);
        @if writebacks
        	know(file);
        @end
        @if second
        	fault[file] = map_file(file, MAP_SHARED);
        @end
        @if private
        	private[file] = map_file(file, MAP_PRIVATE);
        	memset(own[file], 0, sizeof(own[file]));
        @end
        }

        static void close_file(int file)
        {
        	close(fd[file]);
        @if direct
        	close(direct[file]);
        @end
        @if sync-write
        	close(synchronous[file]);
        @end
        	munmap(map[file], MAPPED);
        @if second
        	munmap(fault[file], MAPPED);
        @end
        @if private
        	munmap(private[file], MAPPED);
        @end
        }

        int main(int argc, char **argv)
        {
        	struct sigaction catch = { .sa_handler = on_sigbus, .sa_flags = SA_NODEFER };
        	int anywhere = argc > 1 && !strcmp(argv[1], "-n");

        	if (argc > 1 + anywhere && chdir(argv[1 + anywhere]))
        		fail(argv[1 + anywhere]);
        	sigaction(SIGBUS, &catch, NULL);
        	read_kernel_log();
        @if traces
        	start_trace();
        @end
        	for (round = 1; round <= ROUNDS && !shown; round++) {
        		step = 0;
        		@MAKE@
        		if (round == 1 && !anywhere)
        			require_dax(fd[0]);
        @if laidout
        		lay_out();
        @end
        @if at
        		clock_gettime(CLOCK_MONOTONIC, &began);
        @end
        		@ACT@();
        		check_files();
        		read_kernel_log();
        		for (int file = 0; file < FILES; file++)
        			close_file(file);
        	}
        	printf("%s in %d round%s\n", shown ? "shown" : "not shown", round - 1,
        	       round == 2 ? "" : "s");
        	return !!shown;
        }
        """#)
}
