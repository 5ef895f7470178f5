// JSON that holds data, which may be large: read into the library's own values, without the places
// that settings remember (config.hpp). Errors name the file and a JSON pointer. A key that stands
// twice, nesting deeper than 16 and files over 256 MiB are errors.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace rehearse::data {

/// Throws InputError.
nlohmann::json load_json(const std::filesystem::path& path);

/// Throws InputError at a place of the file.
[[noreturn]] void refuse_json(const std::string& file, const std::string& pointer,
                              const std::string& message);

/// A member of an object. Throws InputError where it is absent.
const nlohmann::json& member(const nlohmann::json& object, const char* key, const std::string& file,
                             const std::string& pointer);

/// A measured value: a number, null, or text as CSV cells have it ("NaN", "+Inf", "0.5"). NaN where
/// it is missing. Throws InputError.
double value_of(const nlohmann::json& value, const std::string& file, const std::string& pointer);

}  // namespace rehearse::data
