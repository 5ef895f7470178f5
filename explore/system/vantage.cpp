#include "explore/system/vantage.hpp"

namespace rehearse::explore {
namespace {

constexpr std::uint64_t kWaiting = 0x380;

}  // namespace

Vantage::Vantage(const System& system)
    : branch(system.branch()),
      parts(system.service_parts()),
      whole(system.fingerprint(parts)),
      store(system.store().fingerprint()) {
  const ScriptedTruth& truth = system.truth();
  jobs.resize(truth.documents().size());
  waiting.resize(jobs.size());
  for (const mds::JobPrint& job : parts.jobs) {
    const DocumentIndex document =
        job.listing ? kNoDocument : truth.document_at(job.source.value, job.path);
    all_jobs += job.print;
    if (document != kNoDocument) jobs[document] += job.print;
    if (job.listing) lists[{job.source.value, job.path}] += job.print;
  }
  for (const Unacknowledged& event : branch.unacknowledged) {
    const DocumentIndex document = truth.announcements()[event.event - 1].document;
    waiting[document] += PartHasher(kWaiting).add(event.event).add(event.arrived).value();
  }
}

}  // namespace rehearse::explore
