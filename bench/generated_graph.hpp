// A large metadata graph for benches, in the words of the shipped providers and rules.
//
// Model instances use 1 to 8 features, features come from datasets, instances from pipeline runs of
// pipelines that read datasets; runs are executed for cells of A/B tests; everything has an owner,
// owners have teams. Every document is written in `versions` rounds that change its version, its
// description and, for an instance, its state and one of its features; enrichment follows each
// round. So no fact has more than `versions` values in its history.
#pragma once

#include <cstdint>
#include <vector>

#include "mds/store/store.hpp"

namespace rehearse::bench {

struct GraphSize {
  std::int64_t instances = 72'000;
  std::int64_t versions = 5;
};

mds::Schema generated_schema();

struct GeneratedGraph {
  std::int64_t references = 0;  ///< that stand at the end
  std::vector<Time> rounds;     ///< when each round and its enrichment were over
  double seconds = 0;           ///< of processor time, to write it all
  std::int64_t documents = 0;   ///< put, all rounds
};

/// Fills an empty store.
GeneratedGraph generate_graph(mds::Store& store, const GraphSize& size);

}  // namespace rehearse::bench
