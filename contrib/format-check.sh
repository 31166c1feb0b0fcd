#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Says where the code differs from .clang-format.
cd "$(dirname "$0")/.." || exit 1
find include src backends tests -name '*.[ch]' -exec \
	clang-format --dry-run --Werror {} +
