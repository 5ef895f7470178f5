// Where tests find files, and a folder that goes away after a test.
#pragma once

#include <filesystem>
#include <string>

namespace rehearse::test {

/// A file of the source tree.
std::filesystem::path source_path(const std::string& relative);

/// A file of the build, for instance the program.
std::filesystem::path build_path(const std::string& relative);

/// A file of reference numbers, tests/reference/NAME.
std::filesystem::path reference_path(const std::string& name);

/// A file of real data, which are no part of the project: data/NAME in the folder ../shared beside
/// the checkout, or in the one that REHEARSE_SHARED names. Skips the test where it is absent.
std::filesystem::path real_data_path(const std::string& name);

/// A new empty folder, removed with all it holds when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rehearse::test
