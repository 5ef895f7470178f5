#include "base/os/locked_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace rehearse::os {

LockedFile::LockedFile(const std::filesystem::path& path, const std::string& in_use) : path_(path) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail(std::string("cannot be written: ") + strerror(errno));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(file_, F_SETLK, &lock) == 0) return;
  ::close(file_);
  fail(in_use);
}

LockedFile::~LockedFile() { ::close(file_); }

std::string LockedFile::contents() const {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::pread(file_, buffer, sizeof buffer, static_cast<off_t>(text.size()));
    if (got < 0) fail(std::string("cannot be read: ") + strerror(errno));
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

void LockedFile::cut(std::size_t size) {
  if (::ftruncate(file_, static_cast<off_t>(size)) != 0) fail("cannot be written");
}

void LockedFile::append(const std::string& text) {
  const ssize_t written = ::write(file_, text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return;
  fail(std::string("cannot be written: ") + (written < 0 ? strerror(errno) : "disk full"));
}

void LockedFile::fail(const std::string& message) const {
  throw InputError({path_.string(), {}, 0, 0}, message);
}

}  // namespace rehearse::os
