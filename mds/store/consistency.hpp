// The store's check of itself: whether a file holds whole transactions that agree with each other.
//
// What is checked, beside SQLite's own integrity check of tables and search indexes:
//   1. columns hold what they are declared to, numbers stand for something that is there, no time
//      lies before the start of the run; nothing belongs to a transaction or an entity that is not
//      there;
//   2. transactions and changes are numbered without gaps, their times do not fall, and each
//      transaction holds as many datoms as it says;
//   3. the current view of every entity is the fold of its log: life, facts, derived edges, when it
//      was last changed, which document it is part of, and the fingerprint of its document;
//   4. edges read backwards are the edges of the log, with the transactions that wrote them;
//   5. the search index has a row for each live entity, and the row says what the facts say. Names
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
/// REQUIRES: no transaction is open. What does not belong to a store at all (a missing table) is an
/// InputError when it is opened.
std::vector<std::string> check_consistency(const Store& store, std::size_t limit = 20);

}  // namespace rehearse::mds
