// Assertions that cost more than a few instructions.
//
// assert() says what can never be, whatever the input, and is on in every build: Release keeps it,
// at the price that docs/performance.md states. debug_assert() is for what would slow a run down (a
// walk over a container, a second look-up, a check in an innermost loop): it is on in Debug and
// sanitizer builds, and elsewhere compiled without being evaluated.
#pragma once

#include <cassert>

#ifdef REHEARSE_DEBUG_ASSERTIONS
#define debug_assert(...) assert((__VA_ARGS__))
#else
#define debug_assert(...) static_cast<void>(sizeof(static_cast<bool>(__VA_ARGS__)))
#endif
