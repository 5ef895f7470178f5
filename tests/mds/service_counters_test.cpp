#include "mds/service/service_counters.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace rehearse::mds;

TEST_CASE("the counters of two lives add up, peaks apart, and no field is left out") {
  ServiceCounters earlier, later;
  std::uint64_t n = 0;
  for (const CounterField& field : counter_fields()) {
    earlier.*field.value = 1000 + ++n;
    later.*field.value = n * n;
  }
  later += earlier;
  n = 0;
  std::set<std::uint64_t> values;
  for (const CounterField& field : counter_fields()) {
    ++n;
    const std::uint64_t value = later.*field.value;
    CHECK(value == (field.peak ? std::max(1000 + n, n * n) : 1000 + n + n * n));
    values.insert(value);
  }
  CHECK(values.size() == counter_fields().size());  // or a field stands in two lines
  CHECK(later.queue_max == 1010);
}
