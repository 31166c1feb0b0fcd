# SPDX-License-Identifier: BSD-2-Clause
# What is told of sockets' lives, of those that were there before, of processes
# and of network namespaces has ways of its own by BPF: the same scenarios again.
. "$(dirname "$0")/lib.sh"

need_bpf

"$TCPWATCH" states --stack --backend=bpf -d 0.1 >/dev/null 2>"$work/bpf.err"
grep -q "'bpf' tells no kernel stacks" "$work/bpf.err" ||
	fail "it shows no stacks without a word"

# What a kernel that preempts our programs misses (see parity.sh) is most where all is
# emulated and each of them takes long.
[ -z "${LIVE_PERCENT:-}" ] || case $(uname -r) in
7.* | 6.19.*) skip "this kernel preempts our programs, and here they take long" ;;
esac

SEED_SECONDS=10
export TCPWATCH LOAD LIVE_BACKEND SEED_SECONDS
for scenario in life seed names namespaces; do
	# Others may do the like on this host; two words for the shell.
	LIVE_BACKEND="bpf --netns $(stat -L -c %i /proc/self/ns/net)"
	[ $scenario != namespaces ] || LIVE_BACKEND=bpf
	sh "$here/$scenario.sh" >"$work/$scenario.log" 2>&1 ||
		fail "$scenario: $(tail -n 20 "$work/$scenario.log")"
	told="${told:-}; $scenario: $(sed -n 's/^summary: //p' "$work/$scenario.log")"
done
echo "summary: ${told#; }"
