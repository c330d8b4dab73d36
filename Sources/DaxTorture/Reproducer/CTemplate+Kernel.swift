/// What a program has the kernel do beside its steps: let a copy stand still, and tell what DAX does.
extension CTemplate {
    /// By userfaultfd(2): memory that is not there for a while.
    static let hold = CTemplate(
        #"""
        @if holds

        /* A page of memory that is not there, and what is to be there after a while. */
        struct hold {
        	void *page;
        	const void *contents;
        	long ns;
        	int fd;
        	volatile int done;
        };

        /* Waits until somebody waits for the page, and then for a while. */
        static void *let_go(void *what)
        {
        	struct hold *h = what;
        	struct timespec time = { h->ns / 1000000000, h->ns % 1000000000 };
        	struct pollfd touched = { .fd = h->fd, .events = POLLIN };
        	struct uffdio_copy copy = { .len = PAGE };

        	while (!h->done && poll(&touched, 1, 5) <= 0)
        		;
        	if (!h->done)
        		nanosleep(&time, NULL);
        	copy.dst = (uintptr_t)h->page;
        	copy.src = (uintptr_t)h->contents;
        	ioctl(h->fd, UFFDIO_COPY, &copy);
        	return NULL;
        }

        /* pread(2) or pwrite(2) whose copy stands still, with all locks that the kernel has taken. */
        static ssize_t held(int fd, int writes, void *contents, off_t at, size_t len, long ns)
        {
        	struct uffdio_register pages = { .mode = UFFDIO_REGISTER_MODE_MISSING };
        	struct uffdio_api api = { .api = UFFD_API };
        	struct hold h = { .contents = contents, .ns = ns };
        	pthread_t thread;
        	ssize_t done;
        	int error;

        	h.page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        	h.fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
        	pages.range.start = (uintptr_t)h.page;
        	pages.range.len = PAGE;
        	if (h.page == MAP_FAILED || h.fd < 0 || ioctl(h.fd, UFFDIO_API, &api) ||
        	    ioctl(h.fd, UFFDIO_REGISTER, &pages))
        		fail("userfaultfd");
        	if ((errno = pthread_create(&thread, NULL, let_go, &h)))
        		fail("pthread_create");
        	done = writes ? pwrite(fd, h.page, len, at) : pread(fd, h.page, len, at);
        	error = errno;
        	h.done = 1;
        	pthread_join(thread, NULL);
        	memcpy(contents, h.page, len);
        	close(h.fd);
        	munmap(h.page, PAGE);
        	errno = error;
        	return done;
        }
        @end
        """#)

    /// A page of a file that nothing maps, pinned while its block is freed and given away.
    static let ownPin = CTemplate(
        #"""
        @if private-pin

        #define OLD 0x0101010101010101
        #define NEW 0x0202020202020202

        static void write_page(int file, off_t at, uint64_t word)
        {
        	uint64_t page[PAGE / 8];

        	for (int i = 0; i < PAGE / 8; i++)
        		page[i] = word;
        	if (pwrite(file, page, PAGE, at) != PAGE || fsync(file))
        		fail("pwrite");
        }

        /* Frees the first page's block, and writes another page, which gets it. */
        static void *give_away(void *what)
        {
        	int file = *(int *)what;

        	if (fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE) || fsync(file))
        		fail("punch");
        	write_page(file, PAGE, NEW);
        	return NULL;
        }

        /* Pins a page (vmsplice(2)), and whether it holds what is not its own when it was given away. */
        static int private_pin(long ns)
        {
        	struct timespec time = { ns / 1000000000, ns % 1000000000 };
        	uint64_t seen[PAGE / 8] = { 0 };
        	struct iovec piece = { .iov_len = PAGE };
        	int ends[2], file, wrong = 0;
        	pthread_t thread;

        	file = open("@NAME@-pin", O_RDWR | O_CREAT | O_TRUNC, 0600);
        	if (file < 0 || pipe(ends))
        		fail("@NAME@-pin");
        	write_page(file, 0, OLD);
        	piece.iov_base = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);
        	if (piece.iov_base == MAP_FAILED || vmsplice(ends[1], &piece, 1, 0) != PAGE)
        		fail("vmsplice");
        	munmap(piece.iov_base, PAGE);
        	if ((errno = pthread_create(&thread, NULL, give_away, &file)))
        		fail("pthread_create");
        	nanosleep(&time, NULL);
        	if (read(ends[0], seen, PAGE) != PAGE)
        		fail("read");
        	pthread_join(thread, NULL);
        	for (int i = 0; i < PAGE / 8; i++)
        		wrong |= seen[i] != OLD && seen[i];
        	close(ends[0]);
        	close(ends[1]);
        	close(file);
        	return wrong;
        }
        @end
        """#)

    /// By the tracepoints of fs_dax.
    static let trace = CTemplate(
        #"""
        @if traces

        static void trace(const char *name, const char *text)
        {
        	char path[128];
        	int file;

        	snprintf(path, sizeof(path), "/sys/kernel/tracing/%s", name);
        	file = open(path, O_WRONLY | O_TRUNC);
        	if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text))
        		fail(path);
        	close(file);
        }

        static void start_trace(void)
        {
        	/* Where it is there already it is refused. */
        	syscall(SYS_mount, "tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
        @if writebacks
        	trace("events/fs_dax/dax_writeback_one/enable", "1");
        @end
        @if sync-faults
        	trace("events/fs_dax/dax_pte_fault_done/enable", "1");
        	trace("events/fs_dax/dax_pmd_fault_done/enable", "1");
        @end
        }

        /* The next line of the trace that has a word; NULL: there is none, and it begins anew, empty. */
        static const char *traced(const char *word)
        {
        	static char line[1024];
        	static FILE *file;

        	if (!file)
        		file = fopen("/sys/kernel/tracing/trace", "r");
        	if (!file)
        		fail("/sys/kernel/tracing/trace");
        	while (fgets(line, sizeof(line), file))
        		if (strstr(line, word))
        			return strstr(line, word);
        	fclose(file);
        	file = NULL;
        	trace("trace", "");
        	return NULL;
        }
        @if sync-faults

        /* Stores through MAP_SYNC, each time into a hole: how many faults had to wait for the allocation. */
        static int sync_faults(void)
        {
        	int file, faults = 0, waited = 0;
        	unsigned long inode;
        	volatile char *page;
        	const char *line;
        	struct stat st;

        	file = open("@NAME@-sync", O_RDWR | O_CREAT, 0600);
        	if (file < 0 || fstat(file, &st))
        		fail("@NAME@-sync");
        	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, file, 0);
        	if (page == MAP_FAILED)
        		fail("mmap MAP_SYNC");
        	for (int i = 0; i < 12; i++) {
        		if (ftruncate(file, 0) || ftruncate(file, PAGE))
        			fail("ftruncate");
        		*page = 1;
        	}
        	while ((line = traced("fault_done:"))) {
        		const char *of = strstr(line, " ino ");

        		if (!of || sscanf(of, " ino %lx", &inode) != 1 || inode != st.st_ino)
        			continue;
        		faults++;
        		waited += !!strstr(line, "NEEDDSYNC");
        	}
        	munmap((void *)page, PAGE);
        	close(file);
        	if (!faults) {
        		errno = ENODATA;
        		fail("the trace of faults");
        	}
        	return waited;
        }
        @end
        @end
        """#)

    /// What must be written back when a sync has returned, in a program of one script.
    static let writeback = CTemplate(
        #"""
        @if writebacks

        static ino_t inode[FILES];
        static char dirty[FILES][JUDGED / PAGE];	/* stored to, and not written back since */

        static void know(int file)
        {
        	struct stat st;

        	if (fstat(fd[file], &st))
        		fail("fstat");
        	inode[file] = st.st_ino;
        	memset(dirty[file], 0, sizeof(dirty[file]));
        }

        /* Takes notice of what was written back. */
        static void read_trace(void)
        {
        	unsigned long of, first, count;
        	const char *line;

        	while ((line = traced("dax_writeback_one:"))) {
        		line = strstr(line, " ino ");
        		if (!line || sscanf(line, " ino %lx pgoff %lx pglen %lx", &of, &first, &count) != 3)
        			continue;
        		for (int file = 0; file < FILES; file++)
        			for (unsigned long page = first; page < first + count; page++)
        				if (of == inode[file] && page < JUDGED / PAGE)
        					dirty[file][page] = 0;
        	}
        }

        static void is_dirty(int file, off_t at, size_t len)
        {
        	for (off_t page = at / PAGE; page * PAGE < at + (off_t)len; page++)
        		dirty[file][page] = 1;
        }

        static void must_be_clean(const char *how, int file, off_t at, off_t end)
        {
        	read_trace();
        	for (off_t page = at / PAGE; page * PAGE < end; page++) {
        		if (dirty[file][page]) {
        			printf("round %d, step %d, %s of f%d: page %ld is not written back\n",
        			       round, step, how, file, (long)page);
        			shown = 1;
        		}
        		dirty[file][page] = 0;
        	}
        }
        @end
        """#)
}
