#include "mds/contract/id_template.hpp"

#include <cassert>

namespace rehearse::mds {
namespace {

/// Appends the id that a value stands for; false when it stands for none.
bool append_id(std::string& id, const JsonValue* value) {
  if (value == nullptr) return false;
  if (value->is(JsonKind::large)) {
    id += std::to_string(value->large);
  } else if (value->is(JsonKind::integer)) {
    id += std::to_string(value->integer);
  } else if (value->is(JsonKind::text) && !value->text.empty()) {
    id += value->text;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<IdTemplate> IdTemplate::parse(std::string_view text) {
  IdTemplate made;
  while (!text.empty()) {
    const auto open = text.find('{');
    if (open != 0) {
      const auto literal = text.substr(0, open);
      if (literal.find('}') != std::string_view::npos) return std::nullopt;
      made.pieces_.push_back({Piece::Kind::literal, std::string(literal), {}});
      text.remove_prefix(literal.size());
      continue;
    }
    const auto close = text.find('}');
    if (close == std::string_view::npos) return std::nullopt;
    const auto inside = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (inside == "parent") {
      made.pieces_.push_back({Piece::Kind::parent, {}, {}});
      continue;
    }
    auto pointer = JsonPointer::parse(inside);
    if (!pointer) return std::nullopt;
    made.pieces_.push_back({Piece::Kind::value, {}, *std::move(pointer)});
  }
  if (made.pieces_.empty()) return std::nullopt;
  return made;
}

std::optional<std::string> IdTemplate::fill(const JsonValue& item, std::string_view parent) const {
  std::string id;
  for (const Piece& piece : pieces_) {
    if (piece.kind == Piece::Kind::literal) {
      id += piece.text;
    } else if (piece.kind == Piece::Kind::parent) {
      id += parent;
    } else {
      const std::size_t before = id.size();
      if (!append_id(id, piece.pointer.find(item))) return std::nullopt;
      if (names_parent() && id.find(pieces_[1].text, before) != std::string::npos) {
        return std::nullopt;
      }
    }
  }
  return id;
}

bool IdTemplate::names_parent() const {
  return pieces_.size() == 3 && pieces_[0].kind == Piece::Kind::parent &&
         pieces_[1].kind == Piece::Kind::literal && pieces_[2].kind == Piece::Kind::value;
}

std::optional<std::string> IdTemplate::parent_of(std::string_view id) const {
  assert(names_parent());
  const std::string& separator = pieces_[1].text;
  const auto at = id.rfind(separator);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  if (at + separator.size() == id.size()) return std::nullopt;
  return std::string(id.substr(0, at));
}

}  // namespace rehearse::mds
