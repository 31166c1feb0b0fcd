#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Times the program's own work on fixed events; see replay_bench.c.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
exec "${BUILD:-build}/bench/replay_bench" \
	"$here/../tests/recorded/formats/6.12.107+deb13-cloud-amd64"
