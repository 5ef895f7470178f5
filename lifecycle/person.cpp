#include "lifecycle/person.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::lifecycle {

PersonAnswer ask(const PersonSettings& settings, stats::Stream stream, Time now) {
  assert(settings.approves >= 0 && settings.approves <= 1);
  PersonAnswer answer;
  answer.approves = stream.uniform() < settings.approves;
  const Duration first = settings.delay.sample(stream);
  const Duration second = settings.escalation + settings.delay.sample(stream);
  answer.escalated = first > settings.escalation;
  answer.at = now + (answer.escalated ? std::min(first, second) : first);
  return answer;
}

}  // namespace rehearse::lifecycle
