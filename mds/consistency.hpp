// The store's check of itself: whether a file holds whole transactions that agree with each other.
//
// What is checked, beside SQLite's own integrity check of tables and search indexes:
//   1. transactions are numbered without gaps, their times do not fall, and each holds as many
//      datoms as it says; nothing in the log belongs to a transaction that is not there;
//   2. the current view of every entity is the fold of its log: life, facts, derived edges, and the
//      fingerprint of its document;
//   3. edges read backwards are the edges of the current view;
//   4. the search index has a row for each live entity, and the row says what the facts say. Names
//      of other entities in a row are compared only when no work is left for enrichment, which is
//      what brings them up to date. An index that follows the facts is compared only when none of
//      its rows is left to be written.
//
// It reads the whole store, in memory that grows with the number of edges. Meant for a store that
// survived a crash, and for tests; nothing in the service calls it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rehearse::mds {

class Store;

/// What is wrong, one sentence each, `limit` at most; empty when the store is consistent.
/// REQUIRES: no transaction is open.
std::vector<std::string> check_consistency(const Store& store, std::size_t limit = 20);

}  // namespace rehearse::mds
