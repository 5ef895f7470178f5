// What a question of `rehearse query` may be asked about. Some want an entity of a given type: an
// answer of none to a question that does not fit would look like knowledge.
#pragma once

#include <string>

namespace rehearse::app {

/// Throws InputError that says what the entity is, what the question wants, and which question fits
/// it, when `question` cannot be asked about entities of `type`.
void require_type(const std::string& question, const std::string& uri, const std::string& type);

/// Whether an argument is meant as the URI of an entity, well formed or not.
bool looks_like_uri(const std::string& text);

}  // namespace rehearse::app
