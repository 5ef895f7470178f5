// How a test says that it cannot run here. The program then ends with status 77, which ctest counts
// as skipped (SKIP_RETURN_CODE). A test may skip as long as it has asserted nothing; one that skips
// later fails. tests/skips.txt lists the tests that .ci/run lets skip.
#pragma once

#include <string>

namespace rehearse::test {

/// Ends the running test case as skipped; `reason` says what is missing.
/// REQUIRES: no assertion has run in this test case.
[[noreturn]] void skip(const std::string& reason);

}  // namespace rehearse::test
