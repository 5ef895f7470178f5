#include "mds/store/datom_log.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mds/store/entity_table.hpp"
#include "mds/store/store_file.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {

TEST_CASE("a store that can number no more changes says so") {
  StoreFile file = StoreFile::create({}, test::example_schema());
  DatomLog log(file.handle());
  std::string change;
  append_change_head(change, 1, std::nullopt);
  log.restore(kMostChanges - 1);  // as if so many had been written
  log.write_change(kMostEntities, 1, change, std::nullopt);
  CHECK(log.size() == kMostChanges);
  CHECK(log.first_change_tx(kMostEntities) == 1);
  CHECK_THROWS_WITH(log.write_change(1, 2, change, std::nullopt),
                    Catch::Contains("full") && Catch::Contains("4294967295 changes"));
  CHECK_THROWS_AS(log.write_change(1, 2, change, std::nullopt), InputError);
  CHECK(log.size() == kMostChanges);
}

TEST_CASE("a store that can number no more entities says so") {
  StoreFile file = StoreFile::create({}, test::example_schema());
  Statement(file.handle(),
            "INSERT INTO entity(id, uri, type, root, life, changed, sum) "
            "VALUES(2147483646, 'aip://dataset/d/last', 1, 2147483646, 0, 0, 0)")
      .run();
  EntityTable entities(file.handle());
  CHECK_THROWS_WITH(entities.intern("aip://dataset/d/too-much", 1),
                    Catch::Contains("full") && Catch::Contains("2147483646 entities"));
}

}  // namespace rehearse::mds
