#include "mds/contract/catalogue.hpp"

#include "mds/contract/untrusted.hpp"
#include "mds/contract/uri.hpp"

namespace rehearse::mds {
namespace {

constexpr std::string_view kIdPlaceholder = "{id}";

std::string home_key(std::string_view component, std::string_view platform, std::string_view type) {
  std::string key(component);
  return key.append("/").append(platform).append(" ").append(type);
}

}  // namespace

Catalogue::Catalogue(const std::vector<Provider>& providers) : providers_(providers) {
  events_.resize(providers.size());
  for (std::size_t i = 0; i < providers.size(); ++i) {
    const SourceIndex source{static_cast<std::uint16_t>(i)};
    for (const TypeDeclaration& type : providers[i].types) add(source, providers[i], type);
  }
  for (Contract& contract : contracts_) {
    for (const Contract& other : contracts_) {
      if (&other != &contract && other.type->component == contract.type->component &&
          other.provider->platform == contract.provider->platform) {
        contract.shares_names = true;
      }
    }
  }
}

void Catalogue::add(SourceIndex source, const Provider& provider, const TypeDeclaration& type) {
  const auto index = static_cast<std::uint32_t>(contracts_.size());
  contracts_.push_back({source, &provider, &type, false});
  for (const auto& [event, op] : type.events) events_[source.value][event] = {index, op};
  add_home(provider, type.component, type.type, {index, nullptr});
  for (const PartDeclaration& part : type.parts) {
    add_home(provider, part.component, part.type, {index, &part});
  }
}

void Catalogue::add_home(const Provider& provider, const std::string& component,
                         const std::string& type, Home home) {
  if (!homes_.emplace(home_key(component, provider.platform, type), home).second) {
    throw InputError("two sources deliver " + type + " of the platform \"" + provider.platform +
                     "\"; the second is \"" + provider.name + "\"");
  }
}

const Catalogue::Announced* Catalogue::announced(SourceIndex source,
                                                 std::string_view event_type) const {
  const auto& known = events_[source.value];
  const auto at = known.find(event_type);
  return at == known.end() ? nullptr : &at->second;
}

std::optional<DocumentKey> Catalogue::document_of(std::string_view uri,
                                                  std::string_view type) const {
  const auto parts = split_uri(uri);
  if (!parts) return std::nullopt;
  const auto home = homes_.find(home_key(parts->component, parts->platform, type));
  if (home == homes_.end()) return std::nullopt;
  auto id = decode_id(parts->encoded_id);
  if (id && home->second.part != nullptr) id = home->second.part->id.parent_of(*id);
  if (!id || bad_id(*id) != nullptr) return std::nullopt;
  return DocumentKey{home->second.contract, *std::move(id)};
}

std::optional<DocumentKey> Catalogue::document_at(SourceIndex source, std::string_view path) const {
  for (std::uint32_t i = 0; i < contracts_.size(); ++i) {
    if (contracts_[i].source != source) continue;
    const std::string_view pattern = contracts_[i].type->path;
    const auto before = pattern.substr(0, pattern.find(kIdPlaceholder));
    const auto after = pattern.substr(before.size() + kIdPlaceholder.size());
    if (path.size() <= before.size() + after.size()) continue;
    if (path.substr(0, before.size()) != before) continue;
    if (path.substr(path.size() - after.size()) != after) continue;
    auto id = decode_id(path.substr(before.size(), path.size() - before.size() - after.size()));
    if (id && bad_id(*id) == nullptr) return DocumentKey{i, *std::move(id)};
  }
  return std::nullopt;
}

std::string Catalogue::uri_of(const DocumentKey& document) const {
  const Contract& contract = contracts_[document.contract];
  return make_uri(contract.type->component, contract.provider->platform, document.id);
}

std::string Catalogue::path_of(const DocumentKey& document) const {
  return contracts_[document.contract].type->path_of(document.id);
}

}  // namespace rehearse::mds
