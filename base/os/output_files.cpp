#include "base/os/output_files.hpp"

#include <system_error>

namespace rehearse::os {

namespace fs = std::filesystem;

namespace {

// A rename; where the two lie on different mounts a copy that appears as a whole.
void move_file(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::rename(from, to, failed);
  if (!failed) return;
  if (failed != std::errc::cross_device_link) throw fs::filesystem_error("rename", to, failed);
  const fs::path part = to.parent_path() / ("." + to.filename().string() + ".part");
  fs::copy(from, part, fs::copy_options::overwrite_existing);
  fs::rename(part, to);
  fs::remove(from);
}

}  // namespace

bool present(const fs::path& path) { return fs::exists(fs::symlink_status(path)); }

fs::path make_directories(const fs::path& path) {
  fs::path topmost;
  for (fs::path p = path; !fs::exists(p); p = p.parent_path()) topmost = p;
  fs::create_directories(path);
  return topmost;
}

void link_tree(const fs::path& original, const fs::path& copy) {
  if (fs::is_symlink(original)) {
    fs::copy_symlink(original, copy);
    return;
  }
  if (fs::is_directory(original)) {
    fs::create_directory(copy, original);  // with the permissions of the original
    for (const fs::directory_entry& entry : fs::directory_iterator(original)) {
      link_tree(entry.path(), copy / entry.path().filename());
    }
    return;
  }
  std::error_code failed;
  fs::create_hard_link(original, copy, failed);
  if (failed) fs::copy_file(original, copy);
}

Moves::~Moves() {
  std::error_code ignored;
  for (auto move = done_.rbegin(); move != done_.rend(); ++move) {
    fs::rename(move->second, move->first, ignored);
  }
}

void Moves::move(const fs::path& from, const fs::path& to) {
  move_file(from, to);
  done_.emplace_back(from, to);
}

}  // namespace rehearse::os
