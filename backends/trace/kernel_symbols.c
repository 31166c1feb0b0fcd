/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and searches a list of kernel symbols; see kernel_symbols.h. */
#include "kernel_symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_BYTES = 1024,              /* a name has up to 511 (KSYM_NAME_LEN) */
	NAME_BYTES = 600,
	FUNCTION_BYTES_MAX = 1 << 18    /* no function is that long */
};

/* One line: "ffffffff81000000 T name\t[module]". */
struct line {
	uint64_t address;
	char name[NAME_BYTES];          /* with its module */
};

static bool is_function(char type)
{
	return type == 't' || type == 'T' || type == 'w' || type == 'W';
}

/* False for what is no function. */
static bool parse_line(struct line *line, const char *text)
{
	char name[512], module[80] = "";
	char type;
	int found = sscanf(text, "%16" SCNx64 " %c %511s %79s", &line->address,
			   &type, name, module);

	if (found < 3 || !is_function(type))
		return false;
	snprintf(line->name, sizeof(line->name), "%s%s%s", name,
		 module[0] == '[' ? " " : "", module[0] == '[' ? module : "");
	return true;
}

/* Doubles the room for items until they fit. 0 or -ENOMEM. */
static int make_room(void **items, size_t *capacity, size_t wanted, size_t size)
{
	size_t grown = *capacity ? *capacity : 4096;
	void *larger;

	if (wanted <= *capacity)
		return 0;
	while (grown < wanted)
		grown *= 2;
	larger = realloc(*items, grown * size);
	if (!larger)
		return -ENOMEM;
	*items = larger;
	*capacity = grown;
	return 0;
}

static int add(struct kernel_symbols *symbols, const struct line *line)
{
	size_t length = strlen(line->name) + 1;

	if (symbols->count == KERNEL_SYMBOLS_MAX ||
	    symbols->names_bytes + length > KERNEL_SYMBOLS_TEXT_MAX)
		return -E2BIG;
	if (make_room((void **)&symbols->symbols, &symbols->capacity,
		      symbols->count + 1, sizeof(*symbols->symbols)) ||
	    make_room((void **)&symbols->names, &symbols->names_capacity,
		      symbols->names_bytes + length, 1))
		return -ENOMEM;
	symbols->symbols[symbols->count++] = (struct kernel_symbol){
		line->address, (uint32_t)symbols->names_bytes
	};
	memcpy(symbols->names + symbols->names_bytes, line->name, length);
	symbols->names_bytes += length;
	return 0;
}

/* What is left of a line that was too long is no line of its own. */
static void skip_rest(FILE *file, const char *text)
{
	int byte;

	if (strchr(text, '\n'))
		return;
	do {
		byte = getc(file);
	} while (byte != '\n' && byte != EOF);
}

/* *hidden: every address was 0, which is how the kernel hides them. */
static int read_lines(struct kernel_symbols *symbols, FILE *file, bool *hidden)
{
	char text[LINE_BYTES];
	struct line line;
	int ret = 0;

	*hidden = false;
	while (!ret && fgets(text, sizeof(text), file)) {
		skip_rest(file, text);
		if (!parse_line(&line, text))
			continue;
		if (line.address)
			ret = add(symbols, &line);
		else
			*hidden = true;
	}
	*hidden &= !symbols->count;
	return ret;
}

/* Names of one address stay in the file's order: there they have risen. */
static int compare(const void *left, const void *right)
{
	const struct kernel_symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->name < b->name ? -1 : 1;
}

int kernel_symbols_open(struct kernel_symbols *symbols, const char *path,
			struct error *err)
{
	FILE *file = fopen(path, "re");
	bool hidden;
	int ret;

	*symbols = (struct kernel_symbols){ 0 };
	if (!file)
		return error_set(err, errno, "cannot read %s: %s", path,
				 strerror(errno));
	ret = read_lines(symbols, file, &hidden);
	fclose(file);
	if (hidden)
		ret = error_set(err, EPERM, "%s hides addresses here: see "
				"kernel.kptr_restrict and CAP_SYSLOG", path);
	else if (ret)
		error_set(err, -ret, "cannot read %s: %s", path, strerror(-ret));
	else if (!symbols->count)
		ret = error_set(err, ENOENT, "%s lists no function", path);
	if (ret)
		kernel_symbols_close(symbols);
	else
		qsort(symbols->symbols, symbols->count,
		      sizeof(*symbols->symbols), compare);
	return ret;
}

void kernel_symbols_close(struct kernel_symbols *symbols)
{
	free(symbols->symbols);
	free(symbols->names);
	*symbols = (struct kernel_symbols){ 0 };
}

/* How many of the symbols begin at address or before it. */
static size_t count_upto(const struct kernel_symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *kernel_symbols_find(const struct kernel_symbols *symbols,
				uint64_t address)
{
	const struct kernel_symbol *all = symbols->symbols;
	size_t count = count_upto(symbols, address);

	if (!count || address - all[count - 1].address >= FUNCTION_BYTES_MAX)
		return NULL;
	while (count > 1 && all[count - 2].address == all[count - 1].address)
		count--;
	return symbols->names + all[count - 1].name;
}
