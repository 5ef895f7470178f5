// How an id is put together from a payload: text with placeholders.
//
//   {}           the item itself, for example each string of "feature_ids"
//   {/pointer}   a value inside the item, for example {/test_id}:{/cell_number}
//   {parent}     the id of the document that holds the item (embedded entities only)
//
// Values are non-empty strings or integers. A template with {parent} can be read backwards: the
// parent's id is all that stands before the last separator, so the values behind it must not hold
// the separator.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/json_pointer.hpp"

namespace rehearse::mds {

class IdTemplate {
 public:
  /// nullopt when a brace is not closed or a placeholder is none of the above.
  static std::optional<IdTemplate> parse(std::string_view text);

  /// The id of `item`; nullopt when a placeholder finds neither a non-empty string nor an integer,
  /// or (with {parent}) a value that holds the separator.
  std::optional<std::string> fill(const JsonValue& item, std::string_view parent) const;

  /// True when the template is "{parent}<separator>{/pointer}", which parent_of can read.
  bool names_parent() const;
  /// The parent's id in an id that this template made. REQUIRES: names_parent().
  std::optional<std::string> parent_of(std::string_view id) const;

 private:
  struct Piece {
    enum class Kind { literal, parent, value } kind = Kind::literal;
    std::string text;
    JsonPointer pointer;
  };
  std::vector<Piece> pieces_;
};

}  // namespace rehearse::mds
