/// What a program asks of the system beside its steps.
extension CTemplate {
    static let system = CTemplate(
        #"""

        /* Whether the kernel has complained since this was called last. */
        static void read_kernel_log(void)
        {
        	static int log;
        	char line[8192];
        	ssize_t n;

        	if (!log) {
        		log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
        		lseek(log, 0, SEEK_END);
        	}
        	while ((n = read(log, line, sizeof(line) - 1)) > 0) {
        		line[n] = 0;
        		if (strstr(line, "WARNING:") || strstr(line, "BUG:") || strstr(line, "Oops")) {
        			printf("round %d: the kernel says: %s", round, line);
        			shown = 1;
        		}
        	}
        }

        /* -n is for comparison: it is about DAX. */
        static void require_dax(int fd)
        {
        	struct statx st;

        	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st))
        		fail("statx");
        	if (!(st.stx_attributes & 0x200000 /* STATX_ATTR_DAX */)) {
        		fprintf(stderr, "could not run: the files are not on DAX (-n: run nevertheless)\n");
        		exit(2);
        	}
        }
        """#)
}
