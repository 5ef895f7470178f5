// Small file operations behind OutputDirectory: directories made on the way, trees of links, and
// moves that are undone together.
#pragma once

#include <filesystem>
#include <utility>
#include <vector>

namespace rehearse::os {

/// True also for a link that leads nowhere.
bool present(const std::filesystem::path& path);

/// Makes a directory and those above it. Returns the topmost one made; empty when all were there.
std::filesystem::path make_directories(const std::filesystem::path& path);

/// Makes `copy` the same as `original`: files as hard links (copies where links are not possible),
/// symbolic links as they are, directories with all they hold.
void link_tree(const std::filesystem::path& original, const std::filesystem::path& copy);

/// Moves that are undone in reverse when this goes before keep() was called.
class Moves {
 public:
  Moves() = default;
  ~Moves();
  Moves(const Moves&) = delete;
  Moves& operator=(const Moves&) = delete;

  /// Throws std::filesystem::filesystem_error.
  void move(const std::filesystem::path& from, const std::filesystem::path& to);
  void keep() { done_.clear(); }

 private:
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> done_;
};

}  // namespace rehearse::os
