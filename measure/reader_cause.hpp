// Why readers of the graph are told something that is not true although a copy is: the search index
// does not show what the facts are, or the last answer to a question was wrong.
#pragma once

#include "measure/cause.hpp"
#include "measure/recorder.hpp"

namespace rehearse::measure {

/// Why the index does not show a document as the graph has it. REQUIRES: it has a row in
/// Recorder::index().
Cause find_index_cause(const Recorder& recorder, std::uint32_t document);

/// Why an answer was wrong. REQUIRES: it was.
Cause find_answer_cause(const Recorder& recorder, const AnswerLog::Answer& answer);

}  // namespace rehearse::measure
