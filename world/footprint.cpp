#include "world/footprint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "world/content.hpp"

namespace rehearse::world {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/// The decimal spelling of some number that is at least `width` digits wide.
bool is_number(std::string_view text, std::size_t width) {
  return !text.empty() && text.size() >= width && (text.size() == width || text[0] != '0');
}

void check_names(const Creation& creation, const std::vector<std::string>& wanted,
                 const std::vector<std::string>& known, const std::string& what) {
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw InputError(fmt::format("a model declares that it creates {} {}, but there is no {} {}{}",
                                 creation.type, creation.id, what, name, known_names(name, known)));
  }
}

}  // namespace

Creation random_creation(const std::string& source, const std::string& type) {
  constexpr std::size_t kDigits = 6;
  const std::string first = generated_id(type, 0);
  return {source, type, first.substr(0, first.size() - kDigits), kDigits, {}, {}};
}

void Footprint::add(Creation creation) {
  const TypeOf type{creation.source, creation.type};
  if (creation.digits == 0) {
    whole_[type].insert(creation.id);
  } else {
    numbered_[type].emplace(creation.id, creation.digits);
  }
  creations_.push_back(std::move(creation));
}

void Footprint::add(const Footprint& other) {
  for (const Creation& creation : other.creations_) add(creation);
}

// A stem may end in digits itself, so every place within the digits at the end may be its end.
bool Footprint::may_create(const std::string& source, const std::string& type,
                           std::string_view id) const {
  const TypeOf of{source, type};
  const auto whole = whole_.find(of);
  if (whole != whole_.end() && whole->second.contains(id)) return true;
  const auto numbered = numbered_.find(of);
  if (numbered == numbered_.end()) return false;
  for (std::size_t end = id.size(); end > 0 && digit(id[end - 1]); --end) {
    const std::string stem(id.substr(0, end - 1));
    for (auto entry = numbered->second.lower_bound({stem, 0});
         entry != numbered->second.end() && entry->first == stem; ++entry) {
      if (is_number(id.substr(end - 1), entry->second)) return true;
    }
  }
  return false;
}

std::vector<std::string> Footprint::examples(const std::string& source,
                                             const std::string& type) const {
  std::vector<std::string> ids;
  for (const Creation& creation : creations_) {
    if (creation.source != source || creation.type != type) continue;
    ids.push_back(creation.digits == 0 ? creation.id
                                       : fmt::format("{}{:0{}}", creation.id, 1, creation.digits));
  }
  return ids;
}

void check_footprint(const std::vector<SourceShape>& sources, const Footprint& footprint) {
  for (const Creation& creation : footprint.creations()) {
    check_names(creation, {creation.source}, source_names(sources), "source");
    const SourceShape& source =
        *std::find_if(sources.begin(), sources.end(),
                      [&](const SourceShape& shape) { return shape.name == creation.source; });
    check_names(creation, {creation.type}, document_types(source), "type");
    const TypeShape& type = *find_type(source, creation.type);
    check_names(creation, creation.refs, ref_names(type), "reference");
    if (!creation.parts.empty() && !type.parts) {
      throw InputError("a model declares parts of " + creation.type + " " + creation.id +
                       ", but entities of its type have none");
    }
  }
}

}  // namespace rehearse::world
