/// What makes and opens the files, and what runs the rounds.
extension CTemplate {
    static let files = CTemplate(
        #"""

        static int open_file(int file, int flags)
        {
        	char name[32];
        	int fd;

        	snprintf(name, sizeof(name), "@NAME@-f%d", file);
        	if (flags & O_EXCL)
        		unlink(name);
        	fd = open(name, O_RDWR | flags, 0600);
        	if (fd < 0)
        		fail(name);
        	return fd;
        }

        static char *map(int fd, int flags)
        {
        	char *memory = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE, flags, fd, 0);

        	if (memory == MAP_FAILED)
        		fail("mmap");
        	return memory;
        }

        /* Makes a file anew, @LAYOUT@. */
        static void make(struct actor *a, int file, off_t size)
        {
        	struct step *s = begin(a, MADE, "make", file, 0, size);
        	int fd = open_file(file, O_CREAT | O_EXCL);

        @if allocated
        	if (size && fallocate(fd, 0, 0, size))
        		fail("fallocate");
        @else
        @if scattered
        	for (int odd = 0; odd < 2; odd++)
        		for (off_t at = odd * PAGE; at < size; at += 2 * PAGE)
        			if (fallocate(fd, FALLOC_FL_KEEP_SIZE, at, PAGE))
        				fail("fallocate");
        @end
        	if (ftruncate(fd, size))
        		fail("ftruncate");
        @end
        	end(s, 0);
        	close(fd);
        }
        """#)

    static let main = CTemplate(
        #"""

        static void open_files(struct actor *a)
        {
        	for (int file = 0; file < FILES; file++) {
        		a->fd[file] = open_file(file, 0);
        @if direct
        		a->direct[file] = open_file(file, O_DIRECT);
        @end
        @if sync-write
        		a->sync[file] = open_file(file, O_SYNC);
        @end
        		a->map[file] = map(a->fd[file], MAP_SHARED);
        @if second
        		a->fault[file] = map(a->fd[file], MAP_SHARED);
        @end
        @if private
        		a->private[file] = map(a->fd[file], MAP_PRIVATE);
        @end
        	}
        }

        static void close_files(struct actor *a)
        {
        	for (int file = 0; file < FILES; file++) {
        		close(a->fd[file]);
        @if direct
        		close(a->direct[file]);
        @end
        @if sync-write
        		close(a->sync[file]);
        @end
        		munmap(a->map[file], MAPPED);
        @if second
        		munmap(a->fault[file], MAPPED);
        @end
        @if private
        		munmap(a->private[file], MAPPED);
        @end
        	}
        }

        static void *start(void *actor)
        {
        	struct actor *a = actor;

        	do_meet(START);
        	a->act(a);
        	return NULL;
        }

        /* Waits for an actor; none may be in one call or access for 20 s, and still 20 s later. */
        static void join(struct actor *a)
        {
        	struct timespec until;

        	for (;;) {
        		clock_gettime(CLOCK_REALTIME, &until);
        		until.tv_sec += 20;
        		if (!pthread_timedjoin_np(a->thread, NULL, &until))
        			return;
        		for (struct actor *b = actors; b < actors + ACTORS; b++) {
        			if (b->now && !b->now->end && b->now == b->seen) {
        				printf("round %d: ", round);
        				print_step(b->now);
        				printf(": does not return\nshown\n");
        				_exit(1);
        			}
        			b->seen = b->now && !b->now->end ? b->now : NULL;
        		}
        	}
        }

        int main(int argc, char **argv)
        {
        	struct sigaction catch = { .sa_handler = on_sigbus, .sa_flags = SA_NODEFER };
        	int anywhere = argc > 1 && !strcmp(argv[1], "-n");

        	setvbuf(stdout, NULL, _IOLBF, 0);
        	if (argc > 1 + anywhere && chdir(argv[1 + anywhere]))
        		fail(argv[1 + anywhere]);
        	sigaction(SIGBUS, &catch, NULL);
        	read_kernel_log();
        @if traces
        	start_trace();
        @end
        	for (round = 1; round <= ROUNDS && !shown; round++) {
        		used = 0;
        		@MAKE@
        		for (struct actor *a = actors; a < actors + ACTORS; a++)
        			open_files(a);
        		if (round == 1 && !anywhere)
        			require_dax(actors[0].fd[0]);
        @if laidout
        		lay_out(&actors[0]);
        @end
        @if at
        		clock_gettime(CLOCK_MONOTONIC, &began);
        @end
        		memset(come, 0, sizeof(come));
        		for (struct actor *a = actors; a < actors + ACTORS; a++) {
        			a->now = a->seen = NULL;
        @if after
        			a->reached = 0;
        @end
        			if ((errno = pthread_create(&a->thread, NULL, start, a)))
        				fail("pthread_create");
        		}
        		for (struct actor *a = actors; a < actors + ACTORS; a++)
        			join(a);
        		check();
        		read_kernel_log();
        		for (struct actor *a = actors; a < actors + ACTORS; a++)
        			close_files(a);
        	}
        	printf("%s in %d round%s\n", shown ? "shown" : "not shown", round - 1,
        	       round == 2 ? "" : "s");
        	return !!shown;
        }
        """#)
}
