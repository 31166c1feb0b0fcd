# SPDX-License-Identifier: BSD-2-Clause
# A TLS exchange beside a plain one: the same states and reasons, an ESTABLISHED
# that is longer by the while for which it is silent, and two processes.
. "$(dirname "$0")/lib.sh"
command -v openssl >/dev/null || skip "openssl is missing"
. "$here/stage.inc"

# Its own settings, which a small system has none of.
printf '[req]\ndistinguished_name = name\n[name]\n' >"$work/settings"
export OPENSSL_CONF="$work/settings"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-subj /CN=test -days 2 -keyout "$work/key" -out "$work/certificate" \
	2>"$work/req.err" || fail "no certificate can be made"

scene plain 'serve s:accept=l s:answer s:close
	act c:connect c:get c:end c:close'
scene tls 'cd $(dirname $out)
	openssl s_server -accept $address:$port -naccept 1 -WWW -key key \
		-cert certificate >$out.server 2>&1 &
	until grep -q ACCEPT $out.server; do
		sleep 0.02
	done
	{ sleep 2 && printf "GET /certificate HTTP/1.0\r\n\r\n"; } |
		openssl s_client -quiet -connect $address:$port >$out.page 2>/dev/null
	wait
	grep -q CERTIFICATE $out.page'
curtain

server=plaind told plain "$served"
expect "tls: status" "$(cat "$work/tls.status")" 0
rows_of tls story | sed 's/ | owner openssl$//' >"$work/story"
for row in 'c SYN_SENT>ESTABLISHED | SYN-ACK received | packet | exact' \
	's SYN_RECV>ESTABLISHED | handshake done | packet | exact'; do
	grep -qxF "$row" "$work/story" || fail "tls: no row '$row'"
done
# Which end closes first is for openssl to decide: the other one says so, too.
for row in ' ESTABLISHED>FIN_WAIT1 | closed by us | call | exact' \
	' ESTABLISHED>CLOSE_WAIT | closed by peer | packet | exact'; do
	expect "tls: rows '$row'" "$(grep -c "^[cs]$row\$" "$work/story")" 1
done
! grep -q owner "$work/story" || fail "tls: an owner that is not openssl"
span() { rows_of "$1" spans | awk '$1 == "c" && $2 ~ /^ESTABLISHED/ { print $3 }'; }
plain=$(span plain) tls=$(span tls)
awk "BEGIN { exit !($tls > 500 && $tls > $plain) }" ||
	fail "ESTABLISHED was $tls ms with TLS and $plain ms without"
echo "summary: ESTABLISHED $tls ms with TLS, $plain ms without"
