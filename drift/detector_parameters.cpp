#include "drift/detector_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/config.hpp"
#include "base/error.hpp"

namespace rehearse::drift {

ParameterReader::ParameterReader(std::string detector, const DetectorParameters& given)
    : detector_(std::move(detector)), given_(given) {}

const std::string* ParameterReader::find(const std::string& name) {
  known_.push_back(name);
  const auto found = given_.find(name);
  return found == given_.end() ? nullptr : &found->second;
}

void ParameterReader::refuse(const std::string& name, const std::string& found,
                             const std::string& allowed) const {
  throw InputError(fmt::format("detector {}: {} = \"{}\"; {}", detector_, name, found, allowed));
}

double ParameterReader::number(const std::string& name, double otherwise, double low, double high) {
  const std::string* text = find(name);
  if (text == nullptr) return otherwise;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value)) {
    refuse(name, *text, "a number is due");
  }
  if (value < low || value > high) {
    refuse(name, *text,
           std::isinf(high) ? fmt::format("at least {} is due", low)
                            : fmt::format("a number from {} to {} is due", low, high));
  }
  return value;
}

std::int64_t ParameterReader::integer(const std::string& name, std::int64_t otherwise,
                                      std::int64_t low) {
  const std::string* text = find(name);
  if (text == nullptr) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  constexpr std::int64_t kHigh = 1'000'000'000;
  if (error != std::errc{} || end != text->data() + text->size() || value < low || value > kHigh) {
    refuse(name, *text, fmt::format("a whole number from {} to {} is due", low, kHigh));
  }
  return value;
}

bool ParameterReader::boolean(const std::string& name, bool otherwise) {
  return choice(name, otherwise ? "true" : "false", {"true", "false"}) == "true";
}

std::string ParameterReader::choice(const std::string& name, const std::string& otherwise,
                                    const std::vector<std::string>& allowed) {
  const std::string* text = find(name);
  if (text == nullptr) return otherwise;
  if (std::find(allowed.begin(), allowed.end(), *text) == allowed.end()) {
    refuse(name, *text, fmt::format("one of {} is due", fmt::join(allowed, ", ")));
  }
  return *text;
}

void ParameterReader::done() const {
  for (const auto& [name, value] : given_) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto near = config::nearest(name, known_);
    throw InputError(fmt::format("detector {} has no parameter \"{}\"; it has {}{}", detector_,
                                 name, fmt::join(known_, ", "),
                                 near ? fmt::format(" (did you mean {}?)", *near) : ""));
  }
}

}  // namespace rehearse::drift
