// Documents and a schema for tests of the store: the worked example's types and rules.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "mds/store/store.hpp"

namespace rehearse::mds::test {

Schema example_schema();

/// aip://<component>/<platform>/<id> of the example's types.
std::string uri(const std::string& type, const std::string& id);

EntityFacts entity(const std::string& type, const std::string& id);
/// Adds facts and keeps them sorted.
EntityFacts with(EntityFacts entity, std::initializer_list<Fact> facts);
Fact text(const std::string& attribute, const std::string& value);
Fact number(const std::string& attribute, std::int64_t value);
Fact reference(const std::string& attribute, const std::string& type, const std::string& id);

/// One transaction each.
bool put(Store& store, const Document& document, Time at);
bool remove(Store& store, const std::string& uri, Time at);
void enrich(Store& store, Time at);

/// The article's worked example: a model instance, its run, and the test with two cells.
void put_worked_example(Store& store, Time at);

}  // namespace rehearse::mds::test
