// The plainest exhaustive search, for tests of what is done with its findings.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "explore/tell/shrink.hpp"

namespace rehearse::test {

/// Depth first, in the order of choices; nullopt when no schedule violates anything.
std::optional<std::vector<explore::Choice>> first_violation(const explore::Setup& setup,
                                                            const explore::ScriptedTruth& truth);

/// Whether an example still violates something without its step `place`. A change that is left out
/// is left out of the world.
bool fails_without(const explore::Shrunk& example, std::size_t place);

}  // namespace rehearse::test
