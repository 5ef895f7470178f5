// The JSON declarations that ship with the service, compiled into the library.
#pragma once

#include <string>
#include <vector>

namespace rehearse::mds {

struct EmbeddedFile {
  std::string path;  ///< for example providers/model-registry.json
  std::string text;
};

/// Sorted by path within each folder.
const std::vector<EmbeddedFile>& embedded_files();

}  // namespace rehearse::mds
