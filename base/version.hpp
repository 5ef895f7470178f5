// The version of Rehearse, as CMakeLists.txt states it. It stands in every summary, since only the
// same version promises the same bytes.
#pragma once

namespace rehearse {

/// For example "0.1.0".
const char* version();

}  // namespace rehearse
