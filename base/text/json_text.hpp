// Writing JSON text directly: payloads are made a million times in a run, and a document tree costs
// ten times the text. Output is valid JSON for valid UTF-8 input; non-ASCII stands as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rehearse::world {

/// Appends `text` as a JSON string with its quotes.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, std::int64_t number);
/// Appends the shortest decimal that reads back the same. REQUIRES: finite.
void append_json(std::string& out, double number);

}  // namespace rehearse::world
