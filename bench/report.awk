# SPDX-License-Identifier: BSD-2-Clause
# The records of bench.sh as a table in Markdown, and as JSON into the file
# called json. Medians, with the least and the most behind them (median.awk).

function object(name, key,  text)
{
	if (!count[key])
		return sprintf("\"%s\":null", name)
	sort(key)
	text = sprintf("\"%s\":{\"median\":%.6g,\"min\":%.6g,\"max\":%.6g}", name,
		       median(key), values[key, 1], values[key, count[key]])
	return text
}

function quoted(text)
{
	gsub(/[^ -~]/, "?", text)
	gsub(/[\\"]/, "\\\\&", text)
	return "\"" text "\""
}

# The words of this record from the first one on.
function words(first,  i, text)
{
	for (i = first; i <= NF; i++)
		text = text (i > first ? " " : "") $i
	return text
}

# A bare run ends the run that stood before it.
function bare(threads, rate,  name)
{
	add("bare/" threads, rate)
	name = pending[threads]
	if (name != "" && last_bare[threads] > 0)
		add(name "/" threads "/ratio", \
		    pending_rate[threads] * 2 / (last_bare[threads] + rate))
	pending[threads] = ""
	last_bare[threads] = rate
}

function run(name, threads, rate, made, seen, told, cpu_us, rss_kb,  key)
{
	key = name "/" threads "/"
	if (!(name in known)) {
		known[name] = 1
		names[++name_count] = name
	}
	pending[threads] = name
	pending_rate[threads] = rate
	add(key "rate", rate)
	if (!made)
		return
	add(key "seen", 100 * seen / made)
	add(key "lost", made - seen)
	add(key "told", told)
	if (seen)
		add(key "cpu", cpu_us / seen)
	add(key "rss", rss_kb / 1024)
}

$1 == "host" { date = $2; kernel = $3; cores = $4; connections = $5; rounds = $6 }
$1 == "title" { titles[$2] = words(3) }
$1 == "start" { add($2 "/start", $3) }
$1 == "ready" { add("ready", $2) }
$1 == "idle" { idle = 100 * $2 / 1e6 / $3 }
$1 == "absent" { absent[$2] = words(3) }
$1 == "bare" { bare($2, $3); loads[$2] = 1 }
$1 == "run" { run($2, $3, $4, $5, $6, $7, $8, $9) }

function table(threads,  i, key, name)
{
	printf "\n%d load thread%s, %s connections/s bare:\n\n", threads, \
		(threads == 1 ? "" : "s"), shown("bare/" threads, "%.0f")
	print "| tracer | CPU us/event | connection rate | events seen % " \
		"| lost | told lost | peak RSS MiB | start ms |"
	print "|---|---|---|---|---|---|---|---|"
	for (i = 1; i <= name_count; i++) {
		name = names[i]
		key = name "/" threads "/"
		printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n",
			titles[name], shown(key "cpu", "%.2f"),
			shown(key "ratio", "%.2f"), middle(key "seen", "%.2f"),
			shown(key "lost", "%.0f"), shown(key "told", "%.0f"),
			middle(key "rss", "%.1f"), middle(name "/start", "%.0f")
	}
	if (count["tcpstates/" threads "/cpu"] && count["states/" threads "/cpu"])
		printf "\ntcpstates spends %.1f times the CPU of tcpwatch states on an event.\n",
			median("tcpstates/" threads "/cpu") / \
			median("states/" threads "/cpu")
}

function json_tracer(name, threads,  key)
{
	key = name "/" threads "/"
	return "{\"tracer\":" quoted(name) ",\"threads\":" threads "," \
		object("cpu_us_per_event", key "cpu") "," \
		object("rate_ratio", key "ratio") "," \
		object("connections_per_s", key "rate") "," \
		object("seen_percent", key "seen") "," \
		object("lost", key "lost") "," object("told_lost", key "told") "," \
		object("rss_mib", key "rss") "," \
		object("start_ms", name "/start") "}"
}

function write_json(  i, threads, name, separator)
{
	printf "{\"date\":%s,\"kernel\":%s,\"cores\":%d,\"connections\":%d,\"rounds\":%d,",
		quoted(date), quoted(kernel), cores, connections, rounds >json
	printf "%s,\"idle_percent\":%s,\"absent\":{", object("ready_ms", "ready"),
		idle == "" ? "null" : sprintf("%.4f", idle) >json
	for (name in absent) {
		printf "%s%s:%s", separator, quoted(name), quoted(absent[name]) >json
		separator = ","
	}
	printf "},\"runs\":[" >json
	separator = ""
	for (threads in loads)
		for (i = 1; i <= name_count; i++) {
			printf "%s\n%s", separator, json_tracer(names[i], threads) >json
			separator = ","
		}
	print "\n]}" >json
}

END {
	printf "%s, Linux %s, %d cores; %d rounds of %d connections with 10 state events " \
		"each; median (least..most).\n", date, kernel, cores, rounds, connections
	for (threads = 1; threads <= 64; threads++)
		if (threads in loads)
			table(threads)
	print ""
	if (count["ready"])
		printf "tcpwatch, exec to every event on: %s ms.\n", shown("ready", "%.0f")
	if (idle != "")
		printf "tcpwatch, idle: %.3f %% of a core.\n", idle
	for (name in absent)
		printf "Not compared: %s: %s\n", name, absent[name]
	write_json()
}
