# SPDX-License-Identifier: BSD-2-Clause
# Sums what the functions of src/ and backends/ cost by themselves, from a file
# of callgrind's with uncompressed strings and positions. With each=1 it lists
# them, the dearest first through sort.

/^fl=/ { ours = $0 ~ /(^|[=\/])(src|backends|include\/tcpwatch)\/[a-z_\/]*\.[ch]$/ }
/^fn=/ { function_name = substr($0, 4) }
/^calls=/ { getline; next }             # what the called one cost
/^[0-9]+ [0-9]+$/ && ours {
	sum += $2
	cost[function_name] += $2
}

END {
	if (!each) {
		printf "%.0f\n", sum
		exit
	}
	for (name in cost)
		printf "%.0f %s\n", cost[name], name
}
