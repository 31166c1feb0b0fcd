# SPDX-License-Identifier: BSD-2-Clause
# What the awk programs beside it share that read rows of `tcpwatch -j`.

# The value of a key in the row, "null" without it. No pattern is made of the
# key: busybox would compile it for each row, and take minutes.
function value(key,    start, rest)
{
	start = index($0, "\"" key "\":")
	if (!start)
		return "null"
	rest = substr($0, start + length(key) + 3)
	if (substr(rest, 1, 1) == "\"") {
		rest = substr(rest, 2)
		return substr(rest, 1, index(rest, "\"") - 1)
	}
	return substr(rest, 1, match(rest, /[,}]/) - 1)
}
