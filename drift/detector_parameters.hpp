// Reading a detector's parameters from text, with ranges and defaults. Bad ones are InputErrors
// that say what is allowed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drift/detectors.hpp"

namespace rehearse::drift {

class ParameterReader {
 public:
  ParameterReader(std::string detector, const DetectorParameters& given);

  double number(const std::string& name, double otherwise, double low, double high);
  std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t low);
  bool boolean(const std::string& name, bool otherwise);
  std::string choice(const std::string& name, const std::string& otherwise,
                     const std::vector<std::string>& allowed);

  /// Throws InputError for a parameter that was never asked for.
  void done() const;

 private:
  const std::string* find(const std::string& name);
  [[noreturn]] void refuse(const std::string& name, const std::string& found,
                           const std::string& allowed) const;

  std::string detector_;
  const DetectorParameters& given_;
  std::vector<std::string> known_;
};

}  // namespace rehearse::drift
