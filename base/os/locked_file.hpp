// A file that one process at a time appends to, and reads when it opens it.
//
// The lock goes with the process that holds it, however that ends; forked workers do not inherit
// it. What a file holds is read through the one descriptor: to close another one of the same file
// would give up the lock.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace rehearse::os {

class LockedFile {
 public:
  /// Opens or makes the file and takes the lock. Throws InputError when it cannot be written, and
  /// with the words of `in_use` when another process holds the lock.
  LockedFile(const std::filesystem::path& path, const std::string& in_use);
  ~LockedFile();
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  /// All that it holds. Throws InputError.
  std::string contents() const;
  /// Leaves the first `size` bytes. Throws InputError.
  void cut(std::size_t size);
  /// With one call of the system, so that a kill leaves whole what was there. Throws InputError,
  /// when the disk is full, too.
  void append(const std::string& text);

 private:
  [[noreturn]] void fail(const std::string& message) const;

  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace rehearse::os
