#include "tape.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace rehearse::bench {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), std::string("the tape: ") + what);
}

}  // namespace

Tape::Tape() {
  std::string name = (std::filesystem::temp_directory_path() / "rehearse-tape-XXXXXX").string();
  file_ = mkstemp(name.data());
  if (file_ < 0) fail("cannot be created");
  unlink(name.c_str());
  buffer_.reserve(kBuffer + (kBuffer >> 3U));
}

Tape::~Tape() { close(file_); }

void Tape::flush() {
  for (std::size_t done = 0; done < buffer_.size();) {
    const ssize_t written = write(file_, buffer_.data() + done, buffer_.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot be written");
    done += static_cast<std::size_t>(written);
  }
  buffer_.clear();
}

TapeReader::TapeReader(const Tape& tape) {
  struct stat status {};
  if (fstat(tape.file_, &status) != 0) fail("cannot be read");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return;
  void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, tape.file_, 0);
  if (mapped == MAP_FAILED) fail("cannot be mapped");
  // Read once here, so that the disk is no part of what is measured.
  volatile char sink = 0;
  begin_ = at_ = static_cast<const char*>(mapped);
  end_ = begin_ + size;
  for (const char* page = begin_; page < end_; page += 4096) sink = *page;
  static_cast<void>(sink);
}

TapeReader::~TapeReader() {
  if (begin_ != nullptr) munmap(const_cast<char*>(begin_), size());
}

}  // namespace rehearse::bench
