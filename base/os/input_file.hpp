// Files that a user names.
#pragma once

#include <filesystem>
#include <fstream>

namespace rehearse::os {

/// The file, open to be read as bytes. Throws InputError at its path for a folder and for what
/// cannot be opened, with the file beside it whose name is nearest.
std::ifstream open_input(const std::filesystem::path& path);

}  // namespace rehearse::os
