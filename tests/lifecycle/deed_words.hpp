// Deeds in words, as tests compare them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "lifecycle/deeds.hpp"

namespace rehearse::lifecycle {

/// "create ModelInstance rec-v2 state=CANDIDATE model=rec features=rec-x0,rec-x1 #team::rec-team".
inline std::string in_words(const Deed& deed) {
  std::string text =
      fmt::format("{} {} {}", deed.creates ? "create" : "update", deed.type, deed.id);
  for (const auto& [field, value] : deed.fields) text += fmt::format(" {}={}", field, value);
  for (const auto& [attribute, ids] : deed.references) {
    text += fmt::format(" {}={}", attribute, fmt::join(ids, ","));
  }
  for (const std::string& tag : deed.tags) text += " #" + tag;
  return text;
}

inline std::vector<std::string> in_words(const Deeds& deeds) {
  std::vector<std::string> words;
  for (const Deed& deed : deeds) words.push_back(in_words(deed));
  return words;
}

/// What an entity was set to, deed by deed: its state, or who it points to.
inline std::vector<std::string> set_to(const Deeds& deeds, const std::string& id) {
  std::vector<std::string> values;
  for (const Deed& deed : deeds) {
    if (deed.id != id) continue;
    values.push_back(deed.fields.empty() ? deed.references.at(0).second.at(0)
                                         : deed.fields.at(0).second);
  }
  return values;
}

}  // namespace rehearse::lifecycle
