#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# PROGRAM under valgrind, in its place: what it finds goes to REPORTS, one file a
# process. What tcpwatch runs (`-- CMD`) is none of valgrind's business.
exec valgrind --quiet --vgdb=no --error-exitcode=99 --leak-check=full \
	--errors-for-leak-kinds=definite,indirect,possible --track-fds=no \
	--suppressions="$SUPPRESSIONS" \
	--log-file="$REPORTS/valgrind.%p" "$PROGRAM" "$@"
