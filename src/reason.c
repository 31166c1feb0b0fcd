/* SPDX-License-Identifier: BSD-2-Clause */
/* The vocabulary of reasons; see reason.h. */
#include "reason.h"

#include <stddef.h>

static const char *const names[REASON_COUNT] = {
	[REASON_CONNECT] = "connect",
	[REASON_LISTEN] = "listen",
	[REASON_SYN_RECEIVED] = "SYN received",
	[REASON_SYNACK_RECEIVED] = "SYN-ACK received",
	[REASON_HANDSHAKE_DONE] = "handshake done",
	[REASON_SIMULTANEOUS_OPEN] = "simultaneous open",
	[REASON_CLOSED_BY_US] = "closed by us",
	[REASON_CLOSED_BY_PEER] = "closed by peer",
	[REASON_FIN_ACKNOWLEDGED] = "FIN acknowledged",
	[REASON_SIMULTANEOUS_CLOSE] = "simultaneous close",
	[REASON_TO_TIME_WAIT] = "to TIME_WAIT",
	[REASON_ORPHANED] = "orphaned",
	[REASON_LISTENER_CLOSED] = "listener closed",
	[REASON_REFUSED] = "connection refused",
	[REASON_RESET_BY_PEER] = "reset by peer",
	[REASON_ABORTED_BY_US] = "aborted by us",
	[REASON_TIMED_OUT] = "timed out",
	[REASON_KEEPALIVE_TIMED_OUT] = "keepalive timed out",
	[REASON_HOST_UNREACHABLE] = "host unreachable",
	[REASON_NET_UNREACHABLE] = "net unreachable",
	[REASON_GAVE_UP] = "gave up connecting",
	[REASON_KILLED] = "killed",
};

static const char *const trigger_names[REASON_TRIGGER_COUNT] = {
	[REASON_TRIGGER_CALL] = "call",
	[REASON_TRIGGER_PACKET] = "packet",
	[REASON_TRIGGER_TIMER] = "timer",
};

static const char *const class_names[REASON_CLASS_COUNT] = {
	[REASON_CLASS_UNKNOWN] = "unknown",
	[REASON_CLASS_SYN] = "syn",
	[REASON_CLASS_SYNACK] = "synack",
	[REASON_CLASS_RTO] = "rto",
	[REASON_CLASS_SLOWSTART] = "slowstart",
	[REASON_CLASS_FAST] = "fast",
	[REASON_CLASS_TLP] = "tlp",
	[REASON_CLASS_FAILED] = "failed",
};

const char *reason_name(unsigned int reason)
{
	return reason < REASON_COUNT ? names[reason] : NULL;
}

const char *reason_trigger_name(unsigned int trigger)
{
	return trigger < REASON_TRIGGER_COUNT ? trigger_names[trigger] : NULL;
}

const char *reason_class_name(unsigned int class)
{
	return class_names[class < REASON_CLASS_COUNT ? class : 0];
}
