#include "base/config_yaml.hpp"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/node/node.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include "base/os/input_file.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::config {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostNodes = 100'000;
constexpr std::size_t kLargestFile = 4U << 20U;
constexpr std::string_view kMerge = "<<";

struct Size {
  std::size_t nodes = 1;
  std::size_t depth = 1;
};

Size size_of(const Node& node) {
  Size size;
  const auto add = [&](const Node& part) {
    const Size inner = size_of(part);
    size.nodes += inner.nodes;
    size.depth = std::max(size.depth, inner.depth + 1);
  };
  for (const Node& item : node.items) add(item);
  for (const auto& [key, value] : node.members) add(value);
  return size;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Whether the text is a number of the core schema. Infinities and NaN are none for settings.
bool read_number(std::string_view text, Node& node) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const auto numeral = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  if (digits.empty() || !numeral(digits.front()) || digits.starts_with("+-")) return false;
  const char* const end = digits.data() + digits.size();
  double value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value)) return false;
  node.kind = Kind::number;
  node.number = value;
  node.text = std::string(text);
  const auto whole = std::from_chars(digits.data(), end, node.integer);
  node.is_integer = whole.ec == std::errc{} && whole.ptr == end;
  return true;
}

void read_plain(const std::string& text, Node& node) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return;
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    node.kind = Kind::boolean;
    node.boolean = text[0] == 't' || text[0] == 'T';
  } else if (!read_number(text, node)) {
    node.kind = Kind::string;
    node.text = text;
  }
}

/// Makes nodes of yaml-cpp's events. Depth is bounded here, before the parser goes deeper.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::string file) : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(begin(mark, Kind::null), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!open_.empty() && open_.back().node.kind == Kind::object && !open_.back().key) {
      take_key(mark, value);
      return;
    }
    Node node = begin(mark, Kind::null);
    if (tag == "!" || tag == "tag:yaml.org,2002:str") {
      node.kind = Kind::string;
      node.text = value;
    } else {
      check_tag(tag, {"int", "float", "bool", "null"}, node.where);
      read_plain(value, node);
    }
    finish(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node here = begin(mark, Kind::null);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw InputError(here.where, "this alias stands inside what it repeats");
    }
    const Size size = size_of(found->second);
    count(size.nodes, here.where);
    check_depth(open_.size() + size.depth, here.where);
    finish(found->second, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(tag, {"seq"}, place(mark));
    open(mark, Kind::array, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(tag, {"map"}, place(mark));
    open(mark, Kind::object, anchor);
  }
  void OnMapEnd() override { close(); }

  Node take() { return std::move(root_); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<std::string> key;  ///< of the member whose value comes next
    std::vector<Node> merged;        ///< values of merge keys
  };

  Where place(const YAML::Mark& mark) const {
    const auto number = [](int zero_based) { return static_cast<std::size_t>(zero_based) + 1; };
    return {file_, pointer(), number(mark.line), number(mark.column)};
  }

  std::string pointer() const {
    if (open_.empty()) return "";
    const Frame& parent = open_.back();
    const std::string own = parent.node.kind == Kind::array
                                ? std::to_string(parent.node.items.size())
                                : escaped_key(parent.key.value_or(""));
    return parent.node.where.pointer + "/" + own;
  }

  Node begin(const YAML::Mark& mark, Kind kind) {
    Node node;
    node.kind = kind;
    node.where = place(mark);
    if (!open_.empty() && open_.back().node.kind == Kind::object && !open_.back().key) {
      throw InputError(node.where, "a key is a scalar; this one is none");
    }
    count(1, node.where);
    return node;
  }

  void count(std::size_t nodes, const Where& where) {
    nodes_ += nodes;
    if (nodes_ <= kMostNodes) return;
    throw InputError(where, "more than " + std::to_string(kMostNodes) +
                                " values, those that aliases repeat included");
  }

  /// A tag says no more than the value does, or is one of the core schema's.
  static void check_tag(std::string_view tag, std::initializer_list<std::string_view> core,
                        const Where& where) {
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (is_one_of(tag, {"", "?", "!"})) return;
    if (tag.starts_with(kCore) && is_one_of(tag.substr(kCore.size()), core)) return;
    throw InputError(where, "the tag \"" + printable(tag) + "\" is not known here");
  }

  static void check_depth(std::size_t depth, const Where& where) {
    if (depth <= kDeepest) return;
    throw InputError(where, "nested deeper than " + std::to_string(kDeepest) + " levels");
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    Frame& frame = open_.back();
    if (key != kMerge && frame.node.find(key) != nullptr) {
      Where where = place(mark);
      where.pointer = frame.node.where.pointer + "/" + escaped_key(key);
      throw InputError(where, "the key \"" + printable(key) +
                                  "\" stands here twice; the first is on line " +
                                  std::to_string(frame.node.find(key)->where.line));
    }
    frame.key = key;
  }

  void open(const YAML::Mark& mark, Kind kind, YAML::anchor_t anchor) {
    Frame frame;
    frame.node = begin(mark, kind);
    frame.anchor = anchor;
    check_depth(open_.size() + 1, frame.node.where);
    open_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    for (const Node& merged : frame.merged) merge_into(frame.node, merged);
    finish(std::move(frame.node), frame.anchor);
  }

  /// A mapping's own members stand before merged ones.
  static void merge_into(Node& target, const Node& merged) {
    if (merged.kind == Kind::array) {
      for (const Node& item : merged.items) merge_into(target, item);
      return;
    }
    if (merged.kind != Kind::object) {
      throw InputError(merged.where, "\"<<\" merges mappings; " + shown(merged));
    }
    for (const Member& member : merged.members) {
      if (target.find(member.first) == nullptr) target.members.push_back(member);
    }
  }

  void finish(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = open_.back();
    if (parent.node.kind == Kind::array) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    if (*parent.key == kMerge) {
      parent.merged.push_back(std::move(node));
    } else {
      parent.node.members.push_back({std::move(*parent.key), std::move(node)});
    }
    parent.key.reset();
  }

  std::string file_;
  Node root_;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
};

bool named(const std::filesystem::path& path, std::initializer_list<std::string_view> endings) {
  const std::string ending = path.extension().string();
  return is_one_of(ending, endings);
}

bool begins_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first == std::string_view::npos || text[first] == '{' || text[first] == '/';
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& file) {
  if (text.size() > kLargestFile) throw InputError({file, "", 0, 0}, "is larger than 4 MiB");
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    throw InputError({file, "", static_cast<std::size_t>(line) + 1, 0}, "is not UTF-8");
  }
  std::istringstream stream{std::string(text)};
  Builder builder(file);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      throw InputError({file, "", 1, 1}, "is empty; settings are due");
    }
    Builder more(file);
    if (parser.HandleNextDocument(more)) {
      throw InputError({file, "", 0, 0}, "holds a second document; one is due");
    }
  } catch (const YAML::Exception& error) {
    const auto line = static_cast<std::size_t>(std::max(0, error.mark.line + 1));
    const auto column = static_cast<std::size_t>(std::max(0, error.mark.column + 1));
    throw InputError({file, "", line, column}, "not valid YAML: " + printable(error.msg, 200));
  }
  return builder.take();
}

Node load_json_or_yaml(const std::filesystem::path& path) {
  if (named(path, {".json"})) return load(path);
  std::ifstream stream = os::open_input(path);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  const bool yaml = named(path, {".yaml", ".yml"}) || !begins_like_json(text);
  return yaml ? parse_yaml(text, path.string()) : parse(text, path.string());
}

}  // namespace rehearse::config
