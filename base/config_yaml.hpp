// Settings written in YAML, read into the same nodes as JSON, with the same strictness.
//
// YAML 1.2's core schema: true, false, null and numbers are what they look like, anything else is
// text ("yes", "on" and "NO" too). A key that stands twice in a mapping is an error. Anchors,
// aliases and merge keys ("<<") are followed, and bounded: what they unfold to may hold kMostNodes
// values, nested kDeepest deep. Tags other than the core schema's, keys that are no scalars and
// a second document are errors.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/config.hpp"

namespace rehearse::config {

/// Throws InputError with file, JSON pointer, line and column.
Node parse_yaml(std::string_view text, const std::string& file);

/// Reads a file as JSON or YAML: by its name (.json, .yaml, .yml), else by its first character.
/// Throws InputError.
Node load_json_or_yaml(const std::filesystem::path& path);

}  // namespace rehearse::config
