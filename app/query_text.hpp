// The answers of `rehearse query` for people: tables at most 80 columns wide, an entity on two
// lines so that its URI stands whole and can be copied into the next question. Clock times as in
// all texts about a run; those of tables are cut to whole seconds.
#pragma once

#include <string>

#include "app/query_answer.hpp"

namespace rehearse::app {

/// `document` is what --format json prints.
std::string answer_text(const QuestionKind& question, const Json& document);

}  // namespace rehearse::app
