# SPDX-License-Identifier: BSD-2-Clause
# Reads what a guest wrote on its second serial port, prints a line for each of
# its scenarios with the log of those that failed, and appends them to a table:
# kernel, guest, scenario, passed, failed, skipped, repeated, and what stands
# behind ";" in the scenario's summary.

function title(scenario) {
	gsub("_", " ", scenario)
	return kernel " " guest (scenario == guest ? "" : ", " scenario)
}

function note(scenario, passed, failed, skipped) {
	print kernel, guest, scenario, passed, failed, skipped, repeats + 0, \
		remark >>table
	noted[scenario] = 1
}

# What run.sh shows beside the name of a test that passed.
function take_words() {
	words = $0
	sub(/^[^(]*\(/, "", words)
	sub(/\)(, [0-9]+ s)?$/, "", words)
	if (match(words, /; .*/)) {
		remark = substr(words, RSTART + 2)
		words = substr(words, 1, RSTART - 1)
	}
	if (match(words, /^repeated [0-9]+/))
		repeats += substr(words, 10, RLENGTH - 9)
}

$1 == "begin" {
	scenario = $2
	log_lines = words = remark = ""
	again = 0
	passed = failed = skipped = repeats = 0
	next
}

$1 == "end" {
	if (scenario == "live")
		words = passed " passed, " skipped " skipped"
	if (failed || $3 != 0)
		printf "FAIL  %s (%d of %d), %d s\n%s", title(scenario), failed,
			passed + failed, $4, log_lines
	else
		printf "ok    %s (%s), %d s\n", title(scenario), words, $4
	note(scenario, passed, failed + (!failed && $3 != 0), skipped)
	scenario = ""
	next
}

scenario == "" { next }

/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
	passed = $1
	failed = $3
	skipped = $5
	next
}

/^ok / {
	again = 0
	take_words()
	next
}

/^skip / {
	sub(/^skip  /, "")
	line = "skip  " title(scenario) ": " $0
	print line
	if (skips != "")
		print line >>skips
	next
}

# The log of a first run that failed follows.
/^again / {
	sub(/^again /, "")
	line = "again " title(scenario) ": " $0
	print line
	if (skips != "")
		print line >>skips
	again = 1
	next
}

again && /^ / {
	print
	next
}

/^FAIL / { again = 0 }

{ log_lines = log_lines (/^ / ? "" : "      | ") $0 "\n" }

END {
	count = split(scenarios, wanted, " ")
	for (i = 1; i <= count; i++) {
		if (wanted[i] in noted)
			continue
		printf "FAIL  %s (the guest %s)\n", title(wanted[i]), ended
		note(wanted[i], 0, 1, 0)
		if (!shown++) {
			if (wanted[i] == scenario)
				printf "%s", log_lines
			system("tail -n 25 '" console "' | sed 's/^/      console: /'")
		}
	}
}
