/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Congestion states on kernels without tcp:tcp_cong_state_set (before 5.19):
 * kernel probes of our own on the functions that every change of state passes
 * through. tcp_set_ca_state() itself cannot be probed there, it is inlined.
 *
 * Probes are global objects of the kernel. Ours are named after the instance
 * they serve, are enabled in no other, and go away with it; those of a killed
 * run are removed by the next.
 */
#ifndef TRACE_PROBES_H
#define TRACE_PROBES_H

#include <stdbool.h>

#include "tcpwatch/error.h"

/* The trace system that an instance's probes are in ("tcpwatch_1234"). */
struct trace_probes {
	char system[64];                /* "" = none were made */
	char file[256];                 /* kprobe_events */
};

/*
 * Makes the probes for the instance of that name, in the tracefs at
 * tracing_dir. 0, or -errno with the reason in *err and nothing left behind.
 */
int trace_probes_open(struct trace_probes *probes, const char *tracing_dir,
		      const char *instance, struct error *err);

/* Removes them. The instance must be gone: an enabled probe stays. Accepts a
 * zeroed object. */
void trace_probes_close(struct trace_probes *probes);

/*
 * Removes the probes of runs whose instance is no more. The caller holds the
 * lock under which instances are made and removed.
 */
void trace_probes_remove_abandoned(const char *tracing_dir);

#endif
