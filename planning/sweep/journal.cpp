#include "planning/sweep/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/fact_hash.hpp"
#include "base/text/number_text.hpp"

namespace rehearse::planning {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& message) {
  throw InputError({path.string(), {}, 0, 0}, message);
}

// Through the one descriptor: to close another one of the same file would give up the lock.
std::string contents(int file, const std::filesystem::path& path) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t got = pread(file, buffer, sizeof buffer, static_cast<off_t>(text.size()));
    if (got < 0) fail(path, std::string("cannot be read: ") + strerror(errno));
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

std::string header_of(const Design& design) {
  std::string text = design.scenario + "\n" + design.version + "\n" + std::to_string(design.seed) +
                     "\n" + design.fingerprint;
  for (std::size_t i = 0; i < design.points.size(); ++i) text += "\n" + point_text(design, i);
  for (const MetricColumn& metric : design.metrics) text += "\n" + metric.name;
  return fmt::format("rehearse sweep journal 1 {:016x}\n", stable_hash(text));
}

std::string with_checksum(const std::string& text) {
  return fmt::format("{} {:016x}\n", text, stable_hash(text));
}

// A line without its end; nullopt when it is not whole.
std::optional<std::pair<RunKey, std::vector<double>>> parse_line(std::string_view line,
                                                                 const Design& design) {
  const std::size_t last = line.rfind(' ');
  if (last == std::string_view::npos ||
      with_checksum(std::string(line.substr(0, last))) != std::string(line) + "\n") {
    return std::nullopt;
  }
  std::vector<double> numbers;
  const char* at = line.data();
  const char* end = line.data() + last;
  while (at < end) {
    double number = 0;
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::nullopt;
    numbers.push_back(number);
    at = stop + 1;
  }
  if (numbers.size() != design.metrics.size() + 2) return std::nullopt;
  const RunKey key{static_cast<std::size_t>(numbers[0]), static_cast<std::uint64_t>(numbers[1])};
  if (key.point >= design.points.size()) return std::nullopt;
  return std::pair(key, std::vector<double>(numbers.begin() + 2, numbers.end()));
}

}  // namespace

Journal::Journal(const std::filesystem::path& path, const Design& design) : path_(path) {
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail(path_, std::string("cannot be written: ") + strerror(errno));
  // A lock of this process alone: forked workers do not inherit it, so it never outlives us.
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(file_, F_SETLK, &lock) != 0) {
    close(file_);
    fail(path_, "is in use: another sweep is writing into this folder");
  }
  try {
    read(design, header_of(design));
  } catch (...) {
    close(file_);
    throw;
  }
}

Journal::~Journal() { close(file_); }

void Journal::read(const Design& design, const std::string& header) {
  const std::string text = contents(file_, path_);
  std::size_t at = header.size();
  if (!text.starts_with(header)) {
    // Shorter than a header: a sweep that was killed before it had one.
    if (text.find('\n') != std::string::npos) {
      fail(path_, "is of another sweep that was not finished; another folder is needed");
    }
    if (ftruncate(file_, 0) != 0) fail(path_, "cannot be written");
    write(header);
    return;
  }
  for (std::size_t end = text.find('\n', at); end != std::string::npos; end = text.find('\n', at)) {
    auto run = parse_line(std::string_view(text).substr(at, end - at), design);
    if (!run) break;
    found_.insert(std::move(*run));
    at = end + 1;
  }
  if (ftruncate(file_, static_cast<off_t>(at)) != 0) fail(path_, "cannot be written");
}

void Journal::write(const std::string& text) {
  const ssize_t written = ::write(file_, text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) {
    fail(path_, std::string("cannot be written: ") + (written < 0 ? strerror(errno) : "disk full"));
  }
}

void Journal::restore(Sweep& sweep) const {
  for (const auto& [key, metrics] : found_) {
    if (key.replication < sweep.design.replications) sweep.runs.emplace(key, metrics);
  }
}

void Journal::add(const RunKey& key, const std::vector<double>& metrics) {
  std::string text = fmt::format("{} {}", key.point, key.replication);
  for (const double value : metrics) text += " " + number_text(value);
  write(with_checksum(text));
}

}  // namespace rehearse::planning
