// A scenario drawn from a seed: a few sources with references between them, changes of every kind,
// a bad bus, poor APIs, tight budgets and finite faults of every kind and target. What cannot
// converge by its nature is left out: unsafe options, caches, capacity below the work of a round.
#pragma once

#include <cstdint>
#include <string>

namespace rehearse::test {

/// The scenario file's text; it expects convergence, so `rehearse run` replays it.
std::string random_scenario(std::uint64_t seed);

}  // namespace rehearse::test
