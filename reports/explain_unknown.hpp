// What the subject of an explanation is that has no story in the trace.
//
// A trace tells of documents and of derived edges. The graph of the same run, which lies beside the
// trace, knows more: parts of documents, entities known by reference only, and the references that
// sources gave. Where it knows the subject, the refusal says what it is and whose story tells of
// it; else it names the nearest subject that the run had.
#pragma once

#include <filesystem>
#include <set>

#include "measure/recorder.hpp"
#include "reports/explain_story.hpp"

namespace rehearse::reports {

/// Throws InputError. `edges_seen` are the derived edges that there have been. REQUIRES: the
/// recorder has heard the whole trace.
[[noreturn]] void refuse_unknown(const std::filesystem::path& trace, const Subject& subject,
                                 const measure::Recorder& recorder,
                                 const std::set<measure::EdgeName>& edges_seen);

}  // namespace rehearse::reports
