// What is shown when a request offers K of N rows, every subset of them being as likely as any
// other: exact chances that hang on the order of the rows' scores alone.
//
// The row with the largest score among the K is shown (ties: uniformly). With a rows above g of one
// score, the largest lies among those g with the chance
//
//   [C(N - a, K) - C(N - a - g, K)] / C(N, K)
//
// (no row of the K is above, and not all are below), and each of the g is shown as often as any
// other of them.
#pragma once

#include <cstddef>
#include <vector>

namespace rehearse::learning {

struct ScoredRow {
  double score = 0;
  bool clicked = false;
};

/// The share of requests that show a row that is clicked. `rows` are put in order.
/// REQUIRES: 1 <= candidates <= rows, scores that are numbers.
double clicks_of_best(std::vector<ScoredRow>& rows, std::size_t candidates);

/// The share of requests that offer one of the rows that are clicked.
/// REQUIRES: 1 <= candidates <= rows, clicked <= rows.
double offers_click(std::size_t rows, std::size_t clicked, std::size_t candidates);

}  // namespace rehearse::learning
