// One call from outside, as all stages of the service see it: when it is, what they share, and what
// they have done in it.
#pragma once

#include <string>

#include "base/time.hpp"
#include "mds/contract/catalogue.hpp"
#include "mds/contract/notice.hpp"
#include "mds/hydration/acknowledgements.hpp"
#include "mds/hydration/jobs.hpp"
#include "mds/service/service_config.hpp"
#include "mds/service/service_counters.hpp"
#include "mds/store/store.hpp"

namespace rehearse::mds {

struct Turn {
  const ServiceConfig& config;
  const Catalogue& catalogue;
  Store& store;
  Notices& notices;
  ServiceCounters& counters;
  Acknowledgements& acks;
  Time now;
  bool changed = false;  ///< facts of a document have changed, so that edges may have to follow

  SourceIndex source_of(const DocumentKey& document) const {
    return catalogue.contracts()[document.contract].source;
  }
  bool telling(NoticeLevel level) const { return notices.telling(level); }
  /// About a document, where `level` is told.
  void tell(NoticeLevel level, Notice::Kind kind, const DocumentKey& document, RequestId request,
            std::string detail = {}) const {
    if (!telling(level)) return;
    Notice notice;
    notice.kind = kind;
    notice.source = source_of(document);
    notice.request = request;
    notice.uri = catalogue.uri_of(document);
    notice.detail = std::move(detail);
    notices.tell(std::move(notice));
  }
  /// About the call of a job, where `level` is told.
  void tell(NoticeLevel level, Notice::Kind kind, const Job& job, std::string detail = {}) const {
    if (!telling(level)) return;
    Notice notice;
    notice.kind = kind;
    notice.source = source_of(job.document);
    notice.request = job.request;
    notice.uri = name_of(job);
    notice.detail = std::move(detail);
    notices.tell(std::move(notice));
  }
  /// The URI of a document; the path of a listing.
  std::string name_of(const Job& job) const {
    return job.listing ? catalogue.contracts()[job.document.contract].type->list_path
                       : catalogue.uri_of(job.document);
  }
};

}  // namespace rehearse::mds
