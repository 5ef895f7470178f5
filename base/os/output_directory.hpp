// A directory of results that is replaced as a whole or not at all.
//
// Files are made in a staging directory beside the target. commit() links the target's other files
// into it (they are kept), exchanges the two directories in one step (renameat2 with
// RENAME_EXCHANGE; where the file system cannot, two renames with the old one kept until the new
// one stands) and removes the old one. Files of earlier runs that this one did not make again go
// with it, so results of two runs never lie side by side.
//
// A target that cannot be exchanged, because it is a mount point, the working directory of this
// process (its shell would be left in a removed directory) or in a directory that is not writable,
// is filled file by file with renames from a staging directory inside it, and put back as it was
// when one fails.
//
// Without commit() nothing of the target changes and the staging directory goes away. Of a run that
// is killed it stays until the next run with the same target removes it (stale_stages.hpp).
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace rehearse::os {

class OutputDirectory {
 public:
  /// How commit() replaces the target; chosen by looking at it, set by tests.
  enum class Way : unsigned char { exchange, two_renames, file_by_file };

  /// Prepares to replace `target`. `ours` are the names that any run may write: old ones of these
  /// are removed. Throws InputError when the target is not a directory or cannot be written.
  OutputDirectory(const std::filesystem::path& target, std::set<std::string> ours);
  ~OutputDirectory();
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;

  /// Where to make the file `name` before commit(), for those that write files themselves.
  std::filesystem::path path(const std::string& name);
  /// Makes the file `name`. Throws InputError when it cannot be written (no space left).
  void write(const std::string& name, std::string_view text);
  /// Puts the results in place. Throws InputError; the target is then as it was.
  void commit();

  Way way() const { return way_; }
  void use(Way way) { way_ = way; }

 private:
  void choose_way();
  void stage();
  void keep_others();
  void replace_whole();
  void exchange();
  void replace_files();

  std::filesystem::path named_;   // as the user wrote it
  std::filesystem::path target_;  // absolute, links followed
  std::filesystem::path stage_;
  int lock_ = -1;               // says that the staging directory is in use
  std::filesystem::path made_;  // topmost directory made on the way to the target, or empty
  std::set<std::string> ours_;
  Way way_ = Way::exchange;
  bool existed_ = false;
  bool committed_ = false;
};

}  // namespace rehearse::os
