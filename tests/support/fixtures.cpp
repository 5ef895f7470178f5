#include "fixtures.hpp"

#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "skip.hpp"

namespace rehearse::test {

namespace fs = std::filesystem;

fs::path source_path(const std::string& relative) {
  return fs::path(REHEARSE_SOURCE_DIR) / relative;
}

fs::path build_path(const std::string& relative) {
  return fs::path(REHEARSE_BINARY_DIR) / relative;
}

fs::path reference_path(const std::string& name) { return source_path("tests/reference") / name; }

fs::path real_data_path(const std::string& name) {
  const char* named = std::getenv("REHEARSE_SHARED");
  const fs::path folder = named != nullptr ? fs::path(named) : source_path("../shared");
  const fs::path path = folder / "data" / name;
  if (!fs::exists(path)) skip("the real data have no " + name + " here");
  return path;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "rehearse-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace rehearse::test
