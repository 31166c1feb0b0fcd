# SPDX-License-Identifier: BSD-2-Clause
# Whoever reads events has no right left; the keeper beside it has them, and does
# what needs them: also when the reader is killed.
. "$(dirname "$0")/lib.sh"
mount_tracefs

port=27846

# field PID NAME: of its status, words with single blanks.
field()
{
	sed -n "s/^$2://p" "/proc/$1/status" | tr '\t' ' ' | tr -s ' ' |
		sed 's/^ //; s/ $//'
}

# What it gives up last; a slow one is seen halfway.
is_confined() { [ "$(field "$watcher" CapPrm)" = 0000000000000000 ]; }
instance() { echo "$tracing/instances/tcpwatch-$watcher"; }
no_instance() { [ ! -e "$(instance)" ]; }

# As the kernel writes them: 2 is a filter.
is_filtered() { [ "$(field "$watcher" Seccomp)" = 2 ]; }
# A sanitizer makes system calls of its own.
filters=
"$TCPWATCH" -v -d 0.01 2>"$work/said.err" >/dev/null
grep -q "no system call is given up" "$work/said.err" || filters=yes

# confined BACKEND: has nothing, and the keeper is there.
confined()
{
	wait_until is_confined
	expect "$1: no_new_privs" "$(field "$watcher" NoNewPrivs)" 1
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		expect "$1: $set" "$(field "$watcher" $set)" 0000000000000000
	done
	keeper=$(keeper_of "$watcher")
	[ -n "$keeper" ] || fail "$1: there is no keeper"
	[ -z "$filters" ] || wait_until is_filtered
}

# The backends that are here; a named one that is not ends with 3.
backends=
for backend in tracefs bpf diag; do
	"$TCPWATCH" -q --backend=$backend -d 0.01 >/dev/null 2>&1
	[ $? -eq 3 ] || backends="$backends $backend"
done
case $backends in *tracefs*) ;; *) fail "no tracefs among '$backends'" ;; esac

count=0
for backend in $backends; do
	watch "$backend" --csv -L $port --backend="$backend" --poll 0.1 \
		-o "$work/$backend.csv" --ready-file "$work/$backend.ready"
	confined "$backend"
	"$LOAD" churn --addr 127.0.0.1 --port $port --count 23 >/dev/null
	wait_until grep -q ",$port," "$work/$backend.csv"
	mv "$work/$backend.csv" "$work/$backend.old"
	kill -HUP "$watcher"
	wait_until test -e "$work/$backend.csv"
	"$LOAD" churn --addr 127.0.0.1 --port $port --count 23 >/dev/null
	wait_until grep -q ",$port," "$work/$backend.csv"
	stop INT
	gone "$keeper" || fail "$backend: the keeper stays"
	no_instance || fail "$backend: the instance stays"
	count=$((count + 1))
done

# The file of metrics is replaced for whoever may not.
watch metrics metrics -o "$work/metrics.prom" --interval 1 --backend=tracefs \
	--ready-file "$work/metrics.ready"
confined metrics
wait_until grep -q ^tcpwatch_ "$work/metrics.prom"
first=$(stat -c %i "$work/metrics.prom")
replaced() { [ "$(stat -c %i "$work/metrics.prom")" != "$first" ]; }
wait_until replaced
stop INT
expect "files of metrics" "$(echo "$work"/metrics.prom*)" "$work/metrics.prom"

# As another user it still opens its file again, ends root's command and removes
# its instance. A guest may have no user but root.
as_another()
{
	mkdir -m 700 "$work/closed"
	watch user --csv -L $port --backend=tracefs --user nobody \
		-o "$work/closed/rows" --ready-file "$work/user.ready" -- sleep 300
	confined user
	nobody="$(id -u nobody) $(id -u nobody) $(id -u nobody) $(id -u nobody)"
	expect "user ids" "$(field "$watcher" Uid)" "$nobody"
	mv "$work/closed/rows" "$work/closed/old"
	kill -HUP "$watcher"
	wait_until test -e "$work/closed/rows"
	stop TERM 143
	no_instance || fail "the instance of another user stays"
}
users=
if id -u nobody >"$work/nobody" 2>&1; then
	as_another
	users=", another user"
fi
"$TCPWATCH" --user no-such-user -d 0.01 >/dev/null 2>"$work/nouser.err"
expect "exit status with an unknown user" $? 2

# Killed, it leaves nothing.
watch killed --backend=tracefs --ready-file "$work/killed.ready"
confined killed
[ -d "$(instance)" ] || fail "no instance is named after the reader"
kill -KILL "$watcher"
wait "$watcher"
wait_until no_instance
wait_until gone "$keeper"

# The other way round it goes on, and what stays is removed by the next.
watch alone --csv -L $port --backend=tracefs --ready-file "$work/alone.ready"
confined alone
kill -KILL "$keeper"
"$LOAD" churn --addr 127.0.0.1 --port $port --count 23 >/dev/null
stop INT
grep -q "keeps the rights was killed" "$work/alone.err" || fail "nothing is said of it"
grep -q ",$port," "$work/alone.out" || fail "no row without the keeper"
[ -d "$(instance)" ] || fail "who removed the instance?"
left=$(instance)
"$TCPWATCH" -q --backend=tracefs -d 0.01 >/dev/null || fail "no next run"
[ ! -e "$left" ] || fail "the next run does not remove what was left"

echo "summary: nothing left to$backends${filters:+, calls filtered}$users, 2 killed"
