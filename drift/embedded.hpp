// The monitor policies that ship with the program, compiled into the library.
#pragma once

#include <string>
#include <vector>

namespace rehearse::drift {

struct EmbeddedFile {
  std::string path;  ///< for example policies/mdl-rec.json
  std::string text;
};

/// Sorted by path.
const std::vector<EmbeddedFile>& embedded_files();

}  // namespace rehearse::drift
