#include "mds/id_template.hpp"

namespace rehearse::mds {
namespace {

std::optional<std::string> id_text(const JsonValue* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is(JsonKind::large)) return std::to_string(value->large);
  if (value->is(JsonKind::integer)) return std::to_string(value->integer);
  if (!value->is(JsonKind::text) || value->text.empty()) return std::nullopt;
  return std::string(value->text);
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
      const auto text = id_text(piece.pointer.find(item));
      if (!text) return std::nullopt;
      if (names_parent() && text->find(pieces_[1].text) != std::string::npos) return std::nullopt;
      id += *text;
    }
  }
  return id;
}

bool IdTemplate::names_parent() const {
  return pieces_.size() == 3 && pieces_[0].kind == Piece::Kind::parent &&
         pieces_[1].kind == Piece::Kind::literal && pieces_[2].kind == Piece::Kind::value;
}

std::optional<std::string> IdTemplate::parent_of(std::string_view id) const {
  const std::string& separator = pieces_[1].text;
  const auto at = id.rfind(separator);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  if (at + separator.size() == id.size()) return std::nullopt;
  return std::string(id.substr(0, at));
}

}  // namespace rehearse::mds
