/* SPDX-License-Identifier: BSD-2-Clause */
/* The way of an event through the program, up to a stage: from pages in memory
 * to bytes into /dev/null. */
#ifndef REPLAY_PATH_H
#define REPLAY_PATH_H

#include <stdint.h>

#include "replay_pages.h"
#include "view/view.h"
#include "tcpwatch/error.h"

enum replay_stage {                     /* each includes those above it */
	REPLAY_PAGES,                   /* copying and walking pages */
	REPLAY_DECODE,
	REPLAY_MERGE,
	REPLAY_TRACK,
	REPLAY_SHOW                     /* a view and an output */
};

struct replay_path {
	enum replay_stage stage;
	const struct view_ops *view;    /* of REPLAY_SHOW */
	const char *format;             /* likewise: table, json or csv */
};

/* 0, or -errno and *err; -EPROTO when what came out is not what went in. */
int replay_path_run(const struct replay_path *path,
		    const struct replay_pages *pages, struct error *err);

#endif
