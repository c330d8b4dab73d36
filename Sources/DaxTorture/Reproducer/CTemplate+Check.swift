/// How a program judges what it saw. The rules are those of docs/oracle.md, as far as a reader can follow
/// them in one sitting: what was seen is wrong if no order of the steps explains it.
extension CTemplate {
    static let check = CTemplate(
        #"""

        /* ---- the check ---- */

        /* What a file's size may have been. */
        struct size {
        	off_t least, most;
        };
        @if cuts

        /* Whether a truncate of a file, other than `but`, lies between two ticks. */
        static int was_cut(int file, unsigned long from, unsigned long to, const struct step *but)
        {
        	for (const struct step *s = steps; s < steps + used; s++)
        		if (s != but && s->kind == CUT && s->to.file == file && s->start > from &&
        		    s->end < to)
        			return 1;
        	return 0;
        }
        @if grows

        /* Whether a part of one does. */
        static int may_be_cut(int file, unsigned long from, unsigned long to, const struct step *but)
        {
        	for (const struct step *s = steps; s < steps + used; s++)
        		if (s != but && s->kind == CUT && s->to.file == file && s->end > from &&
        		    s->start < to)
        			return 1;
        	return 0;
        }
        @end
        @end

        /* At any time between two ticks, by all steps but one. */
        static struct size size_of(int file, unsigned long from, unsigned long to,
        			   const struct step *but)
        {
        	struct size size = { MAPPED, 0 };

        @if !cuts
        @if !grows
        	(void)from;	/* no size ever changes */
        @end
        @end
        	for (const struct step *s = steps; s < steps + used; s++) {
        		off_t end = s->to.at + s->len;

        		if (s == but || s->to.file != file || s->start > to)
        			continue;
        @if cuts
        		if (was_cut(file, s->end, from, but))
        			continue;
        @end
        		if ((@SETS@) && end < size.least)
        			size.least = end;
        		if ((@SETS_OR_GROWS@) &&
        		    end > size.most)
        			size.most = end;
        	}
        @if grows
        	for (const struct step *s = steps; s < steps + used; s++) {
        		if (s == but || s->to.file != file || s->end >= from)
        			continue;
        @if cuts
        		if (may_be_cut(file, s->start, to, but))
        			continue;
        @end
        		if ((@GREW@) && s->done &&
        		    s->to.at + (off_t)s->done > size.least)
        			size.least = s->to.at + s->done;
        	}
        @end
        @if collapse
        	for (const struct step *s = steps; s < steps + used; s++)
        		if (s != but && s->kind == COLLAPSED && s->to.file == file && s->start < to)
        			size.least -= s->len;
        @end
        @if insert
        	for (const struct step *s = steps; s < steps + used; s++)
        		if (s != but && s->kind == INSERTED && s->to.file == file && s->start < to)
        			size.most += s->len;
        @end
        	return size;
        }

        static int covers(const struct step *s, struct place at)
        {
        	return s->to.file == at.file && s->to.at <= at.at && at.at < s->to.at + (off_t)s->len;
        }

        /* What a step gives a word, if anything: a value@OR_COPY@. */
        struct gift {
        	int any;
        	uint64_t value;
        @if copies
        	struct place from;
        @end
        };

        static struct gift gift(const struct step *s, struct place word)
        {
        @if copies
        	struct gift g = { .any = covers(s, word), .from.file = -1 };
        @else
        	struct gift g = { .any = covers(s, word) };
        @end

        	switch (s->kind) {
        	case MADE:
        		g.any = s->to.file == word.file;
        		break;
        @if zeroes
        	case ZEROED:
        		break;
        @end
        @if cuts
        	case CUT:
        		g.any = s->to.file == word.file && s->to.at <= word.at;
        		break;
        @end
        @if stores
        	case STORED:
        @end
        @if writes
        	case WRITTEN:
        @end
        @if stores|writes
        		g.value = stamp(s, word.at);
        		break;
        @end
        @if clone|copy
        	case COPIED:
        		g.from = (struct place){ s->from.file, s->from.at + word.at - s->to.at };
        		break;
        @end
        @if exchange
        	case EXCHANGED:
        		g.from = (struct place){ s->from.file, s->from.at + word.at - s->to.at };
        		if (g.any)
        			break;
        		g.from = (struct place){ s->to.file, s->to.at + word.at - s->from.at };
        		g.any = s->from.file == word.file && covers(s, g.from);
        		break;
        @end
        @if collapse
        	case COLLAPSED:
        		g.from = (struct place){ word.file, word.at + s->len };
        		g.any = s->to.file == word.file && s->to.at <= word.at;
        		break;
        @end
        @if insert
        	case INSERTED:
        		if (g.any)
        			break;
        		g.from = (struct place){ word.file, word.at - s->len };
        		g.any = s->to.file == word.file && s->to.at <= word.at;
        		break;
        @end
        	default:
        		g.any = 0;
        	}
        	return g;
        }

        /* Whether a step leaves nothing of what a word held before. */
        static int replaces(const struct step *s, struct place word)
        {
        	if (!gift(s, word).any)
        		return 0;
        	switch (s->kind) {
        @if writes
        	case WRITTEN:
        @end
        @if clone|copy
        	case COPIED:
        @end
        @if writes|clone|copy
        		return word.at < s->to.at + (off_t)s->done;
        @end
        @if stores
        	case STORED:	/* what is stored behind the end of file may be lost */
        		return word.at < s->to.at + (off_t)s->done &&
        		       word.at < size_of(word.file, s->start, s->end, s).least;
        @end
        @if zeroes
        	case ZEROED:	/* behind the end of file, parts of pages may be left */
        		return !s->error && ((s->to.at <= word.at / PAGE * PAGE &&
        				      word.at / PAGE * PAGE + PAGE <= s->to.at + (off_t)s->len) ||
        				     word.at < size_of(word.file, s->start, s->end, s).least);
        @end
        @if cuts
        	case CUT:	/* and so here, if the file was shorter before */
        		return word.at >= (s->to.at + PAGE - 1) / PAGE * PAGE ||
        		       word.at < size_of(word.file, s->start, s->end, s).least;
        @end
        	default:
        		return !s->error;
        	}
        }

        /* The step that replaced what `s` gave a word, before a tick; NULL if none did for certain. */
        static const struct step *replaced(const struct step *s, struct place word,
        				   unsigned long before)
        {
        	for (const struct step *r = steps; r < steps + used; r++)
        		if (r->start > s->end && r->end < before && replaces(r, word))
        			return r;
        	return NULL;
        }

        /* The bytes that are the same, as bits: calls move bytes, not words. */
        #define ALL 0xff
        static int same(uint64_t a, uint64_t b)
        {
        	int bytes = 0;

        	for (int i = 0; i < 8; i++)
        		if (!((a ^ b) >> 8 * i & 0xff))
        			bytes |= 1 << i;
        	return bytes;
        }

        @if copies
        #define COPIES 16	/* of copies are followed */
        /* Whether a word may have held a value between two ticks; but for a step that asks. */
        static int explained(uint64_t value, struct place word, unsigned long from,
        		     unsigned long to, const struct step *but, int copies)
        @else
        /* Whether a word may have held a value between two ticks. */
        static int explained(uint64_t value, struct place word, unsigned long from,
        		     unsigned long to)
        @end
        {
        	int bytes = 0;

        	for (const struct step *s = steps + used; s-- > steps && bytes != ALL;) {
        		struct gift g = gift(s, word);
        		int some;

        @if copies
        		if (copies > COPIES)
        			return ALL;
        		if (!g.any || s == but || s->start > to)
        			continue;
        		some = g.from.file < 0 ? same(value, g.value) :
        		       explained(value, g.from, s->start, s->end, s, copies + 1);
        @else
        		if (!g.any || s->start > to)
        			continue;
        		some = same(value, g.value);
        @end
        		if ((some & ~bytes) && !replaced(s, word, from))
        			bytes |= some;
        	}
        	return bytes;
        }

        static void print_step(const struct step *s)
        {
        	printf("%s, ", s->actor);
        @if pairs
        	if (s->from.file >= 0)
        		printf("%s f%d %ld f%d %ld %zu", s->what, s->to.file, (long)s->to.at,
        		       s->from.file, (long)s->from.at, s->len);
        	else
        		printf("%s f%d %ld %zu", s->what, s->to.file, (long)s->to.at, s->len);
        @else
        	printf("%s f%d %ld %zu", s->what, s->to.file, (long)s->to.at, s->len);
        @end
        }

        /* Says what is wrong with what a step saw; whether there is more to say. */
        static int wrong(const struct step *s, off_t at, const char *how)
        {
        	if (++shown > 8)
        		return 0;
        	printf("round %d: ", round);
        	print_step(s);
        	printf(": %s at %ld", how, (long)at);
        	return 1;
        }

        static void wrong_word(const struct step *seen, struct place word, uint64_t value)
        {
        	const struct step *r;

        	if (!wrong(seen, word.at, "a wrong word"))
        		return;
        	printf(", 0x%016llx", (unsigned long long)value);
        	for (const struct step *s = steps; s < steps + used; s++) {
        		struct gift g = gift(s, word);

        @if copies
        		if (!g.any || (g.from.file < 0 ? value != g.value :
        				explained(value, g.from, s->start, s->end, s, 0) != ALL))
        			continue;
        @else
        		if (!g.any || value != g.value)
        			continue;
        @end
        		printf("\n    is of: ");
        		print_step(s);
        		r = replaced(s, word, seen->start);
        		if (r) {
        			printf("; overwritten by: ");
        			print_step(r);
        		}
        	}
        	printf("\n");
        }

        /* A store may take SIGBUS for want of space. */
        static int is_full(void)
        {
        	struct statvfs st;

        	return statvfs(".", &st) || st.f_bavail * st.f_frsize < 16 * MiB;
        }

        @if private-load
        @if private-store
        /* Whether an actor has stored this into its private copy. */
        static int is_own(const struct step *seen, struct place word, uint64_t value)
        {
        	for (const struct step *s = steps; s < seen; s++)
        		if (s->kind == PRIVATE && s->actor == seen->actor && covers(s, word) &&
        		    value == stamp(s, word.at))
        			return 1;
        	return 0;
        }

        /* Since when a private page may not follow the file. */
        static unsigned long first_copy(const struct step *seen, struct place word)
        {
        	for (const struct step *s = steps; seen->private_of && s < seen; s++)
        		if (s->kind == PRIVATE && s->actor == seen->actor &&
        		    s->to.file == word.file && s->to.at / PAGE <= word.at / PAGE &&
        		    word.at / PAGE <= (s->to.at + (off_t)s->len - 1) / PAGE)
        			return s->start;
        	return seen->start;
        }

        @end
        @end
        static void judge(const struct step *s)
        {
        	struct size size = size_of(s->to.file, s->start, s->end, s);
        	off_t reached = s->to.at + s->done;

        	for (off_t at = s->to.at; s->kind == READ && at < reached && at < size.least; at += 8) {
        		uint64_t value = s->seen[(at - s->to.at) / 8];
        		struct place word = { s->to.file, at };
        		unsigned long from = s->start;

        @if private-load
        @if private-store
        		if (s->private_of && is_own(s, word, value))
        			continue;
        		from = first_copy(s, word);
        @end
        @end
        		if (explained(value, word, from, s->end@NOBODY@) != ALL) {
        			wrong_word(s, word, value);
        			break;	/* its neighbours say no more */
        		}
        	}
        	if (s->sigbus && reached / PAGE * PAGE < size.least && !is_full() &&
        	    wrong(s, reached, "SIGBUS within the file,"))
        		printf(", which has %ld bytes\n", (long)size.least);
        	if (s->mapped == 1 && s->done && (reached - 8) / PAGE * PAGE >= size.most &&
        	    wrong(s, reached - 8, "no SIGBUS"))
        		printf(", and the file has %ld bytes\n", (long)size.most);
        	if (s->kind == READ && !s->mapped && !s->error && s->done < s->len &&
        	    reached < size.least && wrong(s, reached, "ended"))
        		printf(", and the file has %ld bytes\n", (long)size.least);
        }

        /* Looks at a page of a file: through a mapping, or, without one, by pread(2). */
        static void look(struct actor *a, const char *what, int file, off_t at, char *map)
        {
        	struct step s = { .what = what, .kind = READ, .to = { file, at }, .len = PAGE };
        	static uint64_t first[PAGE / 8];
        	off_t size;

        	s.actor = a->name;
        @if pairs

        	s.from.file = -1;
        @end
        	s.start = s.end = ++ticks;
        	if (map)
        		s.done = touch(&s, map);
        	else
        		s.done = pread(a->fd[file], s.seen, PAGE, at);
        	judge(&s);
        	if (!map)
        		memcpy(first, s.seen, PAGE);
        	size = size_of(file, s.start, s.end, &s).least - at;
        	for (off_t i = 0; map && i < size && i < (off_t)s.done; i += 8) {
        		if (first[i / 8] == s.seen[i / 8])
        			continue;
        		if (wrong(&s, at + i, "not what pread(2) gave"))
        			printf("\n");
        		break;
        	}
        }

        static void check(void)
        {
        	for (const struct step *s = steps; s < steps + used; s++)
        		if (s->kind == READ || s->mapped)
        			judge(s);
        	for (int file = 0; file < FILES; file++) {
        		char *new = map(actors[0].fd[file], MAP_SHARED);
        		struct size size = size_of(file, ticks, ticks, NULL);
        		struct stat st;

        		for (off_t at = 0; at < looked_at[file]; at += PAGE) {
        			look(&actors[0], "at the end, pread", file, at, NULL);
        			look(&actors[0], "at the end, a new mapping", file, at, new);
        			for (struct actor *a = actors; a < actors + ACTORS; a++)
        				look(a, "at the end, the old mapping", file, at, a->map[file]);
        		}
        		munmap(new, MAPPED);
        		if (fstat(actors[0].fd[file], &st))
        			fail("fstat");
        		if (st.st_size < size.least || st.st_size > size.most) {
        			printf("round %d: f%d has %ld bytes, not %ld to %ld\n", round, file,
        			       (long)st.st_size, (long)size.least, (long)size.most);
        			shown++;
        		}
        	}
        }
        """#)
}
