// Where tests find files, and a folder that goes away after a test.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rehearse::test {

/// A file of the source tree.
std::filesystem::path source_path(const std::string& relative);

/// A file of reference numbers, tests/reference/NAME.
std::filesystem::path reference_path(const std::string& name);

/// A file of the data that lie beside the checkout (../shared, or the folder named
/// by REHEARSE_SHARED). Where it is absent, prints "SKIPPED: ..." so that the runner shows the test
/// as skipped, and returns nullopt: the test returns at once.
std::optional<std::filesystem::path> shared_path(const std::string& relative);

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
