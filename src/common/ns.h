/* SPDX-License-Identifier: BSD-2-Clause */
/* How many nanoseconds the larger units of time have. */
#ifndef NS_H
#define NS_H

#include <stdint.h>

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

#endif
