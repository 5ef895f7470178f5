#include "mds/contract/facts.hpp"

#include <array>
#include <charconv>

namespace rehearse::mds {
namespace {

struct Canonical {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return {buffer.data(), end.ptr};
  }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  std::string operator()(const Reference& reference) const { return reference.uri; }
};

}  // namespace

std::string canonical_text(const Value& value) { return std::visit(Canonical{}, value); }

}  // namespace rehearse::mds
