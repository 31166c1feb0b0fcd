# SPDX-License-Identifier: BSD-2-Clause
# 23 connections, each checked in full.
. "$(dirname "$0")/lib.sh"

smoke
summary "23 connections"
