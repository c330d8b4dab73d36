/* Follows every store to the persistent memory of a machine, and every flush and fence, so that what is
 * durable is known at each instant (CacheModel.h), and keeps it when the guest says so.
 *
 * The guest speaks by a word of the memory that it shares with the host (Doorbell.h): a store to it is seen
 * here, in the midst of that store, so that the instant of a cut is one between two instructions of the
 * guest's, whoever else is at work. Nothing depends on the host: in a deterministic machine the images are
 * a function of the seed, too.
 *
 * What a store has put into memory is looked at there, which two sides map. With several threads of QEMU's
 * a store is in memory a little before it is told of here, one for each CPU at most, as its CPU goes on only
 * when it was: what is found of it too early is a line that was evicted at once. What a CPU does because of
 * another's store it does behind that one's next store, to a lock or the like; so that no store is known
 * here before those that it followed from. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CacheModel.h"
#include "Doorbell.h"
#include "Instruction.h"
#include "QEMUPlugin.h"
#include "SHA256.h"
#include "Translation.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* Where the kernel maps all memory, with four levels of page tables and with five, if nothing moves it
 * (nokaslr). */
#define DIRECT_MAP_4 0xffff888000000000ull
#define DIRECT_MAP_5 0xff11000000000000ull
#define CR4_LA57 (1u << 12)

#define REGISTERS 18
#define CR3 16
#define CR4 17
#define MOST_CPUS 64

static struct guest_memory memory;
static uint8_t *outbox;
static uint64_t outbox_size;
/* The persistent memory that is followed, by physical addresses, and the place of it and of that which gets
 * images in the file. */
static uint64_t start, length, place, second;

/* With one thread for all CPUs QEMU gives callbacks the number of the CPU for which the code was translated,
 * or none at all: there they are one CPU to the model, whose fence is everybody's. That is legal, as any line
 * may be evicted; a fence by the wrong CPU is not seen then. */
static bool is_single;
static unsigned cpu_count;
static struct qemu_plugin_register *registers[MOST_CPUS][REGISTERS];
static GByteArray *values[MOST_CPUS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* NULL until the guest begins. */
static struct cache_model *model;
/* Of each CPU, what it sent and has not fenced: looked at in the guest's code. */
static qemu_plugin_u64 pending;
static struct doorbell_counts counts;

static void note_pending(unsigned cpu)
{
	if (!is_single)
		qemu_plugin_u64_set(pending, cpu, cache_model_pending(model, cpu));
}

static unsigned modelled(unsigned cpu) { return is_single ? 0 : cpu; }

static struct doorbell *doorbell(void) { return (struct doorbell *)(outbox + DOORBELL_OFFSET); }

/* The guest rang: it is in the midst of that store. */
static void ring(void)
{
	struct doorbell *bell = doorbell();
	uint64_t command = __atomic_load_n(&bell->command, __ATOMIC_ACQUIRE);
	if (!command)
		return;
	pthread_mutex_lock(&lock);
	bell->answer = DOORBELL_REFUSED;
	if (command == DOORBELL_BEGIN && !model) {
		model = cache_model_new(memory.bytes + place, length, cpu_count);
		if (model)
			bell->answer = DOORBELL_DONE;
	} else if (model && command == DOORBELL_SETTLE) {
		cache_model_settle(model);
		cache_model_forget(model);
		for (unsigned cpu = 0; cpu < cpu_count; cpu++)
			note_pending(cpu);
		bell->answer = DOORBELL_DONE;
	} else if (model && command == DOORBELL_CUT) {
		int image = cache_model_cut(model, (enum cache_fate)bell->argument, bell->seed);
		if (image >= 0) {
			bell->image = (uint64_t)image;
			bell->lines = cache_model_volatile(model, image);
			bell->evicted = cache_model_evicted(model, image);
			bell->answer = DOORBELL_DONE;
		}
	} else if (model && command == DOORBELL_SHOW) {
		cache_model_image(model, (int)bell->argument, memory.bytes + second);
		sha256(memory.bytes + second, length, bell->digest);
		bell->answer = DOORBELL_DONE;
	}
	bell->counts = counts;
	pthread_mutex_unlock(&lock);
}

static bool is_followed(uint64_t physical) { return physical - start < length; }

/* Whether a kernel's address can be one of the followed memory: it is asked of every store. */
static bool may_be_followed(uint64_t address)
{
	return is_followed(address - DIRECT_MAP_4) || is_followed(address - DIRECT_MAP_5);
}

static void stored(unsigned number, qemu_plugin_meminfo_t access, uint64_t address, void *streams)
{
	unsigned cpu = modelled(number);
	bool is_kernel = address >> 63;
	if (is_kernel && (!__atomic_load_n(&model, __ATOMIC_RELAXED) || !may_be_followed(address)))
		return;
	const struct qemu_plugin_hwaddr *at = qemu_plugin_get_hwaddr(access, address);
	if (!at || qemu_plugin_hwaddr_is_io(at))
		return;
	uint64_t physical = qemu_plugin_hwaddr_phys_addr(at);
	if (!is_followed(physical)) {
		/* The only memory besides is what guest and host share, which lies at a multiple of its size. */
		if (!is_kernel && guest_offset(&memory, physical) == NOWHERE &&
		    (physical & (outbox_size - 1)) == DOORBELL_OFFSET)
			ring();
		return;
	}
	if (!__atomic_load_n(&model, __ATOMIC_RELAXED))
		return;
	size_t bytes = (size_t)1 << qemu_plugin_mem_size_shift(access);
	/* Behind the end of a page another may follow, of which nothing is known. */
	size_t left = 4096 - (physical & 4095);
	pthread_mutex_lock(&lock);
	counts.stores++;
	if (bytes > left) {
		counts.unknown++;
		bytes = left;
	}
	if (streams) {
		counts.streams++;
		cache_model_stream(model, cpu, physical - start, bytes);
		note_pending(cpu);
	} else {
		cache_model_store(model, physical - start, bytes);
	}
	pthread_mutex_unlock(&lock);
}

static void fenced(unsigned number, void *unused)
{
	unsigned cpu = modelled(number);
	(void)unused;
	if (!__atomic_load_n(&model, __ATOMIC_RELAXED) || !cache_model_pending(model, cpu))
		return;
	pthread_mutex_lock(&lock);
	counts.fences++;
	cache_model_fence(model, cpu);
	note_pending(cpu);
	pthread_mutex_unlock(&lock);
}

static uint64_t value(unsigned cpu, int number)
{
	uint64_t word = 0;
	if (cpu >= MOST_CPUS || !registers[cpu][number])
		return 0;
	g_byte_array_set_size(values[cpu], 0);
	int size = qemu_plugin_read_register(registers[cpu][number], values[cpu]);
	memcpy(&word, values[cpu]->data, size < 8 ? (size_t)(size > 0 ? size : 0) : 8);
	return word;
}

/* A flush's operand and kind, within a pointer. */
union packed {
	struct {
		int32_t displacement;
		int8_t base, index;
		uint8_t scale;
		uint8_t bits;
	} parts;
	void *pointer;
};
#define PACKED_ORDERED 1u
#define PACKED_KNOWN 2u

static void flushed(unsigned number, void *data)
{
	unsigned cpu = modelled(number);
	if (!__atomic_load_n(&model, __ATOMIC_RELAXED))
		return;
	union packed flush = { .pointer = data };
	uint64_t physical = NOWHERE;
	if (flush.parts.bits & PACKED_KNOWN) {
		uint64_t address = (uint64_t)(int64_t)flush.parts.displacement;
		if (flush.parts.base >= 0)
			address += value(cpu, flush.parts.base);
		if (flush.parts.index >= 0)
			address += value(cpu, flush.parts.index) << flush.parts.scale;
		int levels = value(cpu, CR4) & CR4_LA57 ? 5 : 4;
		uint64_t map = levels == 5 ? DIRECT_MAP_5 : DIRECT_MAP_4;
		physical = is_followed(address - map)
				   ? address - map
				   : guest_translate(&memory, value(cpu, CR3), levels, address);
	}
	pthread_mutex_lock(&lock);
	if (is_followed(physical)) {
		counts.flushes++;
		cache_model_flush(model, cpu, physical - start, flush.parts.bits & PACKED_ORDERED);
		note_pending(cpu);
	} else if (physical == NOWHERE) {
		counts.unknown++;
	}
	pthread_mutex_unlock(&lock);
}

static void flushed_all(unsigned cpu, void *unused)
{
	(void)cpu;
	(void)unused;
	pthread_mutex_lock(&lock);
	if (model) {
		cache_model_settle(model);
		for (unsigned each = 0; each < cpu_count; each++)
			note_pending(each);
	}
	pthread_mutex_unlock(&lock);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	(void)id;
	size_t count = qemu_plugin_tb_n_insns(block);
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
		uint8_t bytes[16];
		size_t size = qemu_plugin_insn_data(instruction, bytes, sizeof bytes);
		struct operand operand = { 0 };
		enum effect effect = instruction_effect(bytes, size, &operand);
		union packed packed = { .pointer = NULL };
		switch (effect) {
		case EFFECT_FLUSH:
		case EFFECT_FLUSH_ORDERED:
			packed.parts.displacement = operand.displacement;
			packed.parts.base = operand.base;
			packed.parts.index = operand.index;
			packed.parts.scale = operand.scale;
			packed.parts.bits = (effect == EFFECT_FLUSH_ORDERED ? PACKED_ORDERED : 0) |
					    (operand.is_known ? PACKED_KNOWN : 0);
			qemu_plugin_register_vcpu_insn_exec_cb(instruction, flushed, QEMU_PLUGIN_CB_R_REGS,
							       packed.pointer);
			continue;
		case EFFECT_FENCE:
			if (is_single)
				qemu_plugin_register_vcpu_insn_exec_cb(instruction, fenced,
								       QEMU_PLUGIN_CB_NO_REGS, NULL);
			else
				qemu_plugin_register_vcpu_insn_exec_cond_cb(
					instruction, fenced, QEMU_PLUGIN_CB_NO_REGS,
					QEMU_PLUGIN_COND_NE, pending, 0, NULL);
			break;
		case EFFECT_FLUSH_ALL:
			qemu_plugin_register_vcpu_insn_exec_cb(instruction, flushed_all,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
			break;
		case EFFECT_NONE:
		case EFFECT_STREAM:
			break;
		}
		qemu_plugin_register_vcpu_mem_cb(instruction, stored, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_W,
						 effect == EFFECT_STREAM ? &memory : NULL);
	}
}

static void started(qemu_plugin_id_t id, unsigned cpu)
{
	(void)id;
	static const char *const names[REGISTERS] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp",
						      "rsi", "rdi", "r8",  "r9",  "r10", "r11",
						      "r12", "r13", "r14", "r15", "cr3", "cr4" };
	if (cpu >= MOST_CPUS)
		return;
	GArray *known = qemu_plugin_get_registers();
	const qemu_plugin_reg_descriptor *each = (const void *)known->data;
	for (unsigned i = 0; i < known->len; i++)
		for (int number = 0; number < REGISTERS; number++)
			if (!strcmp(each[i].name, names[number]))
				registers[cpu][number] = each[i].handle;
	values[cpu] = g_byte_array_new();
	g_array_free(known, 1);
}

/* All of a file, mapped shared. */
static uint8_t *map(const char *path, uint64_t *size)
{
	int file = open(path, O_RDWR | O_CLOEXEC);
	struct stat status;
	if (file < 0 || fstat(file, &status) < 0)
		return NULL;
	*size = (uint64_t)status.st_size;
	void *at = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	return at == MAP_FAILED ? NULL : at;
}

static int refuse(const char *why)
{
	fprintf(stderr, "power cut: %s\n", why);
	return 1;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (info->version.cur < QEMU_PLUGIN_VERSION)
		return refuse("this QEMU's interface for plugins is too old");
	if (!info->system_emulation || strcmp(info->target_name, "x86_64"))
		return refuse("this is no x86-64 machine");
	const char *memory_path = NULL, *outbox_path = NULL;
	for (int i = 0; i < argc; i++) {
		char *equals = strchr(argv[i], '=');
		if (!equals)
			return refuse("an argument without a value");
		*equals = '\0';
		const char *text = equals + 1;
		uint64_t number = strtoull(text, NULL, 0);
		if (!strcmp(argv[i], "memory"))
			memory_path = text;
		else if (!strcmp(argv[i], "outbox"))
			outbox_path = text;
		else if (!strcmp(argv[i], "low"))
			memory.low = number;
		else if (!strcmp(argv[i], "start"))
			start = number;
		else if (!strcmp(argv[i], "length"))
			length = number;
		else if (!strcmp(argv[i], "single"))
			is_single = number;
		else if (!strcmp(argv[i], "second"))
			second = number;
		else
			return refuse("an argument that nobody knows");
	}
	if (!memory_path || !outbox_path)
		return refuse("no memory");
	memory.bytes = map(memory_path, &memory.size);
	outbox = map(outbox_path, &outbox_size);
	if (!memory.bytes || !outbox)
		return refuse("the memory cannot be mapped");
	place = guest_offset(&memory, start);
	second = guest_offset(&memory, second);
	if (place == NOWHERE || second == NOWHERE || place + length > memory.size ||
	    second + length > memory.size)
		return refuse("the persistent memory is not in the machine's");
	cpu_count = is_single ? 1 : (unsigned)info->system.max_vcpus;
	pending.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	pending.offset = 0;
	qemu_plugin_register_vcpu_init_cb(id, started);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
