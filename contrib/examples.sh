# SPDX-License-Identifier: BSD-2-Clause
# Makes the runs of docs/examples.md and puts what was printed into the page, each
# behind its mark `<!-- run: NAME -->`: make examples (root; some 60 seconds).
# ONLY="NAME NAME" makes these alone. It sees events of the whole host: what
# others do at the same time is kept out by address.
# shellcheck shell=sh disable=SC2086 # options and steps are lists of words
[ -n "${LIVE_INSIDE:-}" ] || {
	PAGE=$(realpath docs/examples.md)
	export PAGE
}
. tests/live/lib.sh

need ip nft nsenter
mount_tracefs
cd "$work" || exit 1
mkdir blocks
# Documentation's addresses: hosts of this namespace, and a path to another one.
here_too=198.51.100.10
there=203.0.113.2
ip address add $here_too/32 dev lo
nft add table ip t && nft add chain ip t in '{ type filter hook input priority 0; }' ||
	fail "nft does not work"
drop="nft add rule ip t in tcp dport"
echo 1 >/proc/sys/net/ipv4/tcp_syn_retries

wanted() { [ -z "${ONLY:-}" ] || echo " $ONLY " | grep -q " $1 "; }

# begin NAME 'COMMAND LINE': watches; the words are those behind tcpwatch.
begin()
{
	run=$1 line=$2
	eval "watch $run ${2%% |*} --ready-file $work/$run.ready"
}

# finish [LINES]: ends the watch; of its rows so many are shown.
finish()
{
	stop
	piped "$line" <"$run.out" | keep "$run" "$line" "${1:-30}"
}

# What stands behind the pipe of a command line.
piped()
{
	case $1 in
	*" | "*) sh -c "${1#* | }" ;;
	*) cat ;;
	esac
}

# keep NAME 'COMMAND LINE' LINES: the block of the page, from stdin. What a kernel's
# builder calls it is left out.
keep()
{
	{
		echo "\$ sudo tcpwatch $2"
		awk -v most="$3" 'NR <= most {
			sub(/ +$/, "")
			if (/^host /)
				sub(/-[^ ]+/, "")
			print
		}
			END { if (NR > most) print "[...]" }'
	} >>"blocks/$1"
}

# at once NAME 'COMMAND LINE' [LINES]: a command that ends by itself.
at_once()
{
	eval "$TCPWATCH ${2%% |*}" >"$1.out" 2>"$1.err" || [ "$1" = doctor ] ||
		fail "$2 failed"
	piped "$2" <"$1.out" | keep "$1" "$2" "${3:-30}"
}

# act NAME PORT STEP...: to its end; play: in the background.
act()
{
	name=$1 port=$2
	shift 2
	"$LOAD" act --comm "$name" --netns-ok --addr $here_too \
		--port "$port" "$@" >"said.$name" || fail "$name failed"
}
play()
{
	name=$1 port=$2
	shift 2
	background "$LOAD" act --comm "$name" --netns-ok \
		--addr $here_too --port "$port" "$@" >"said.$name"
}

# web STEP...: a server on port 80 that takes one connection.
web()
{
	rm -f said.web
	play web 80 l:listen say=ready s:accept=l "$@"
	served=$child
	ready web
}
ready() { wait_until grep -q ready "said.$1"; }
page() { act curl 80 c:connect c:get c:end c:close; }
get()
{
	web s:answer s:close
	page
	wait "$served"
}

# script NAME WORDS: a command of that name for the shell.
script()
{
	printf '#!/bin/sh\nexec "%s" %s\n' "$LOAD" "$2" >"$1"
	chmod +x "$1"
}
script order "act --comm order --netns-ok --addr $here_too --port 80 c:connect c:get c:end c:close"
script download "bulk --netns-ok --addr $there --port 873 --bytes 400000 >/dev/null"

# lay OPTION...: a path to another namespace, in place of the one before.
relay=
lay()
{
	if [ -n "$relay" ]; then
		kill "$relay"
		wait "$relay" 2>/dev/null
	fi
	background "$LOAD" relay --netns-ok --peer "$peer" --seconds 120 "$@" >path
	relay=$child
	wait_until grep -q ready path
	ip link set here gso_max_segs 1
	ip address add ${there%.*}.1/24 dev here
	ip link set here up
	inside ip address add $there/24 dev there
	inside ip link set there up
}
backup()
{
	"$LOAD" bulk --comm backup --netns-ok --addr $there --port 873 \
		--bytes "${1:-400000}" >/dev/null || fail "the backup failed"
}

if wanted stream; then
	$drop 6379 drop
	begin stream "--raddr $here_too"
	get
	act curl 8080 c:connect=refused c:close
	act cache 6379 c:connect=timed-out c:close
	finish
fi
if wanted command; then
	web s:answer s:close
	at_once command "-- ./order"
	wait "$served"
fi
if wanted stuck; then
	begin stuck "--stuck CLOSE_WAIT:2 --state CLOSE_WAIT --raddr $here_too"
	play leak 8081 l:listen c:connect s:accept=l c:shutdown sleep=60000
	wait_until grep -q ' K ' stuck.out
	finish
	kill "$child"
	wait "$child" 2>/dev/null
fi
if wanted json; then
	begin json "-j --state SYN_SENT -c 2 --raddr $here_too"
	act curl 8080 c:connect=refused c:close
	wait "$watcher"
	keep json "$line" 9 <json.out
fi
if wanted states; then
	begin states "states --raddr $here_too"
	web s:readable s:abort
	act curl 80 c:connect c:get c:end=reset c:close
	wait "$served"
	finish
fi
if wanted stack; then
	begin stack "states --stack --state CLOSE --columns comm,rport,old,new,ms,why,trigger -D 8080 --raddr $here_too"
	act curl 8080 c:connect=refused c:close
	finish
fi
if wanted life; then
	nft flush chain ip t in
	$drop 6379 drop
	begin life "life --failed --raddr $here_too"
	act curl 8080 c:connect=refused c:close
	web s:readable s:abort
	act curl 80 c:connect c:get c:end=reset c:close
	act cache 6379 c:connect=timed-out c:close
	finish
fi
if wanted slow; then
	begin slow "life --min-ms 500 --columns comm,rport,ms,why,ended_by,state_ms --raddr $here_too"
	web s:answer sleep=700 s:close
	page
	get
	finish
fi
if wanted graph; then
	begin graph "graph --format table --raddr $here_too"
	for _ in 1 2 3 4 5; do
		get
	done
	act curl 8080 c:connect=refused c:close
	finish
fi
if wanted metrics; then
	begin metrics "metrics --raddr $here_too | grep -E '^tcpwatch_(connection_ends|events_lost)_total'"
	get
	act curl 8080 c:connect=refused c:close
	finish 60
fi
if wanted record; then
	web s:answer s:close
	"$TCPWATCH" record -o box.dat -D 80 -- ./order 2>record.err ||
		fail "nothing was recorded"
	keep record "record -o box.dat -D 80 -- ./order" 5 <record.err
	wait "$served"
	at_once info "report -i box.dat --info" 12
	at_once replay "life -r box.dat --raddr $here_too"
fi
if wanted flight; then
	begin flight "record --flight 1M --when reset -o reset.dat"
	web s:readable s:abort
	act curl 80 c:connect c:get c:end=reset c:close
	wait "$watcher"
	keep flight "$line" 6 <flight.err
	at_once later "report -i reset.dat --events state,reset --raddr $here_too" 14
fi

if wanted sockets; then
	nft flush chain ip t in
	echo 6 >/proc/sys/net/ipv4/tcp_syn_retries
	$drop 6379 drop
	play cache 6379 c:connect=timed-out
	play leak 8081 l:listen c:connect s:accept=l d:connect t:accept=l c:close d:close sleep=60000
	play slow 8082 l:listen say=ready c:connect s:accept=l c:send=65535 c:send=65535 sleep=60000
	ready slow
	echo 1 >/proc/sys/net/core/somaxconn
	play busy 8083 l:listen a:connect b:connect c:connect sleep=60000
	play gone 8084 l:listen c:connect s:accept=l \
		"run=$drop 8084 drop" c:send=100 sleep=60000
	wait_until sh -c "'$TCPWATCH' sockets --problems -q | grep -q 'gone .*for [4-9]'"
	at_once sockets "sockets" 20
	at_once listeners "sockets -l"
	at_once problems "sockets --problems --columns comm,lport,rport,state,problem"
fi

background unshare -n sleep 600
peer=$child
wait_until is_elsewhere "$peer"
echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save
lay --delay-ms 5 --drop 50
background nsenter -t "$peer" -n "$LOAD" server --comm store --netns-ok \
	--addr $there --port 873 --count 1000 --seconds 250 >store
wait_until grep -q ready store

if wanted retrans; then
	begin retrans "retrans --raddr $there"
	backup
	finish 6
fi
if wanted flows; then
	begin flows "retrans -c --raddr $there"
	backup
	backup 200000
	finish
fi
if wanted cong; then
	begin cong "cong 0.5 --raddr $there"
	backup 800000
	finish 8
fi
if wanted cwnd; then
	begin cwnd "cwnd --raddr $there"
	backup
	finish 14
fi
if wanted counters; then
	at_once counters "counters --backend bpf -- ./download"
	lay --delay-ms 5 --late 50 --late-ms 7
	at_once counters "counters --backend bpf -- ./download"
fi
if wanted rtt; then
	lay --delay-ms 10
	begin rtt "rtt -B -m -e -A $there"
	"$LOAD" client --comm shop --netns-ok --addr $there --port 873 \
		--count 50 >/dev/null || fail "no round trips"
	finish 40
fi
wanted doctor && at_once doctor "doctor" 24

# Lines behind a mark, up to the end of their block, are replaced.
awk -v blocks="$work/blocks" '
	inside && /^```$/ { inside = 0 }
	inside { next }
	{ print }
	/^<!-- run: / { name = $3 }
	/^```sh-session$/ && name {
		file = blocks "/" name
		name = ""
		if ((getline row < file) <= 0) next
		do print row; while ((getline row < file) > 0)
		close(file)
		inside = 1
	}' "$PAGE" >page.new && cat page.new >"$PAGE"
# ONLY some: a block that was not made keeps its lines.
for block in blocks/*; do
	grep -q "<!-- run: ${block#*/} -->" "$PAGE" || echo "no mark for ${block#*/}"
done
echo "summary: $(find blocks -type f | wc -l) runs"
