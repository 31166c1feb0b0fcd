/* SPDX-License-Identifier: BSD-2-Clause */
/* Every problem, verdict, reason and class, and what it means. The pages of
 * docs/diagnoses say more of each. */
#include "meaning.h"

#include <stddef.h>

#define PROBLEM MEANING_PROBLEM
#define VERDICT MEANING_VERDICT
/* These two have a page for all of them. */
#define REASON(name, means, remedy) \
	{ MEANING_REASON, name, NULL, means, NULL, NULL, remedy }
#define CLASS(name, means, remedy) \
	{ MEANING_CLASS, name, NULL, means, NULL, NULL, remedy }

const struct meaning meanings[] = {
	{ PROBLEM, "SYN unanswered", "syn-unanswered",
	  "Nothing came back, not even a refusal: a firewall, or a host that is down.",
	  "a slow server: its kernel answers, not its process. But a full accept queue "
	  "over there looks the same.",
	  "tcpwatch sockets --problems --state SYN_SENT",
	  "One port of a host that answers on others: a firewall drops. All its ports: it "
	  "is down, or has no way back. On the server: does the SYN arrive (tcpdump)?" },
	{ PROBLEM, "SYN-ACK unanswered", "synack-unanswered",
	  "The peer asked for a connection and does not go on with it.",
	  "always the client's fault: a full accept queue drops the ACK that ends the "
	  "handshake. Thousands at once are a SYN flood.",
	  "tcpwatch sockets -l",
	  "Few clients: the way back to them is broken. All clients: accept-queue-full. A "
	  "flood: leave tcp_syncookies at 1, filter before this host." },
	{ PROBLEM, "no data", "deferred-accept",
	  "The connection is there, but its listener accepts only one that has sent "
	  "something.",
	  "synack-unanswered: there nothing came back.",
	  "tcpwatch sockets -l --columns comm,lport,defer_accept_s",
	  "Where the client speaks first (HTTP) it is harmless. Where the server does "
	  "(SMTP, MySQL) both wait for one another: take TCP_DEFER_ACCEPT off the "
	  "listener." },
	{ PROBLEM, "the peer may be gone", "peer-gone",
	  "What was sent is not acknowledged: data, or the FIN, was sent again twice and "
	  "more.",
	  "zero-window, where the peer answers and takes nothing; nor loss, where some gets "
	  "through.",
	  "tcpwatch sockets --problems 5",
	  "One peer: it is down, or a firewall or NAT forgot the connection; then new ones "
	  "work at once. All: the path. TCP_USER_TIMEOUT gives up sooner." },
	{ PROBLEM, "zero window", "zero-window",
	  "The peer does not read. While it answers probes the kernel has patience without "
	  "end, unless TCP_USER_TIMEOUT is set.",
	  "the network, nor our receiver: it is about what we send.",
	  "tcpwatch sockets --sort recv_q --top 5",
	  "Look there, on the peer's host: its process is stuck, stopped, or has much to "
	  "do. A short one now and then is how TCP slows a fast sender." },
	{ PROBLEM, "half-open", "half-open",
	  "There is nothing to send, and the peer does not answer keepalive's probes.",
	  "peer-gone: there data waits.",
	  "tcpwatch sockets --problems --state ESTABLISHED",
	  "Was the peer switched off, or did a NAT or firewall forget the connection? If it "
	  "is always after the same idle time: make keepalive's idle time shorter than "
	  "theirs." },
	{ PROBLEM, "closed by the peer and not by its process", "close-wait",
	  "CLOSE_WAIT: the peer has closed, and our process has not. No timer ends it: more "
	  "and more of them are a leak.",
	  "always a leak: a process may still be answering. What stays, or grows, is one.",
	  "tcpwatch sockets --state CLOSE_WAIT 5",
	  "Repair the program: it must close on end of file, in error paths too. Restarting "
	  "it frees the sockets for a while." },
	{ PROBLEM, "orphan", "orphan",
	  "FIN_WAIT2: our process has closed, and the peer has not.",
	  "a leak of ours: it is the other half of a CLOSE_WAIT over there.",
	  "tcpwatch sockets --problems --state FIN_WAIT2",
	  "A few are normal, the kernel frees them (tcp_fin_timeout). Thousands: look on "
	  "the peer for CLOSE_WAIT." },
	{ PROBLEM, "accept queue full", "accept-queue-full",
	  "The process accepts too slowly; how many found no room is counted since it "
	  "listens.",
	  "the network, though clients see syn-unanswered.",
	  "tcpwatch sockets -l 1",
	  "First the process: blocked, out of descriptors, all workers busy? If it is well, "
	  "raise the backlog in its settings and net.core.somaxconn, and restart it." },
	{ PROBLEM, "accept queue overflows", "accept-queue-overflows",
	  "More connections found no room since the list before, also where there is room "
	  "again.",
	  NULL,
	  "tcpwatch sockets -l --problems 1",
	  "As for accept-queue-full. For bursts a larger backlog is the right cure." },
	{ PROBLEM, "TCP_USER_TIMEOUT", "user-timeout",
	  "The first silence ends it: what was set for keepalive's count has no effect.",
	  "half-open: there the peer is silent now.",
	  "tcpwatch sockets --columns remote,user_timeout_ms,keep_idle_s",
	  "Set TCP_USER_TIMEOUT to the idle time + count x interval or more, in the "
	  "application or its library." },
	{ PROBLEM, "idle", "keepalive-off",
	  "No timer runs, for longer than tcp_keepalive_time: that the peer is gone would "
	  "show only when something is sent.",
	  "a fault by itself: pools and consoles idle.",
	  "tcpwatch sockets --sort idle_ms --top 10",
	  "Turn keepalive on in the application (SO_KEEPALIVE), with an idle time shorter "
	  "than what firewalls and NATs remember." },

	{ VERDICT, "loss", "loss",
	  "The path loses packets: what was sent again was needed.",
	  "reordering nor delay, which send again as well and take it back; they may hold "
	  "beside it.",
	  "sudo tcpwatch retrans -c 10",
	  "One peer: its path or link. All: our own link, its queues, a policer (ip -s "
	  "link). Cure what makes rto first: fast costs a round trip, rto a stop." },
	{ VERDICT, "reordering mistaken for loss", "reordering",
	  "Packets overtook one another: much is sent again, and nothing was lost.",
	  "loss: RetransSegs cannot tell them apart.",
	  "tcpwatch counters 10",
	  "Look for paths in parallel: bonding or ECMP by packet, a NIC or switch of many "
	  "queues, radio links. Let the hash be by flow." },
	{ VERDICT, "delay mistaken for loss", "delay",
	  "The path stood still for longer than the timer allows; then the answers came, and "
	  "nothing was lost.",
	  "loss, where the timeouts stay.",
	  "sudo tcpwatch rtt -B -i 5",
	  "Look for what stalls: a virtual machine without its CPU, a mobile or Wi-Fi link, "
	  "a queue that is much too deep, a pause of the peer's host." },
	{ VERDICT, "tail losses", "tail-losses",
	  "What was sent last was lost, so that no later segment could tell, and a probe "
	  "repaired it.",
	  "every loss probe: many send new data, or find that nothing was lost.",
	  "sudo tcpwatch retrans",
	  "As for loss: bursts at the end of an answer overflow a queue on the way." },
	{ VERDICT, "handshakes unanswered", "handshakes-unanswered",
	  "SYNs or SYN-ACKs were sent again because no answer came in time.",
	  "loss of data; it counts in RetransSegs all the same.",
	  "sudo tcpwatch retrans -c 10",
	  "Class syn, our connects: syn-unanswered. Class synack, our listeners: "
	  "synack-unanswered." },
	{ VERDICT, "peers gone", "peers-gone",
	  "Connections were given up after all retransmissions, keepalive's probes or "
	  "TCP_USER_TIMEOUT.",
	  "a connect that timed out: handshakes-unanswered.",
	  "sudo tcpwatch life --failed",
	  "As for peer-gone and half-open." },
	{ VERDICT, "a listener too slow", "slow-listener",
	  "A listener had no room for finished handshakes (accept queue) or for begun ones "
	  "(SYN queue): clients wait a second or more.",
	  NULL,
	  "tcpwatch sockets -l --problems 1",
	  "As for accept-queue-full. The SYN queue: a flood, or a backlog that is too "
	  "small." },
	{ VERDICT, "memory pressure", "memory-pressure",
	  "All sockets together took more than the middle figure of tcp_mem, or one was "
	  "aborted for want of memory or because of too many orphans.",
	  "the host's memory being short: tcp_mem is a limit of its own.",
	  "tcpwatch sockets --sort recv_q --top 10",
	  "Find who holds it: a large RECV_Q is a reader that does not read, a large SEND_Q "
	  "a peer that does not. Only then raise tcp_mem." },
	{ VERDICT, "receive buffers too full", "receive-buffers",
	  "What had arrived was dropped or packed closer: a receive buffer was over its "
	  "limit.",
	  "loss on the way, though the sender sees it as such.",
	  "tcpwatch sockets --sort recv_q --top 10",
	  "RECV_Q stays large: the process reads too slowly. Else do not set SO_RCVBUF, and "
	  "raise the last figure of tcp_rmem." },
	{ VERDICT, "resets", "resets",
	  "Resets were sent, or connections ended at once, without a FIN.",
	  "always a fault: port scans and health checks make resets.",
	  "sudo tcpwatch life --failed",
	  "'aborted by us': our process closes with unread data or with linger 0. 'reset by "
	  "peer': look over there; a firewall can send them in its name." },
	{ VERDICT, "nothing wrong", "nothing-wrong",
	  "None of what the rules look for was counted, in this network namespace and this "
	  "time.",
	  "proof that all is well: applications, DNS and other namespaces count nothing "
	  "here.",
	  "tcpwatch sockets --problems",
	  "Did the fault happen during the run? Then look at the application, DNS, and hosts "
	  "behind this one." },

	REASON("connect", "connect() sent a SYN", NULL),
	REASON("listen", "listen() was called", NULL),
	REASON("SYN received", "a client's handshake reached the listener", NULL),
	REASON("SYN-ACK received", "the server answered", NULL),
	REASON("handshake done", "the client's ACK came", NULL),
	REASON("simultaneous open", "the peer's SYN crossed ours", NULL),
	REASON("closed by us", "close(), shutdown() or the end of the process", NULL),
	REASON("closed by peer", "the peer's FIN came",
	       "If the next row never comes: close-wait."),
	REASON("FIN acknowledged", "our FIN has arrived", NULL),
	REASON("simultaneous close", "the peer's FIN crossed ours", NULL),
	REASON("to TIME_WAIT",
	       "both FINs were acknowledged; the tuple stays in TIME_WAIT", NULL),
	REASON("orphaned",
	       "the application has closed: FIN_WAIT2 goes on apart from the socket, the "
	       "duration is a lower bound", "If there are thousands: orphan."),
	REASON("listener closed", "the listening socket was closed", NULL),
	REASON("connection refused", "a reset or ICMP answered the SYN",
	       "Does the server run, on that address and port? Or a firewall rejects."),
	REASON("reset by peer", "the peer sent a reset", "Look there: resets."),
	REASON("aborted by us",
	       "linger 0, unread data, disconnect, or data for a socket that was closed",
	       "Look at our process: resets."),
	REASON("timed out", "retransmissions, or TCP_USER_TIMEOUT, were exhausted",
	       "In SYN_SENT: syn-unanswered. Later: peer-gone."),
	REASON("keepalive timed out", "no answer to keepalive probes",
	       "As for half-open."),
	REASON("host unreachable", "ICMP said so, or no neighbour answered",
	       "Look at the route; or the host is down."),
	REASON("net unreachable", "ICMP said so", "Look at the route."),
	REASON("gave up connecting",
	       "the application closed the socket before it was connected",
	       "Its own timeout was shorter than the kernel's: syn-unanswered."),
	REASON("killed", "ss -K, or another user of SOCK_DESTROY", "Who did it?"),

	CLASS("syn", "A SYN, whose timer ran out.", "As for syn-unanswered."),
	CLASS("synack",
	      "A SYN-ACK; there is no socket yet, and the owner is the listener's.",
	      "As for synack-unanswered."),
	CLASS("rto", "The retransmission timer ran out.",
	      "As for peer-gone, loss or delay."),
	CLASS("slowstart", "What else was sent again after a timeout.",
	      "As for the rto before it."),
	CLASS("fast", "The peer's ACKs told of a loss.",
	      "As for loss or reordering."),
	CLASS("tlp",
	      "A tail loss probe: the end of what was sent is sent again before the timer "
	      "runs out, to hear what is missing.", "As for tail-losses."),
	CLASS("failed",
	      "The kernel tried and sent nothing, mostly because the original is still "
	      "waiting on this host to leave.",
	      "Look at the column err, which has the kernel's error number."),
	CLASS("unknown", "No single fact tells which it is.",
	      "Ask a better backend: tcpwatch doctor."),
	{ .name = NULL }
};
