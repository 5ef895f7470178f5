#include "learning/streams.hpp"

#include <string>

namespace rehearse::learning {

Streams::Streams(std::uint64_t seed, std::uint64_t replication, std::string_view model)
    : seed_(seed),
      replication_(replication),
      prefix_(std::string("lifecycle/").append(model).append("/")) {}

stats::Stream Streams::numbered(std::string_view what, std::int64_t number) const {
  std::string name = prefix_;
  name.append(what).append(std::to_string(number));
  return {seed_, replication_, name};
}

stats::Stream Streams::monitor(std::string_view policy, Hour hour) const {
  return numbered(std::string("monitor/").append(policy).append("/"), hour.number);
}

stats::Stream Streams::truth() const { return {0, 0, prefix_ + "truth"}; }

stats::Stream Streams::drift(std::size_t number) const {
  return {0, 0, prefix_ + "drift/" + std::to_string(number)};
}

}  // namespace rehearse::learning
