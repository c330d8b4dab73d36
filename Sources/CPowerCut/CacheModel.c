#include "CacheModel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096u

/* A line that a CPU sent, and has not fenced yet. */
struct sent {
	uint64_t sequence;	/* in which order lines were sent, whoever sent them */
	uint64_t bytes;		/* which of the line's bytes */
	size_t line;
	bool streamed;
	uint8_t content[CACHE_LINE];
};

struct cpu {
	struct sent *sent;
	size_t count, room;
};

struct line_copy {
	size_t line;
	uint8_t content[CACHE_LINE];
};

/* What is left of a cut: for each page that became something else since, what it was; and the lines
 * that were not durable and survived. A page that it lacks is that of the next image that has it, or of the
 * durable memory now. */
struct image {
	uint8_t **pages;
	struct line_copy *lines;
	size_t line_count, lost;
};

struct cache_model {
	const uint8_t *memory;
	uint8_t *durable;
	size_t size;
	uint64_t *dirty;	/* a bit for each line that memory and durable may differ in */
	uint16_t *waiting;	/* for each line how often it was sent and not fenced */
	uint64_t sequence;
	struct cpu *cpus;
	unsigned cpu_count;
	struct image *images;
	size_t image_count, image_room;
};

/* Zeroed memory that is there when it is touched. */
static void *blank(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			-1, 0);
	return at == MAP_FAILED ? NULL : at;
}

static size_t lines(const struct cache_model *model) { return model->size / CACHE_LINE; }
static size_t dirty_size(const struct cache_model *model) { return (lines(model) + 63) / 64 * 8; }

static void *must(void *room)
{
	if (!room)
		abort();
	return room;
}

struct cache_model *cache_model_new(const uint8_t *memory, size_t size, unsigned cpus)
{
	struct cache_model *model = calloc(1, sizeof *model);
	if (!model)
		return NULL;
	model->memory = memory;
	model->size = size;
	model->cpu_count = cpus;
	model->cpus = calloc(cpus, sizeof *model->cpus);
	model->durable = blank(size);
	model->dirty = blank(dirty_size(model));
	model->waiting = blank(lines(model) * sizeof *model->waiting);
	if (!model->cpus || !model->durable || !model->dirty || !model->waiting) {
		cache_model_free(model);
		return NULL;
	}
	memcpy(model->durable, memory, size);
	return model;
}

void cache_model_free(struct cache_model *model)
{
	cache_model_forget(model);
	for (unsigned i = 0; model->cpus && i < model->cpu_count; i++)
		free(model->cpus[i].sent);
	if (model->durable)
		munmap(model->durable, model->size);
	if (model->dirty)
		munmap(model->dirty, dirty_size(model));
	if (model->waiting)
		munmap(model->waiting, lines(model) * sizeof *model->waiting);
	free(model->cpus);
	free(model->images);
	free(model);
}

static bool is_dirty(const struct cache_model *model, size_t line)
{
	return model->dirty[line / 64] >> line % 64 & 1;
}

static bool differs(const struct cache_model *model, size_t line)
{
	size_t at = line * CACHE_LINE;
	return memcmp(model->durable + at, model->memory + at, CACHE_LINE) != 0;
}

/* The durable page of a line is about to change: the newest image keeps it, if it has none of its own. */
static void keep(struct cache_model *model, size_t line)
{
	if (!model->image_count)
		return;
	size_t page = line * CACHE_LINE / PAGE;
	uint8_t **kept = &model->images[model->image_count - 1].pages[page];
	if (*kept)
		return;
	*kept = must(malloc(PAGE));
	memcpy(*kept, model->durable + page * PAGE, PAGE);
}

void cache_model_store(struct cache_model *model, size_t offset, size_t length)
{
	if (!length || offset >= model->size)
		return;
	size_t last = offset + length > model->size ? model->size - 1 : offset + length - 1;
	for (size_t line = offset / CACHE_LINE; line <= last / CACHE_LINE; line++)
		model->dirty[line / 64] |= 1ull << line % 64;
}

static struct sent *send(struct cache_model *model, unsigned cpu, size_t line)
{
	struct cpu *sender = &model->cpus[cpu];
	if (sender->count == sender->room) {
		sender->room = sender->room ? 2 * sender->room : 64;
		sender->sent = must(realloc(sender->sent, sender->room * sizeof *sender->sent));
	}
	struct sent *sent = &sender->sent[sender->count++];
	sent->sequence = ++model->sequence;
	sent->bytes = 0;
	sent->line = line;
	sent->streamed = false;
	model->waiting[line]++;
	return sent;
}

/* The bytes [from, to) of a line. */
static uint64_t span(size_t from, size_t to)
{
	return (to - from == 64 ? ~0ull : (1ull << (to - from)) - 1) << from;
}

void cache_model_stream(struct cache_model *model, unsigned cpu, size_t offset, size_t length)
{
	cache_model_store(model, offset, length);
	size_t end = offset + length > model->size ? model->size : offset + length;
	while (offset < end) {
		size_t line = offset / CACHE_LINE, base = line * CACHE_LINE;
		size_t stop = end < base + CACHE_LINE ? end : base + CACHE_LINE;
		struct cpu *sender = &model->cpus[cpu];
		struct sent *last = sender->count ? &sender->sent[sender->count - 1] : NULL;
		/* Where another CPU sent the line, too, the order of the two must not be lost. */
		if (!last || last->line != line || !last->streamed || model->waiting[line] != 1)
			last = send(model, cpu, line);
		last->streamed = true;
		last->bytes |= span(offset - base, stop - base);
		memcpy(last->content + (offset - base), model->memory + offset, stop - offset);
		offset = stop;
	}
}

/* What others sent of a line before is older than what has become durable of it. */
static void supersede(struct cache_model *model, const struct sent *done)
{
	for (unsigned cpu = 0; cpu < model->cpu_count; cpu++) {
		struct cpu *other = &model->cpus[cpu];
		for (size_t i = 0; i < other->count; i++) {
			struct sent *sent = &other->sent[i];
			if (sent->line == done->line && sent->sequence < done->sequence)
				sent->bytes &= ~done->bytes;
		}
	}
}

/* What was sent becomes durable. */
static void land(struct cache_model *model, const struct sent *sent)
{
	uint8_t *durable = model->durable + sent->line * CACHE_LINE;
	model->waiting[sent->line]--;
	if (sent->bytes)
		keep(model, sent->line);
	if (sent->bytes == ~0ull)
		memcpy(durable, sent->content, CACHE_LINE);
	else
		for (unsigned i = 0; i < CACHE_LINE; i++)
			if (sent->bytes >> i & 1)
				durable[i] = sent->content[i];
	if (model->waiting[sent->line])
		supersede(model, sent);
	else if (!differs(model, sent->line))
		model->dirty[sent->line / 64] &= ~(1ull << sent->line % 64);
}

void cache_model_flush(struct cache_model *model, unsigned cpu, size_t offset, bool ordered)
{
	size_t line = offset / CACHE_LINE;
	if (offset >= model->size || !is_dirty(model, line))
		return;
	struct sent *sent = send(model, cpu, line);
	sent->bytes = ~0ull;
	memcpy(sent->content, model->memory + line * CACHE_LINE, CACHE_LINE);
	if (ordered) {
		struct sent one = *sent;
		model->cpus[cpu].count--;
		land(model, &one);
	}
}

void cache_model_fence(struct cache_model *model, unsigned cpu)
{
	struct cpu *sender = &model->cpus[cpu];
	for (size_t i = 0; i < sender->count; i++)
		land(model, &sender->sent[i]);
	sender->count = 0;
}

size_t cache_model_pending(const struct cache_model *model, unsigned cpu)
{
	return model->cpus[cpu].count;
}

/* Calls `body` with each line that may differ. */
#define FOR_DIRTY(model, line, body)                                                          \
	for (size_t word_ = 0; word_ < dirty_size(model) / 8; word_++)                        \
		for (uint64_t bits_ = (model)->dirty[word_]; bits_; bits_ &= bits_ - 1) {     \
			size_t line = word_ * 64 + (size_t)__builtin_ctzll(bits_);            \
			body                                                                  \
		}

void cache_model_settle(struct cache_model *model)
{
	for (unsigned cpu = 0; cpu < model->cpu_count; cpu++) {
		struct cpu *sender = &model->cpus[cpu];
		for (size_t i = 0; i < sender->count; i++)
			model->waiting[sender->sent[i].line] = 0;
		sender->count = 0;
	}
	FOR_DIRTY(model, line, {
		size_t at = line * CACHE_LINE;
		if (differs(model, line)) {
			keep(model, line);
			memcpy(model->durable + at, model->memory + at, CACHE_LINE);
		}
	})
	memset(model->dirty, 0, dirty_size(model));
}

/* A number that follows from two, and looks like none of them (SplitMix64's finalizer). */
static uint64_t mix(uint64_t seed, uint64_t line)
{
	uint64_t x = seed + (line + 1) * 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

int cache_model_cut(struct cache_model *model, enum cache_fate fate, uint64_t seed)
{
	if (model->image_count == model->image_room) {
		size_t room = model->image_room ? 2 * model->image_room : 16;
		struct image *images = realloc(model->images, room * sizeof *images);
		if (!images)
			return -1;
		model->images = images;
		model->image_room = room;
	}
	struct image image = { .pages = calloc(model->size / PAGE, sizeof *image.pages) };
	if (!image.pages)
		return -1;
	size_t room = 0;
	FOR_DIRTY(model, line, {
		if (!differs(model, line))
			continue;
		image.lost++;
		if (fate == CACHE_NONE || (fate == CACHE_SOME && mix(seed, line) & 1))
			continue;
		if (image.line_count == room) {
			room = room ? 2 * room : 64;
			image.lines = must(realloc(image.lines, room * sizeof *image.lines));
		}
		struct line_copy *copy = &image.lines[image.line_count++];
		copy->line = line;
		memcpy(copy->content, model->memory + line * CACHE_LINE, CACHE_LINE);
	})
	model->images[model->image_count] = image;
	return (int)model->image_count++;
}

size_t cache_model_volatile(const struct cache_model *model, int image)
{
	return model->images[image].lost;
}

size_t cache_model_evicted(const struct cache_model *model, int image)
{
	return model->images[image].line_count;
}

void cache_model_image(const struct cache_model *model, int number, uint8_t *into)
{
	for (size_t page = 0; page < model->size / PAGE; page++) {
		const uint8_t *from = model->durable + page * PAGE;
		for (size_t i = (size_t)number; i < model->image_count; i++)
			if (model->images[i].pages[page]) {
				from = model->images[i].pages[page];
				break;
			}
		memcpy(into + page * PAGE, from, PAGE);
	}
	const struct image *image = &model->images[number];
	for (size_t i = 0; i < image->line_count; i++)
		memcpy(into + image->lines[i].line * CACHE_LINE, image->lines[i].content, CACHE_LINE);
}

void cache_model_forget(struct cache_model *model)
{
	for (size_t i = 0; i < model->image_count; i++) {
		struct image *image = &model->images[i];
		for (size_t page = 0; page < model->size / PAGE; page++)
			free(image->pages[page]);
		free(image->pages);
		free(image->lines);
	}
	model->image_count = 0;
}
