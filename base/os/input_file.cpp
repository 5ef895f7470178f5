#include "base/os/input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/config.hpp"
#include "base/error.hpp"

namespace rehearse::os {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostNames = 10'000;  // a folder of more is none that a person keeps

std::vector<std::string> files_beside(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code ignored;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (names.size() == kMostNames) return {};
    std::error_code unknown;
    if (!entry->is_directory(unknown)) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string suggestion(const fs::path& path) {
  const std::optional<std::string> near =
      config::nearest(path.filename().string(), files_beside(path));
  if (!near) return {};
  return "; did you mean " + (path.parent_path() / *near).string() + "?";
}

}  // namespace

std::ifstream open_input(const fs::path& path) {
  const Where where{path.string(), {}, 0, 0};
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) throw InputError(where, "cannot be read: it is a folder");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (stream) return stream;
  const int error = errno;
  throw InputError(where, std::string("cannot be read: ") + std::strerror(error) +
                              (error == ENOENT ? suggestion(path) : ""));
}

}  // namespace rehearse::os
