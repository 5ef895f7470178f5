// From a scenario file on disk to one tree of settings: `extends` is followed and overrides from
// the command line are put in. What the settings mean is experiments/scenario/scenario.hpp's
// business.
//
// A scenario with "extends": "FILE" is a JSON Merge Patch (RFC 7386) on that file, which may extend
// another one; the name is relative to the file it stands in. Overrides come last. Every value
// keeps the file and line it came from, so errors name the file to mend.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace rehearse::experiments {

/// `--set POINTER=VALUE`, or another option that stands for a pointer.
struct Override {
  std::string pointer;
  std::string value;
  std::string option = config::kCommandLine;  ///< that errors name
};

/// Splits "POINTER=VALUE" at the first "=". Throws InputError when there is none.
Override parse_override(std::string_view text);

/// Throws InputError: a file that cannot be read, is no JSON or extends itself; an override that
/// leads nowhere.
config::Node read_scenario(const std::filesystem::path& path,
                           const std::vector<Override>& overrides = {});

}  // namespace rehearse::experiments
