# SPDX-License-Identifier: BSD-2-Clause
# Values by key, and their medians in a format; "-" where there are none.

function add(key, value)
{
	if (value != "")
		values[key, ++count[key]] = value + 0
}

# Sorts the values of key, once.
function sort(key,  i, j, value)
{
	if (sorted[key]++)
		return
	for (i = 2; i <= count[key]; i++) {
		value = values[key, i]
		for (j = i - 1; j > 0 && values[key, j] > value; j--)
			values[key, j + 1] = values[key, j]
		values[key, j + 1] = value
	}
}

function median(key,  n)
{
	sort(key)
	n = count[key]
	if (n % 2)
		return values[key, (n + 1) / 2]
	return (values[key, n / 2] + values[key, n / 2 + 1]) / 2
}

function middle(key, format)
{
	return count[key] ? sprintf(format, median(key)) : "-"
}

function shown(key, format)
{
	if (!count[key])
		return "-"
	sort(key)
	if (count[key] == 1)
		return sprintf(format, values[key, 1])
	return sprintf(format " (" format ".." format ")", median(key),
		       values[key, 1], values[key, count[key]])
}
