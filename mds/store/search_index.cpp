#include "mds/store/search_index.hpp"

#include <algorithm>

#include "mds/contract/facts.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

// Remembered names are a help, not a copy of the graph.
constexpr std::size_t kRememberedNames = 1U << 20U;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void add_word(std::string& to, std::string_view word) {
  if (!to.empty()) to.push_back(' ');
  to.append(word);
}

// Related names stand in the order of entity numbers, which is no content.
Fingerprint print_of(std::string_view type, const SearchIndex::Texts& texts) {
  constexpr std::uint64_t kWord = 1;
  constexpr std::uint64_t kTexts = 2;
  Fingerprint related;
  for (std::size_t at = 0; at < texts.related.size();) {
    const std::size_t end = std::min(texts.related.find(' ', at), texts.related.size());
    related += PartHasher(kWord).add(texts.related.substr(at, end - at)).value();
    at = end + 1;
  }
  PartHasher hash(kTexts);
  hash.add(type).add(texts.name).add(texts.description).add(texts.owners).add(texts.tags);
  return hash.add(related).value();
}

}  // namespace

std::string resource_id(std::string_view uri) {
  const std::string_view id = uri.substr(uri.rfind('/') + 1);
  std::string decoded;
  decoded.reserve(id.size());
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool escape =
        id[i] == '%' && i + 2 < id.size() && hex_digit(id[i + 1]) >= 0 && hex_digit(id[i + 2]) >= 0;
    decoded.push_back(escape ? static_cast<char>(16 * hex_digit(id[i + 1]) + hex_digit(id[i + 2]))
                             : id[i]);
    if (escape) i += 2;
  }
  return decoded;
}

SearchIndex::SearchIndex(const StoreCore& core)
    : core_(core),
      name_(core.symbols.find(kName)),
      description_(core.symbols.find(kDescription)),
      tags_(core.symbols.find(kTags)),
      owners_(core.symbols.find(kOwners)),
      insert_(core.db,
              "INSERT INTO entity_index(rowid, name, description, type, owners, related, tags) "
              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      update_(core.db,
              "UPDATE entity_index SET name = ?2, description = ?3, type = ?4, owners = ?5, "
              "related = ?6, tags = ?7 WHERE rowid = ?1"),
      remove_(core.db, "DELETE FROM entity_index WHERE rowid = ?1"),
      insert_owner_(core.db,
                    "INSERT INTO owner_index(rowid, name, handle, groups) VALUES(?1, ?2, ?3, ?4)"),
      update_owner_(core.db,
                    "UPDATE owner_index SET name = ?2, handle = ?3, groups = ?4 WHERE rowid = ?1"),
      remove_owner_(core.db, "DELETE FROM owner_index WHERE rowid = ?1") {}

bool SearchIndex::is_indexed(Symbol attribute) const {
  return attribute == name_ || attribute == description_ || attribute == tags_;
}

std::string SearchIndex::name_in(EntityId id, std::string_view facts) const {
  PackedFact fact;
  while (take_fact(facts, fact)) {
    if (fact.attribute == name_ && fact.kind == ValueKind::text) return std::string(fact.body);
  }
  return resource_id(core_.entities.uri_view(id));
}

const std::string& SearchIndex::name(EntityId id) {
  if (const auto known = names_.find(id); known != names_.end()) return known->second;
  if (names_.size() >= kRememberedNames) names_.clear();
  return names_[id] = name_in(id, core_.entities.peek(id).facts);
}

void SearchIndex::add_related(EntityId target, Texts& texts, std::size_t& count) {
  if (count++ < kRelatedNames) add_word(texts.related, name(target));
}

void SearchIndex::gather(const EntityRow& row, Texts& texts) {
  for (std::string* text :
       {&texts.name, &texts.description, &texts.owners, &texts.related, &texts.tags}) {
    text->clear();
  }
  std::size_t related = 0;
  std::string_view packed = row.facts;
  PackedFact fact;
  while (take_fact(packed, fact)) {
    if (fact.kind == ValueKind::reference) {
      if (fact.attribute == owners_) {
        const EntityId owner = target_of(fact);
        add_word(texts.owners, name(owner));
        add_word(texts.owners, resource_id(core_.entities.uri_view(owner)));
      } else if (fact.attribute != kPart) {
        add_related(target_of(fact), texts, related);
      }
    } else if (fact.attribute == description_) {
      add_word(texts.description, fact.body);
    } else if (fact.attribute == tags_) {
      add_word(texts.tags, fact.body);
    }
  }
  texts.name = name(row.id);
  packed = row.edges;
  while (take_fact(packed, fact)) add_related(target_of(fact), texts, related);
  for (const CompiledRule& rule : core_.schema.rules()) {
    if (rule.steps.back().to != row.type) continue;
    for (const EntityId source : core_.log.sources(row.id, rule.edge, kLatest)) {
      if (related >= kRelatedNames) break;
      add_related(source, texts, related);
    }
  }
}

void SearchIndex::write(const EntityRow& row, bool indexed) {
  gather(row, texts_);
  Statement& write = indexed ? update_ : insert_;
  write.bind(1, row.id).bind_text(2, texts_.name).bind_text(3, texts_.description);
  write.bind_text(4, core_.symbols.name(row.type)).bind_text(5, texts_.owners);
  write.bind_text(6, texts_.related).bind_text(7, texts_.tags).run();
  if (core_.schema.is_owner_type(row.type)) write_owner(row, texts_, indexed);
  if (core_.print != nullptr) {
    core_.print->set_index(row.id, print_of(core_.symbols.name(row.type), texts_));
  }
}

void SearchIndex::write_owner(const EntityRow& row, const Texts& texts, bool indexed) {
  Statement& write = indexed ? update_owner_ : insert_owner_;
  const std::string handle = resource_id(core_.entities.uri_view(row.id));
  write.bind(1, row.id).bind_text(2, texts.name).bind_text(3, handle);
  write.bind_text(4, texts.related).run();
}

void SearchIndex::remove(const EntityRow& row) {
  remove_.bind(1, row.id).run();
  if (core_.schema.is_owner_type(row.type)) remove_owner_.bind(1, row.id).run();
  if (core_.print != nullptr) core_.print->set_index(row.id, {});
}

}  // namespace rehearse::mds
