#include "mds/contract/provider.hpp"
#include "mds/embedded.hpp"

namespace rehearse::mds {
namespace {

std::vector<Provider> load() {
  std::vector<Provider> providers;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.rfind("providers/", 0) == 0) {
      providers.push_back(parse_provider(config::parse(file.text, file.path)));
    }
  }
  return providers;
}

const std::vector<Provider>& shipped() {
  static const std::vector<Provider> providers = load();
  return providers;
}

}  // namespace

const Provider* shipped_provider(const std::string& name) {
  for (const Provider& provider : shipped()) {
    if (provider.name == name) return &provider;
  }
  return nullptr;
}

std::vector<std::string> shipped_provider_names() {
  std::vector<std::string> names;
  for (const Provider& provider : shipped()) names.push_back(provider.name);
  return names;
}

}  // namespace rehearse::mds
