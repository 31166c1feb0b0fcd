# SPDX-License-Identifier: BSD-2-Clause
# Both live backends watch the same traffic at once and must tell the same: the
# same rows for each socket in the same order, by the same owners, with the same
# reasons; durations within 20 us, but for one row in a thousand; as many samples.
# What the kernel makes different is named where it is let pass.
. "$(dirname "$0")/lib.sh"

need ip nft nsenter
need_bpf

mount_tracefs
events=state,retrans,reset class=class,
# 1. Before 5.19 there is no event of the congestion state, nor a function that
# always sets it (include/net/tcp.h): only tracefs has probes in its place, and so
# the class of a retransmission.
if [ -d $tracing/events/tcp/tcp_cong_state_set ]; then
	events=$events,cong
else
	class=
fi
# Before 5.14 nobody reports errors.
[ ! -d $tracing/events/sock/inet_sk_error_report ] || events=$events,error
# 2. Before 5.15 the kernel keeps a socket's cgroup in bits of a pointer.
cgroup='[1-9]'
case $(uname -r) in
5.1[0-4].*) cgroup=null ;;
esac
# The same moment is not the same to both where each takes a thousand times longer.
exact=1000 slow=
[ -z "${LIVE_PERCENT:-}" ] || exact=2 slow=yes

four=10.$(($$ / 62500 % 100 + 100)).$(($$ / 250 % 250))
six=fd00:$(printf %x $(($$ % 65536)))::
background unshare -n sleep 170
peer=$child
wait_until sh -c "[ \$(readlink /proc/$peer/ns/net) != $(readlink /proc/self/ns/net) ]"
inside() { nsenter -t "$peer" -n "$@"; }

ip link add here type veth peer name there netns "$peer" &&
	ip address add "$four.1/24" dev here &&
	ip address add "${six}1/64" dev here nodad &&
	inside "$ip_program" address add "$four.2/24" dev there &&
	inside "$ip_program" address add "${six}2/64" dev there nodad &&
	ip link set here up && inside "$ip_program" link set there up &&
	inside "$ip_program" link set lo up &&
	ip address add "$four.9/32" dev lo &&
	ip address add "${six}9/128" dev lo &&
	ip address add "$four.8/32" dev lo &&
	ip address add "${six}8/128" dev lo || fail "no veth pair"
inside nft add table ip t &&
	inside nft add chain ip t in '{ type filter hook input priority 0; }' &&
	inside nft add rule ip t in tcp dport 7000 numgen random mod 100 '<' 3 drop ||
	fail "nft does not work"
background nsenter -t "$peer" -n "$LOAD" server --netns-ok --addr "$four.2" \
	--port 7000 >"$work/server.ready"
wait_until grep -q ready "$work/server.ready"

# both NAME [COMMAND] OPTION...: the two of them, ready. A CPU of a busy host may
# stand still between the two: neither gives up a reason so soon, nor the order.
watchers='' watches=''
both()
{
	what=$1
	shift
	for which in tracefs bpf; do
		watch "$what-$which" "$@" --backend=$which \
			--latency 1000 --buffer-size 4M --ready-file "$work/$what-$which.ready"
		watchers="$watchers $watcher" watches="$watches $what-$which"
	done
}

# 3. A program is not run where it runs already (kernel/trace/bpf_trace.c), and its
# stand-in may be running, too, where tasks are preempted in programs: since 6.19. Each
# time is counted as a lost event, and elsewhere there are none.
may_miss()
{
	case $(uname -r) in
	7.* | 6.19.*) ;;
	*) expect "lost events ($1)" "$2" 0 ;;
	esac
	[ "$2" -le "$(($(closing events "$work/$1.err") / 10))" ] ||
		fail "$2 events of $1 were missed"
}

moved=0
stop_all()
{
	for watcher in $watchers; do
		stop INT
	done
	for name in $watches; do
		lost=$(closing lost "$work/$name.err")
		case $name in
		*-tracefs) expect "lost events ($name)" "$lost" 0 ;;
		*) may_miss "$name" "$lost" ;;
		esac
		late=$(closing late "$work/$name.err")
		# 4. An emulated CPU may stand still while it writes an event.
		[ -n "$slow" ] || expect "late events ($name)" "$late" 0
		moved=$((moved + late))
	done
}

all_quiet()
{
	! awk 'FNR > 1 && $4 != "0A" && $4 != "06"' /proc/self/net/tcp \
		/proc/self/net/tcp6 "/proc/$peer/net/tcp" "/proc/$peer/net/tcp6" |
		grep -q .
}

churn() { "$LOAD" "$1" --netns-ok --addr "$2" --count "$3" "$4" "$5" >/dev/null; }

traffic()
{
	count=$(scaled 500)
	churn churn "$four.9" "$count" --close client &
	one=$!
	churn churn "${six}9" "$count" --close server &
	two=$!
	churn churn "$four.8" "$count" --close server &
	three=$!
	churn shortlived "${six}8" "$count" --close client &
	four_th=$!
	for job in $one $two $three $four_th; do
		wait "$job" || fail "the load failed"
	done
	churn rst "$four.9" 53 --close client || fail "no resets"
	churn refused "${six}9" 47 --close client || fail "nothing was refused"
	churn listen-close "$four.9" 5 --close client || fail "no listeners"
	"$LOAD" bulk --netns-ok --addr "$four.2" --port 7000 --bytes 8000000 \
		>/dev/null || fail "the transfer failed"
	wait_until all_quiet
}

# Only what is ours: other rows are between the two starts or the two stops.
both rows --csv --events $events --kernel-addresses --columns \
	skaddr,event,family,laddr,lport,raddr,rport,old,new,pid,comm,owner,context,${class:+why,inferred,}trigger,${class}err,state,direction,reason,errno,duration_ms \
	--laddr "$four.0/24,$six/64"
both samples rtt --json --sample all --aggregate user --by laddr \
	--laddr "$four.0/24,$six/64"
watch place --json --backend=bpf --laddr "$four.0/24,$six/64" \
	--ready-file "$work/place.ready"
watchers="$watchers $watcher"
traffic
by=tcp_probe
! grep -q '^tcp_rcv_established ' $tracing/enabled_functions 2>/dev/null || by=fentry
stop_all

# What only programs of ours can tell: figures of that moment, and what was sent.
for figures in '"event":"state".*"old":"ESTABLISHED".*"srtt_us":[1-9][0-9]*,"cwnd":[1-9]' \
	'"event":"retrans".*"packets_out":[1-9].*"total_retrans":[1-9].*"seq":[0-9]'; do
	grep -q "$figures" "$work/place.out" || fail "no row with $figures"
done

# Both ends of the path, each where it is.
for process in self $peer; do
	netns=$(stat -L -c %i "/proc/$process/ns/net")
	grep -q "\"netns\":$netns,\"cgroup\":$cgroup" "$work/place.out" ||
		fail "no row of network namespace $netns"
	grep -v "\"netns\":$netns,\|\"event\":\"lost\"" "$work/place.out" \
		>"$work/place.rest"
	mv "$work/place.rest" "$work/place.out"
done
[ ! -s "$work/place.out" ] || fail "rows of another network namespace, or none"

missed=$(($(closing lost "$work/rows-bpf.err") + moved))
awk -v kinds="$(echo "$events" | tr , ' ')" -v exact=$exact -v slow=$slow \
	-v missed="$missed" -f "$here/parity.awk" "$work/rows-tracefs.out" "$work/rows-bpf.out" \
	>"$work/story" || {
	head -n 20 "$work/story"
	fail "the backends do not agree"
}
summary=$(tail -n 1 "$work/story")

samples()
{
	sed -n 's/.*"key":"\([^"]*\)".*"count":\([0-9]*\),.*"min_us":\([0-9]*\).*"max_us":\([0-9]*\).*/\1 \2 \3 \4/p' "$1" | sort
}
samples "$work/samples-tracefs.out" >"$work/samples-one"
[ -s "$work/samples-one" ] || fail "no samples"
if [ "$(closing lost "$work/samples-bpf.err")" = 0 ]; then
	expect "samples" "$(samples "$work/samples-bpf.out")" \
		"$(cat "$work/samples-one")"
fi
echo "summary: $summary, $(awk '{ sum += $2 } END { print sum }' \
	"$work/samples-one") samples by $by"
