// Runs the real program, as a user would.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rehearse::test {

struct Finished {
  int status = -1;  ///< exit status; -1 when a signal ended it
  std::string out;
  std::string err;
};

/// Runs `rehearse ARGUMENTS...` in the folder `directory` and waits for its end.
Finished run_rehearse(const std::vector<std::string>& arguments,
                      const std::filesystem::path& directory = REHEARSE_SOURCE_DIR);

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace rehearse::test
