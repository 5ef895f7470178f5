#include "world/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/config.hpp"
#include "base/debug_assert.hpp"
#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "base/text/json_text.hpp"
#include "world/uri.hpp"

namespace rehearse::world {
namespace {

std::string decimal(std::int64_t number) { return fmt::format_int(number).str(); }

bool fits(const FieldValue& value, FieldKind kind) {
  if (const double* real = std::get_if<double>(&value); real != nullptr && !std::isfinite(*real)) {
    return false;
  }
  switch (kind) {
    case FieldKind::text:
      return std::holds_alternative<std::string>(value);
    case FieldKind::integer:
      return std::holds_alternative<std::int64_t>(value);
    case FieldKind::number:
      return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
    case FieldKind::boolean:
      return std::holds_alternative<bool>(value);
  }
  return false;
}

const char* allowed(FieldKind kind) {
  switch (kind) {
    case FieldKind::text:
      return "a string";
    case FieldKind::integer:
      return "an integer";
    case FieldKind::number:
      return "a finite number";
    case FieldKind::boolean:
      return "true or false";
  }
  return "";
}

// Texts are views of `value`.
StoredValue stored(const FieldValue& value, FieldKind kind) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (text->empty()) return {};
    return std::string_view(*text);
  }
  if (const double* real = std::get_if<double>(&value)) return *real + 0.0;  // -0.0 becomes 0.0
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole != nullptr && kind == FieldKind::number) return static_cast<double>(*whole);
  if (whole != nullptr) return *whole;
  return std::get<bool>(value);
}

[[maybe_unused]] std::uint64_t sum_of_facts(const WorldState& state, Slot slot) {
  std::uint64_t sum = 0;
  if (!state.entity(slot).now->exists) return sum;
  for (const World::ExpectedFact& fact : state.facts_of(slot)) {
    sum += fact_hash(fact.uri, fact.attribute, fact.text);
  }
  return sum;
}

}  // namespace

std::string canonical_text(const StoredValue& value) {
  struct Writer {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::string_view text) const { return std::string(text); }
    std::string operator()(std::int64_t number) const { return decimal(number); }
    std::string operator()(double number) const {
      std::string text;
      append_json(text, number);
      return text;
    }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  };
  return std::visit(Writer{}, value);
}

std::uint64_t part_facts(const WorldState& state, Slot root, const StoredPart& part) {
  const PartShape& shape = *state.type_of(root).shape.parts;
  const std::string_view uri = state.entity(part.slot).identity->uri();
  const FactHasher hash(uri);
  std::uint64_t sum = hash(shape.parent_attribute, state.entity(root).identity->uri());
  if (!shape.part_attribute.empty()) sum += hash(shape.part_attribute, part.key);
  if (!part.name.empty()) sum += hash("name", part.name);
  return sum;
}

Application::Application(WorldState& state, const Operation& operation)
    : state_(state), operation_(operation) {
  const Layout& layout = *state_.layout;
  source_ = layout.source_index(operation.source);
  if (source_ == kNone) {
    throw InputError("no source is named " + operation.source +
                     known_names(operation.source, source_names(layout.sources())));
  }
  type_ = layout.type_index(source_, operation.type);
  if (type_ == kNone || layout.types()[type_].is_part) {
    throw InputError(operation.source + " has no entities of type " + operation.type +
                     known_names(operation.type, document_types(layout.sources()[source_])) +
                     owners());
  }
  layout_ = &layout.types()[type_];
  if (operation.id.empty()) refuse("an id is needed");
  slot_ = operation.entity != kNoSlot ? operation.entity : state_.lookup(type_, operation.id);
  debug_assert(slot_ == state_.lookup(type_, operation.id));
  if (slot_ != kNoSlot && state_.entity(slot_).type != type_ && state_.entity(slot_).now) {
    refuse("the id belongs to a " + state_.type_of(slot_).shape.type);
  }
  check_fields();
  check_refs();
  check_tags();
  check_parts();
}

void Application::refuse(const std::string& message) const {
  throw InputError(operation_.type + " " + operation_.id + ": " + message);
}

// "; pipeline-orchestrator has them"
std::string Application::owners() const {
  std::string names;
  for (const SourceShape& source : state_.layout->sources()) {
    const std::vector<std::string> types = document_types(source);
    if (std::find(types.begin(), types.end(), operation_.type) == types.end()) continue;
    names += (names.empty() ? "; " : ", ") + source.name;
  }
  return names.empty() ? names : names + " has them";
}

std::string Application::nearest_living() const {
  std::vector<std::string> ids;
  for (const Slot slot : state_.lists[type_]->living) {
    ids.emplace_back(state_.entity(slot).identity->id());
  }
  const auto near = config::nearest(operation_.id, ids);
  return near ? "; did you mean " + *near + "?" : "";
}

Change Application::require(Time at) {
  if (std::optional<Change> change = run(at)) return *std::move(change);
  if (operation_.op == Op::create) refuse("it exists already, so it cannot be created");
  const bool existed = slot_ != kNoSlot && state_.entity(slot_).now != nullptr;
  refuse(std::string(existed ? "it was deleted" : "it was never created") + ", so it cannot be " +
         (operation_.op == Op::remove ? "deleted" : "updated") + nearest_living());
}

void Application::check_fields() const {
  for (const auto& [attribute, value] : operation_.fields) {
    const std::size_t index = layout_->field_index(attribute);
    if (index == kNone) {
      refuse("no field " + attribute + known_names(attribute, field_names(layout_->shape)));
    }
    const FieldKind kind = layout_->shape.fields[index].kind;
    if (!fits(value, kind)) refuse(attribute + " must be " + allowed(kind));
  }
}

void Application::check_refs() const {
  for (const auto& [attribute, ids] : operation_.refs) {
    const std::size_t index = layout_->ref_index(attribute);
    if (index == kNone) {
      refuse("no reference " + attribute + known_names(attribute, ref_names(layout_->shape)));
    }
    const RefShape& shape = layout_->refs[index].shape;
    if (!shape.many && ids.size() > 1) refuse(attribute + " refers to one entity at most");
    for (const std::string& id : ids) {
      if (!id.empty() && !can_refer_to(shape, id)) {
        refuse(fmt::format("{} refers to {}, which is not {}", attribute, id, id_form(shape)));
      }
    }
  }
}

void Application::check_tags() const {
  if (!operation_.replace_tags) return;
  if (layout_->shape.tags_key.empty()) refuse("its source knows no tags");
  for (const std::string& tag : operation_.tags) {
    const std::size_t separator = tag.find("::");
    if (separator == tag.npos || separator == 0) refuse("tag " + tag + " is not KEY::VALUE");
  }
}

void Application::check_parts() const {
  if (!operation_.replace_parts) return;
  if (layout_->part == kNone) refuse("entities of its type have no parts");
  std::vector<std::string> keys;
  for (const Part& part : operation_.parts) {
    const bool well_formed =
        layout_->shape.parts->numeric
            ? is_whole_number(part.key)
            : !part.key.empty() && part.key.find(layout_->shape.parts->separator) == part.key.npos;
    if (!part.name.empty() && layout_->shape.parts->name_key.empty()) {
      refuse("its parts have no names");
    }
    if (!well_formed) refuse(layout_->shape.parts->part_key + " cannot be " + part.key);
    keys.push_back(part.key);
  }
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end())
    refuse(layout_->shape.parts->part_key + " " + *twice + " is there twice");
}

std::optional<Change> Application::run(Time at) {
  const bool exists = slot_ != kNoSlot && state_.entity(slot_).alive;
  if (exists == (operation_.op == Op::create)) return std::nullopt;
  if (slot_ == kNoSlot) slot_ = state_.intern(type_, operation_.id);
  state_.entities.edit()[slot_].type =
      static_cast<std::uint32_t>(type_);  // a reference may have guessed another
  hash_ = FactHasher(state_.entity(slot_).identity->uri());
  version_ = &state_.edit_version(slot_, at);
  assert(version().number == 0 || at >= version().changed_at);
  // Whoever hears of the change reads the document, by its id.
  version_->refs.expect();
  const NameIndex& names = *state_.names[layout_->names];
  names.expect(NameIndex::tag_of(operation_.id));
  if (operation_.op == Op::create) {
    clear();
    version().exists = true;
    version().created_ms = at.ns > 0 ? at.ns / 1'000'000 : 0;
    if (!layout_->shape.created_at_key.empty()) {
      add_fact("created_at", decimal(version().created_ms));
    }
    state_.set_alive(slot_, true);
  } else {
    drop_fact("version", decimal(version().number));
  }
  ++version().number;
  add_fact("version", decimal(version().number));
  if (operation_.op == Op::remove) {
    clear();
    version().exists = false;
    state_.set_alive(slot_, false);
  } else {
    set_fields();
    set_refs();
    if (operation_.replace_tags) set_tags();
    if (operation_.replace_parts) set_parts();
  }
  version().changed_at = at;
  debug_assert(version().facts == sum_of_facts(state_, slot_));
  if (operation_.op != Op::update) {
    state_.sources[source_].changed_at = at;
    state_.note_existence(slot_, at);
  }
  return change(at);
}

// Leaves no facts and no parts behind.
void Application::clear() {
  for (const StoredPart& part : version().parts()) state_.set_alive(part.slot, false);
  version().clear_extras();
  version().values.clear();
  version().refs = RefLists(layout_->refs.size());
  version().facts = 0;
}

void Application::add_fact(std::string_view attribute, std::string_view text) {
  version().facts += hash_(attribute, text);
}

void Application::drop_fact(std::string_view attribute, std::string_view text) {
  version().facts -= hash_(attribute, text);
}

void Application::set_fields() {
  for (const auto& [attribute, value] : operation_.fields) {
    const std::size_t index = layout_->field_index(attribute);
    const StoredValue before = version().values.get(index);
    if (before.index() != 0) drop_fact(attribute, canonical_text(before));
    const StoredValue after = stored(value, layout_->shape.fields[index].kind);
    if (after.index() != 0) add_fact(attribute, canonical_text(after));
    version().values.set(index, after);
  }
}

void Application::set_refs() {
  for (const auto& [attribute, ids] : operation_.refs) {
    const std::size_t index = layout_->ref_index(attribute);
    std::vector<Slot> targets;
    for (const std::string& id : ids) {
      if (id.empty()) continue;
      const Slot target = state_.intern(layout_->refs[index].target, id);
      if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
        targets.push_back(target);
      }
    }
    for (const Slot old : version().refs.get(index)) {
      drop_fact(attribute, state_.entity(old).identity->uri());
    }
    for (const Slot target : targets) add_fact(attribute, state_.entity(target).identity->uri());
    version().refs.set(index, targets);
  }
}

void Application::set_tags() {
  std::vector<std::string>& tags = version().edit_extras().tags;
  for (const std::string& tag : tags) drop_fact("tags", tag);
  tags.clear();
  for (const std::string& tag : operation_.tags) {
    if (std::find(tags.begin(), tags.end(), tag) != tags.end()) continue;
    tags.push_back(tag);
    add_fact("tags", tag);
  }
}

void Application::set_parts() {
  std::vector<StoredPart>& parts = version().edit_extras().parts;
  for (const StoredPart& part : parts) {
    version().facts -= part_facts(state_, slot_, part);
    state_.set_alive(part.slot, false);
  }
  parts.clear();
  for (const Part& given : operation_.parts) {
    StoredPart part;
    part.slot =
        state_.intern(layout_->part, operation_.id + layout_->shape.parts->separator + given.key);
    part.key = given.key;
    part.name = given.name;
    state_.entities.edit()[part.slot].parent = slot_;
    state_.set_alive(part.slot, true);
    version().facts += part_facts(state_, slot_, part);
    parts.push_back(std::move(part));
  }
}

Change Application::change(Time at) const {
  Change change;
  change.number = ++state_.changes;
  change.at = at;
  change.source = source_;
  change.op = operation_.op;
  change.entity = slot_;
  change.uri = state_.entity(slot_).identity->uri();
  change.type = layout_->shape.type;
  change.version = version_->number;
  change.facts = version_->facts;
  change.relinked =
      operation_.op != Op::update || !operation_.refs.empty() || operation_.replace_parts;
  const auto& [before, after] = layout_->events[static_cast<std::size_t>(operation_.op)];
  change.event.reserve(before.size() + operation_.id.size() + after.size() + 2);
  change.event = before;
  append_json(change.event, operation_.id);
  change.event += after;
  return change;
}

std::vector<World::ExpectedFact> WorldState::facts_of(Slot slot) const {
  const TypeLayout& type = type_of(slot);
  const Version& version = *entity(slot).now;
  const std::string uri(entity(slot).identity->uri());
  std::vector<World::ExpectedFact> facts;
  facts.push_back({uri, "version", decimal(version.number)});
  if (!type.shape.created_at_key.empty()) {
    facts.push_back({uri, "created_at", decimal(version.created_ms)});
  }
  for (std::size_t i = 0; i < type.shape.fields.size(); ++i) {
    const StoredValue value = version.values.get(i);
    if (value.index() == 0) continue;
    facts.push_back({uri, type.shape.fields[i].attribute, canonical_text(value)});
  }
  for (std::size_t i = 0; i < type.refs.size(); ++i) {
    for (const Slot target : version.refs.get(i)) {
      facts.push_back(
          {uri, type.refs[i].shape.attribute, std::string(entity(target).identity->uri())});
    }
  }
  for (const std::string& tag : version.tags()) facts.push_back({uri, "tags", tag});
  for (const StoredPart& part : version.parts()) {
    const PartShape& shape = *type.shape.parts;
    const std::string part_uri(entity(part.slot).identity->uri());
    facts.push_back({part_uri, shape.parent_attribute, uri});
    if (!shape.part_attribute.empty()) {
      facts.push_back({part_uri, shape.part_attribute, part.key});
    }
    if (!part.name.empty()) facts.push_back({part_uri, "name", part.name});
  }
  std::sort(facts.begin(), facts.end());
  return facts;
}

}  // namespace rehearse::world
