#include "base/fingerprint.hpp"

#include <fmt/format.h>

namespace rehearse {

std::string Fingerprint::text() const { return fmt::format("{:016x}{:016x}", high, low); }

}  // namespace rehearse
