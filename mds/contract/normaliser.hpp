// Normalisation: a payload of a source becomes a document of the graph, as the provider declares.
//
// Only what is declared is taken. A value that is absent or null is no fact; a value of another
// type than declared, an id that is not the one asked for, or a missing required field refuses the
// payload as a whole, so that the graph never holds half of a state.
#pragma once

#include <string>
#include <string_view>

#include "mds/contract/facts.hpp"
#include "mds/contract/provider.hpp"
#include "mds/contract/untrusted.hpp"

namespace rehearse::mds {

/// The document in `payload`, which a source gave for the entity `id` of `type`. Throws Refusal
/// and nothing else, whatever the payload holds.
Document normalise(const Provider& provider, const TypeDeclaration& type, std::string_view id,
                   std::string_view payload);

/// The same for a payload that is parsed already.
Document normalise_json(const Provider& provider, const TypeDeclaration& type, std::string_view id,
                        const JsonValue& payload);

}  // namespace rehearse::mds
