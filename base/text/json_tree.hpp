// JSON documents that are put together as a tree, where a later part goes into an earlier place;
// what can be told from front to back is written with JsonWriter.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace rehearse {

/// The tree as a result file: every value on a line of its own, indented by two, and a newline at
/// the end. Bytes that are no UTF-8 become U+FFFD.
std::string json_document(const nlohmann::ordered_json& tree);

/// JSON has no infinities; they are written as Prometheus does, "+Inf" and "-Inf". No value: null.
nlohmann::ordered_json json_number(const std::optional<double>& value);

}  // namespace rehearse
