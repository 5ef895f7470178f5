#include "base/version.hpp"

namespace rehearse {

const char* version() { return REHEARSE_VERSION; }

}  // namespace rehearse
