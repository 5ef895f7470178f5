// Changing parsed settings: merge patches and single values from the command line.
#include <algorithm>
#include <charconv>

#include "base/config.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::config {
namespace {

[[noreturn]] void refuse(std::string_view pointer, const std::string& message) {
  throw InputError({kCommandLine, printable(pointer, 200), 0, 0}, message);
}

// The reference tokens of a JSON pointer (RFC 6901), unescaped.
std::vector<std::string> tokens(std::string_view pointer) {
  if (pointer.empty() || pointer[0] != '/') {
    refuse(pointer, "a JSON pointer starts with \"/\", for example /mds/hydration/concurrency");
  }
  std::vector<std::string> out;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    if (pointer[at] == '/') {
      out.emplace_back();
    } else if (pointer[at] == '~') {
      const char next = at + 1 < pointer.size() ? pointer[at + 1] : ' ';
      if (next != '0' && next != '1') {
        refuse(pointer, "in a JSON pointer, ~ is written ~0 and / in a key is written ~1");
      }
      out.back() += next == '0' ? '~' : '/';
      ++at;
    } else {
      out.back() += pointer[at];
    }
  }
  return out;
}

void forget_lines(Node& node) {
  node.where.line = 0;
  node.where.column = 0;
  for (Node& item : node.items) forget_lines(item);
  for (auto& member : node.members) forget_lines(member.second);
}

// JSON where it is JSON; else the bare text. What starts like an object, array or string is meant
// to be JSON, so its mistakes are reported.
Node parse_value(std::string_view value, const Where& where) {
  if (find_invalid_utf8(value) != std::string_view::npos) {
    throw InputError(where, "the value is not UTF-8");
  }
  Node node;
  try {
    node = parse(value, where.file, where.pointer);
  } catch (const InputError& error) {
    if (!value.empty() && std::string_view("{[\"").find(value[0]) != std::string_view::npos) {
      throw InputError(where, error.message());
    }
    node = Node{};
    node.kind = Kind::string;
    node.text = value;
    node.where = where;
  }
  forget_lines(node);
  return node;
}

Node& element(Node& array, const std::string& token, std::string_view pointer) {
  if (token == "-") {
    array.items.emplace_back().kind = Kind::object;
    return array.items.back();
  }
  std::size_t index = 0;
  const char* end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  const bool canonical = token == "0" || (!token.empty() && token[0] != '0');
  if (error != std::errc() || stop != end || !canonical || index >= array.items.size()) {
    refuse(pointer, "found \"" + printable(token) + "\" as index of an array of " +
                        std::to_string(array.items.size()) +
                        "; an index that exists, or - to append, is allowed");
  }
  return array.items[index];
}

Node& member(Node& object, const std::string& token) {
  for (auto& [name, value] : object.members) {
    if (name == token) return value;
  }
  Node fresh;
  fresh.kind = Kind::object;
  return object.members.emplace_back(token, std::move(fresh)).second;
}

}  // namespace

void merge(Node& target, const Node& patch) {
  if (patch.kind != Kind::object) {
    target = patch;
    return;
  }
  if (target.kind != Kind::object) {
    target = Node{};
    target.kind = Kind::object;
    target.where = patch.where;
  }
  for (const auto& [key, value] : patch.members) {
    if (value.kind == Kind::null) {
      std::erase_if(target.members, [&key](const auto& member) { return member.first == key; });
    } else {
      const bool is_new = target.find(key) == nullptr;
      Node& slot = member(target, key);
      if (is_new) slot.where = value.where;
      merge(slot, value);
    }
  }
}

void set(Node& target, std::string_view pointer, std::string_view value,
         const std::string& option) {
  if (find_invalid_utf8(pointer) != std::string_view::npos) {
    refuse(pointer, "the pointer is not UTF-8");
  }
  const Where where =
      option == kCommandLine ? Where{option, std::string(pointer), 0, 0} : Where{option, {}, 0, 0};
  Node fresh = parse_value(value, where);
  Node* node = &target;
  for (const std::string& token : tokens(pointer)) {
    if (node->kind == Kind::array) {
      node = &element(*node, token, pointer);
    } else if (node->kind == Kind::object) {
      node = &member(*node, token);
    } else {
      refuse(pointer, "\"" + printable(token) + "\" cannot be inside " + shown(*node));
    }
    if (node->where.file.empty()) node->where = where;
  }
  *node = std::move(fresh);
}

}  // namespace rehearse::config
