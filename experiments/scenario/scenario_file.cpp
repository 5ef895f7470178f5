#include "experiments/scenario/scenario_file.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/text/utf8.hpp"

namespace rehearse::experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtends = "extends";
constexpr std::size_t kLongestName = 300;

// The same name for the same file, however it was reached.
fs::path identity(const fs::path& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical;
}

// `chain` holds the files that are being read, each extending the next.
config::Node read_extended(const fs::path& path, std::vector<fs::path>& chain) {
  config::Node own = config::load(path);
  if (own.kind != config::Kind::object) {
    config::fail(own, "found " + config::shown(own) + "; a scenario is an object");
  }
  const config::Node* extends = own.find(kExtends);
  if (extends == nullptr) return own;

  const fs::path parent = config::to_path(*extends);
  chain.push_back(identity(path));
  if (std::find(chain.begin(), chain.end(), identity(parent)) != chain.end()) {
    config::fail(*extends,
                 "found " + config::shown(*extends) +
                     ", which extends this file again; a scenario must not extend itself");
  }
  if (std::error_code error; !fs::exists(parent, error)) {
    config::fail(*extends, "found " + config::shown(*extends) + ", but there is no file " +
                               printable(parent.string(), kLongestName));
  }
  config::Node whole = read_extended(parent, chain);
  std::erase_if(own.members, [](const auto& member) { return member.first == kExtends; });
  config::merge(whole, own);
  whole.where = own.where;
  return whole;
}

}  // namespace

Override parse_override(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw InputError({config::kCommandLine, {}, 0, 0},
                     "found \"" + printable(text) +
                         "\"; POINTER=VALUE is allowed, for example /mds/enrichment/every=5m");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

config::Node read_scenario(const fs::path& path, const std::vector<Override>& overrides) {
  std::vector<fs::path> chain;
  config::Node scenario = read_extended(path, chain);
  for (const Override& change : overrides) {
    if (change.pointer == "/extends") {
      throw InputError({config::kCommandLine, change.pointer, 0, 0},
                       "what a scenario extends stands in its file and cannot be set");
    }
    config::set(scenario, change.pointer, change.value, change.option);
  }
  return scenario;
}

}  // namespace rehearse::experiments
