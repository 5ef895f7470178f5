#include "explore/sampling/chains.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "stats/random.hpp"

using namespace rehearse;
using explore::ChainPartition;

namespace {

/// A partial order as a table, and the partition that was told the same.
struct Random {
  explicit Random(std::uint64_t seed) {
    stats::Stream draw(seed, 0, "chains");
    const std::size_t size = 1 + static_cast<std::size_t>(draw.below(12));
    const double density = draw.uniform();
    less.assign(size, std::vector<char>(size, 0));
    for (std::size_t b = 0; b < size; ++b) {
      std::vector<std::size_t> below;
      for (std::size_t a = 0; a < b; ++a) {
        if (!draw.chance(density * 0.5)) continue;
        below.push_back(a);
        less[a][b] = 1;
        for (std::size_t c = 0; c < a; ++c) less[c][b] |= less[c][a];
      }
      partition.add(below);
    }
  }

  /// Over all subsets.
  std::size_t widest() const {
    const std::size_t size = less.size();
    std::size_t widest = 0;
    for (std::size_t set = 1; set < (std::size_t{1} << size); ++set) {
      std::vector<std::size_t> members;
      for (std::size_t i = 0; i < size; ++i) {
        if ((set >> i & 1) != 0) members.push_back(i);
      }
      bool apart = true;
      for (const std::size_t a : members) {
        for (const std::size_t b : members) apart = apart && less[a][b] == 0;
      }
      if (apart) widest = std::max(widest, members.size());
    }
    return widest;
  }

  std::vector<std::vector<char>> less;
  ChainPartition partition;
};

}  // namespace

TEST_CASE("a growing order is cut into at most w(w+1)/2 chains, each totally ordered") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    const Random order(seed);
    const ChainPartition& cut = order.partition;
    for (std::size_t a = 0; a < cut.size(); ++a) {
      for (std::size_t b = 0; b < cut.size(); ++b) {
        REQUIRE(cut.less(a, b) == (order.less[a][b] != 0));
        if (a < b && cut.chain_of(a) == cut.chain_of(b)) REQUIRE(cut.less(a, b));
      }
    }
    const std::size_t width = order.widest();
    CHECK(cut.width() == width);
    CHECK(cut.chains() <= width * (width + 1) / 2);
  }
}
