// Strings and numbers as JSON, appended to a text: payloads are made a million times in a run, and
// a document tree costs ten times the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rehearse {

/// Appends `text` as a JSON string with its quotes. Non-ASCII stands as it is; REQUIRES: UTF-8.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, std::int64_t number);
/// Appends `number_text`. REQUIRES: finite.
void append_json(std::string& out, double number);

/// `text` as a JSON string, for texts nobody has checked: bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace rehearse
