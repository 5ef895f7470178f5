// The rollback procedures that ship with the program, compiled into the library.
#pragma once

#include <string>
#include <vector>

namespace rehearse::rollout {

struct EmbeddedFile {
  std::string path;  ///< for example procedures/default.json
  std::string text;
};

/// Sorted by path.
const std::vector<EmbeddedFile>& embedded_files();

}  // namespace rehearse::rollout
