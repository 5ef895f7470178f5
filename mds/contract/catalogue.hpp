// What the connected sources declare, ready for look-up: which contract an event type falls under,
// and which API call reads an entity.
//
// A *contract* is a fetchable entity type of one connected source. A document is named by its
// contract and its id; an entity that is only ever part of a document is read by reading that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/event.hpp"
#include "mds/contract/provider.hpp"

namespace rehearse::mds {

struct Contract {
  SourceIndex source;
  const Provider* provider = nullptr;
  const TypeDeclaration* type = nullptr;
  /// Another type has the same component and platform, so that a URI does not tell the type.
  bool shares_names = false;
};

struct DocumentKey {
  std::uint32_t contract = 0;  ///< index into Catalogue::contracts()
  std::string id;              ///< as the source calls it
  auto operator<=>(const DocumentKey&) const = default;
};

class Catalogue {
 public:
  /// REQUIRES: `providers` outlives this. Throws InputError when two of them claim the same
  /// entities.
  explicit Catalogue(const std::vector<Provider>& providers);

  const std::vector<Contract>& contracts() const { return contracts_; }
  const Provider& provider(SourceIndex source) const { return providers_[source.value]; }
  std::size_t sources() const { return providers_.size(); }

  struct Announced {
    std::uint32_t contract = 0;
    EventOp op = EventOp::update;
  };
  /// What an event type of a source announces; nullptr when the source declares no such type.
  const Announced* announced(SourceIndex source, std::string_view event_type) const;

  /// The document to read for an entity; nullopt when no connected source delivers it.
  std::optional<DocumentKey> document_of(std::string_view uri, std::string_view type) const;

  /// The document behind an API path; nullopt when it is none of that source's.
  std::optional<DocumentKey> document_at(SourceIndex source, std::string_view path) const;

  std::string uri_of(const DocumentKey& document) const;
  std::string path_of(const DocumentKey& document) const;

 private:
  struct Home {
    std::uint32_t contract = 0;
    const PartDeclaration* part = nullptr;  ///< set for embedded types
  };
  void add(SourceIndex source, const Provider& provider, const TypeDeclaration& type);
  void add_home(const Provider& provider, const std::string& component, const std::string& type,
                Home home);

  const std::vector<Provider>& providers_;
  std::vector<Contract> contracts_;
  std::vector<std::map<std::string, Announced, std::less<>>> events_;  ///< by source
  std::map<std::string, Home, std::less<>> homes_;  ///< "<component>/<platform> <type>"
};

}  // namespace rehearse::mds
