#include "mds/store/consistency_parts.hpp"

namespace rehearse::mds {
namespace {

class IndexChecker {
 public:
  IndexChecker(const StoreCore& core, bool settled, Problems& problems)
      : core_(core), settled_(settled), problems_(problems) {}

  void run(const std::vector<EntityId>& live);

 private:
  std::string name(EntityId id) const { return "entity " + core_.entities.uri(id); }
  void check_row(EntityId id, Statement& row, const SearchIndex::Texts& texts);
  void check_owner_row(EntityId id, Statement& row, const SearchIndex::Texts& texts);
  void same(EntityId id, const char* column, std::string_view indexed, std::string_view fact);

  const StoreCore& core_;
  bool settled_;  ///< nothing is left for enrichment
  Problems& problems_;
};

void IndexChecker::run(const std::vector<EntityId>& live) {
  SearchIndex expected(core_);
  SearchIndex::Texts texts;
  Statement rows(core_.db,
                 "SELECT name, description, type, owners, related, tags FROM entity_index "
                 "WHERE rowid = ?1");
  Statement owner_rows(core_.db, "SELECT name, handle, groups FROM owner_index WHERE rowid = ?1");
  std::int64_t owners = 0;
  for (const EntityId id : live) {
    EntityRow row;
    core_.entities.load(id, row);
    expected.gather(row, texts);
    rows.bind(1, id);
    check_row(id, rows, texts);
    rows.reset();
    if (!core_.schema.is_owner_type(row.type)) continue;
    ++owners;
    owner_rows.bind(1, id);
    check_owner_row(id, owner_rows, texts);
    owner_rows.reset();
  }
  if (number_of(core_.db, "SELECT count(*) FROM entity_index") !=
      static_cast<std::int64_t>(live.size())) {
    problems_.add("the search index has rows of entities that are not live");
  }
  if (number_of(core_.db, "SELECT count(*) FROM owner_index") != owners) {
    problems_.add("the owners' index has rows of entities that are no live owners");
  }
}

void IndexChecker::check_row(EntityId id, Statement& row, const SearchIndex::Texts& texts) {
  if (!row.step()) {
    problems_.add(name(id) + " is not in the search index");
    return;
  }
  EntityRow entity;
  core_.entities.load(id, entity);
  same(id, "name", row.bytes(0), texts.name);
  same(id, "description", row.bytes(1), texts.description);
  same(id, "type", row.bytes(2), core_.symbols.name(entity.type));
  same(id, "tags", row.bytes(5), texts.tags);
  if (!settled_) return;
  same(id, "owners", row.bytes(3), texts.owners);
  same(id, "related names", row.bytes(4), texts.related);
}

void IndexChecker::check_owner_row(EntityId id, Statement& row, const SearchIndex::Texts& texts) {
  if (!row.step()) {
    problems_.add(name(id) + " is not in the owners' index");
    return;
  }
  same(id, "name as an owner", row.bytes(0), texts.name);
  same(id, "handle", row.bytes(1), resource_id(core_.entities.uri(id)));
  if (settled_) same(id, "groups", row.bytes(2), texts.related);
}

void IndexChecker::same(EntityId id, const char* column, std::string_view indexed,
                        std::string_view fact) {
  if (indexed != fact)
    problems_.add(name(id) + ": its " + column + " in the index are not its facts'");
}

}  // namespace

void check_index(const StoreCore& core, const std::vector<EntityId>& live, bool settled,
                 Problems& problems) {
  IndexChecker(core, settled, problems).run(live);
}

}  // namespace rehearse::mds
