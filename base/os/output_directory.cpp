#include "base/os/output_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/os/output_files.hpp"
#include "base/os/stale_stages.hpp"

namespace rehearse::os {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& named, const std::string& why) {
  Where where;
  where.file = named.string();
  throw InputError(where, why);
}

bool writable(const fs::path& directory) { return ::access(directory.c_str(), W_OK | X_OK) == 0; }

// True when another file system is mounted on the directory.
bool mounted(const fs::path& directory) {
  struct stat own = {};
  struct stat parent = {};
  return ::stat(directory.c_str(), &own) == 0 &&
         ::stat(directory.parent_path().c_str(), &parent) == 0 && own.st_dev != parent.st_dev;
}

bool within(const fs::path& inner, const fs::path& outer) {
  const fs::path relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

OutputDirectory::OutputDirectory(const fs::path& target, std::set<std::string> ours)
    : named_(target), ours_(std::move(ours)) {
  try {
    existed_ = fs::exists(target);
    if (existed_ && !fs::is_directory(target)) fail(named_, "is a file; a directory is allowed");
    target_ = existed_ ? fs::canonical(target) : fs::weakly_canonical(fs::absolute(target));
    if (!target_.has_filename()) target_ = target_.parent_path();
    for (const std::string& name : ours_) {
      if (existed_ && fs::is_directory(target_ / name)) {
        fail(named_, "holds a directory " + name + ", where results go into a file of that name");
      }
    }
    made_ = make_directories(target_.parent_path());
    choose_way();
    stage();
  } catch (const fs::filesystem_error& error) {
    fail(named_, "cannot be written: " + error.code().message());
  }
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  if (!stage_.empty()) fs::remove_all(stage_, ignored);
  if (lock_ >= 0) ::close(lock_);
  if (committed_ || made_.empty()) return;
  // Only what is still empty goes: somebody else may have begun to use the directories.
  for (fs::path path = target_.parent_path(); within(path, made_); path = path.parent_path()) {
    if (!fs::is_empty(path, ignored) || ignored || !fs::remove(path, ignored)) return;
  }
}

void OutputDirectory::choose_way() {
  const bool parent_writable = writable(target_.parent_path());
  if (!existed_) {
    if (!parent_writable) fail(named_, "cannot be made: no permission to write there");
    return;
  }
  if (!writable(target_)) fail(named_, "cannot be written: no permission");
  std::error_code ignored;
  const fs::path here = fs::canonical(fs::current_path(ignored), ignored);
  if (!parent_writable || mounted(target_) || within(here, target_)) way_ = Way::file_by_file;
}

// The process number keeps two runs apart that write beside each other at the same time.
void OutputDirectory::stage() {
  const fs::path home = way_ == Way::file_by_file ? target_ : target_.parent_path();
  remove_stale_stages(home, target_);
  const std::string name = stage_prefix(target_) + std::to_string(::getpid());
  for (int i = 0; stage_.empty(); ++i) {
    const fs::path candidate = home / (name + "-" + std::to_string(i));
    if (fs::create_directory(candidate)) stage_ = candidate;
  }
  lock_ = lock_stage(stage_);
}

fs::path OutputDirectory::path(const std::string& name) {
  assert(!committed_ && name.find('/') == std::string::npos);
  return stage_ / name;
}

void OutputDirectory::write(const std::string& name, std::string_view text) {
  std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) fail(named_ / name, "cannot be written");
}

void OutputDirectory::commit() {
  assert(!committed_);
  try {
    if (way_ == Way::file_by_file) {
      replace_files();
    } else {
      replace_whole();
    }
  } catch (const fs::filesystem_error& error) {
    fail(named_, "cannot be replaced: " + error.code().message());
  }
  committed_ = true;
}

void OutputDirectory::replace_whole() {
  if (!existed_) {
    fs::rename(stage_, target_);
    stage_.clear();
    return;
  }
  keep_others();
  exchange();
  if (way_ == Way::file_by_file) return;
  // stage_ is the old directory now. What came into it since keep_others() looked is kept too.
  for (const fs::directory_entry& entry : fs::directory_iterator(stage_)) {
    const std::string name = entry.path().filename().string();
    if (!ours_.contains(name) && !present(target_ / name)) fs::rename(entry.path(), target_ / name);
  }
  std::error_code ignored;
  fs::remove_all(stage_, ignored);
  stage_.clear();
}

void OutputDirectory::keep_others() {
  fs::permissions(stage_, fs::status(target_).permissions());
  for (const fs::directory_entry& entry : fs::directory_iterator(target_)) {
    const fs::path copy = stage_ / entry.path().filename();
    if (ours_.contains(copy.filename().string()) || present(copy)) continue;
    link_tree(entry.path(), copy);
  }
}

void OutputDirectory::exchange() {
  if (way_ == Way::exchange) {
    if (::renameat2(AT_FDCWD, stage_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
      return;
    }
    if (errno == EBUSY || errno == EXDEV) {
      replace_files();  // a mount that looked like its parent's file system
      way_ = Way::file_by_file;
      return;
    }
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) {
      throw fs::filesystem_error("exchange", std::error_code(errno, std::generic_category()));
    }
    way_ = Way::two_renames;
  }
  const fs::path old = stage_.string() + "-old";
  fs::rename(target_, old);
  try {
    fs::rename(stage_, target_);
  } catch (...) {
    std::error_code ignored;
    fs::rename(old, target_, ignored);
    throw;
  }
  stage_ = old;
}

void OutputDirectory::replace_files() {
  std::set<std::string> fresh;
  for (const fs::directory_entry& entry : fs::directory_iterator(stage_)) {
    const std::string name = entry.path().filename().string();
    if (ours_.contains(name) || !present(target_ / name)) fresh.insert(name);
  }
  Moves moves;
  const fs::path old = stage_ / ".old";
  fs::create_directory(old);
  for (const std::string& name : ours_) {
    if (present(target_ / name)) moves.move(target_ / name, old / name);
  }
  for (const std::string& name : fresh) moves.move(stage_ / name, target_ / name);
  moves.keep();
}

}  // namespace rehearse::os
