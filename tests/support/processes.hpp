// What a test leaves behind in its own process.
#pragma once

#include <cstddef>

namespace rehearse::test {

/// True when this process has no child left, running or ended.
bool no_children();

/// File descriptors that are open.
std::size_t open_files();

}  // namespace rehearse::test
