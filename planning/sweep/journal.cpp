#include "planning/sweep/journal.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "base/text/number_text.hpp"

namespace rehearse::planning {
namespace {

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

Journal::Journal(const std::filesystem::path& path, const Design& design)
    : file_(path, "is in use: another sweep is writing into this folder") {
  const std::string text = file_.contents();
  const std::string header = header_of(design);
  std::size_t at = header.size();
  if (!text.starts_with(header)) {
    // Shorter than a header: a sweep that was killed before it had one.
    if (text.find('\n') != std::string::npos) {
      throw InputError({path.string(), {}, 0, 0},
                       "is of another sweep that was not finished; another folder is needed");
    }
    file_.cut(0);
    file_.append(header);
    return;
  }
  for (std::size_t end = text.find('\n', at); end != std::string::npos; end = text.find('\n', at)) {
    auto run = parse_line(std::string_view(text).substr(at, end - at), design);
    if (!run) break;
    found_.insert(std::move(*run));
    at = end + 1;
  }
  file_.cut(at);
}

void Journal::restore(Sweep& sweep) const {
  for (const auto& [key, metrics] : found_) {
    if (key.replication < sweep.design.replications) sweep.runs.emplace(key, metrics);
  }
}

void Journal::add(const RunKey& key, const std::vector<double>& metrics) {
  std::string text = fmt::format("{} {}", key.point, key.replication);
  for (const double value : metrics) text += " " + number_text(value);
  file_.append(with_checksum(text));
}

}  // namespace rehearse::planning
