#include "measure/freshness.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace rehearse::measure {
namespace {

constexpr std::size_t kRoom = 16;  // versions for which a document may keep room

}  // namespace

Freshness::Freshness(const Window& window)
    : window_(window), facts_lags_(window), index_lags_(window) {}

Freshness::Document& Freshness::document(std::uint32_t number) {
  if (number >= documents_.size()) documents_.resize(number + 1);
  return documents_[number];
}

void Freshness::start(std::uint32_t number, std::int64_t version, Time changed_at,
                      std::uint64_t facts, bool hydrated) {
  Document& d = document(number);
  assert(d.versions.empty());
  const bool existed = d.exists || d.live;
  d.versions.push_back({changed_at, facts});
  d.first = d.created = version;
  d.created_at = changed_at;
  d.facts_shown = d.index_shown = hydrated ? version : version - 1;
  d.exists = true;
  settle(number, d, existed, now_);
}

void Freshness::changed(std::uint32_t number, std::int64_t version, std::uint64_t facts,
                        bool exists, Time now) {
  advance(now);
  Document& d = document(number);
  const bool existed = d.exists || d.live;
  if (d.versions.empty()) {
    d.first = version;
    d.facts_shown = d.index_shown = version - 1;
  }
  // A trace that was read again may say anything.
  if (version != d.last() + 1) throw std::logic_error("a version is missing");
  d.versions.push_back({now, facts});
  if (exists && !d.exists) {
    d.created = version;
    d.created_at = now;
  }
  d.exists = exists;
  if (!exists && !d.live) {
    // Created and deleted unseen: an absent copy shows the deletion.
    const bool index_current = d.index_shown == d.facts_shown;
    show(d, d.facts_shown, d.last(), facts_lags_, now);
    if (index_current) show(d, d.index_shown, d.last(), index_lags_, now);
  }
  settle(number, d, existed, now);
}

void Freshness::copied(std::uint32_t number, bool live, std::int64_t version, std::uint64_t facts,
                       Time now) {
  advance(now);
  Document& d = document(number);
  const bool existed = d.exists || d.live;
  if (live && d.versions.empty()) {
    // No source ever had it: as if a deletion before everything were missed since now.
    d.versions.push_back({now, 0});
    d.first = d.facts_shown = d.index_shown = version - 1;
  }
  if (live && d.live && version < d.copy) d.regressed = true;
  d.live = live;
  d.copy = live ? version : 0;
  d.copy_facts = live ? facts : 0;
  if (!d.versions.empty()) show(d, d.facts_shown, shown_by_copy(d), facts_lags_, now);
  settle(number, d, existed, now);
}

void Freshness::indexed(std::uint32_t number, Time now) {
  Document& d = document(number);
  show(d, d.index_shown, d.facts_shown, index_lags_, now);
}

void Freshness::forget(std::uint32_t number, Time time) {
  assert(number < documents_.size());
  Document& d = documents_[number];
  std::vector<Version>& versions = d.versions;
  if (versions.size() < 2) return;
  const auto made_since =
      std::lower_bound(versions.begin() + 1, versions.end(), time,
                       [](const Version& version, Time t) { return version.at < t; });
  const std::int64_t replaced = made_since - versions.begin() - 1;
  // Lags still wait for some, and the copy is compared with its own. The last one tells the
  // document's version.
  std::int64_t keep = std::min({d.facts_shown + 1, d.index_shown + 1, d.last()});
  if (d.live) keep = std::min(keep, d.copy);
  const std::int64_t gone = std::min(replaced, keep - d.first);
  // Moving those that stay pays when they are the fewer.
  if (gone <= 0 || 2 * gone < static_cast<std::int64_t>(versions.size())) return;
  versions.erase(versions.begin(), versions.begin() + gone);
  if (versions.capacity() > kRoom && versions.capacity() > 4 * versions.size()) {
    versions.shrink_to_fit();
  }
  d.first += gone;
  d.forgetful = true;
}

void Freshness::advance(Time now) {
  assert(now_ <= now);
  if (now == now_) return;
  const Int128 passed = (now - now_).ns;
  const auto stale = static_cast<Int128>(stale_list_.size());
  const Int128 age = stale * now_.ns - since_sum_;  // summed over the stale
  totals_.existing += static_cast<Int128>(existing_) * passed;
  totals_.stale += stale * passed;
  totals_.age_doubled.add((2 * age + stale * passed) * passed);
  now_ = now;
}

void Freshness::finish() {
  for (const Stale& episode : stale_list_) close_episode(episode, window_.end);
  for (Document& d : documents_) {
    if (d.versions.empty()) continue;
    for (std::int64_t v = d.facts_shown + 1; v <= d.last(); ++v) {
      facts_lags_.add_censored(d.time_of(v));
    }
    for (std::int64_t v = d.index_shown + 1; v <= d.last(); ++v) {
      index_lags_.add_censored(d.time_of(v));
    }
  }
}

// When the version was made since which the copy differs from the truth; nullopt when it is equal.
std::optional<Time> Freshness::first_missed(const Document& d) {
  if (!d.live) return d.exists ? std::optional(d.created_at) : std::nullopt;
  if (d.copy < d.first) {
    if (!d.forgetful) return d.time_of(d.first);
    throw std::logic_error("the graph took up a version that could no longer come");
  }
  if (d.copy > d.last()) return d.time_of(d.last());  // no source ever delivered this
  const Version& same = d.versions[static_cast<std::size_t>(d.copy - d.first)];
  if (same.facts != d.copy_facts) return same.at;
  return d.copy == d.last() ? std::nullopt : std::optional(d.time_of(d.copy + 1));
}

// The newest version that a reader of the copy has seen; an absent copy shows the last deletion.
std::int64_t Freshness::shown_by_copy(const Document& d) const {
  if (!d.live) return d.exists ? d.created - 1 : d.last();
  return std::min(d.copy, d.last());
}

void Freshness::settle(std::uint32_t number, Document& d, bool existed, Time now) {
  const bool existing = d.exists || d.live;
  if (existing && !existed) ++existing_;
  if (existed && !existing) --existing_;
  const std::optional<Time> missed =
      existing && !d.versions.empty() ? first_missed(d) : std::nullopt;
  const bool stale = missed.has_value();
  if (!stale) d.regressed = false;
  const Time since = missed.value_or(Time{});
  if (d.stale_at != kFresh) {
    Stale& open = stale_list_[d.stale_at];
    if (stale && open.since == since) return;
    close_episode(open, now);
    since_sum_ -= open.since.ns;
    if (stale) {
      open.since = since;
      open.from = now;
      since_sum_ += since.ns;
      return;
    }
    assert(open.document == number);
    documents_[stale_list_.back().document].stale_at = d.stale_at;
    open = stale_list_.back();
    stale_list_.pop_back();
    d.stale_at = kFresh;
    d.mended = now;
  } else if (stale) {
    d.stale_at = static_cast<std::uint32_t>(stale_list_.size());
    stale_list_.push_back({since, now, number});
    if (d.mended != now) d.stale_from = now;  // fresh for no time at all is no break
    since_sum_ += since.ns;
  }
}

void Freshness::close_episode(const Stale& episode, Time now) {
  peak_ = std::max(peak_, now - episode.since);
  const Time from = window_.clip(episode.from);
  const Time until = window_.clip(now);
  if (from < until) ages_.add(from - episode.since, until - episode.since);
}

// Versions up to `upto` show from now on.
void Freshness::show(const Document& d, std::int64_t& shown, std::int64_t upto, Lags& lags,
                     Time now) {
  for (std::int64_t v = shown + 1; v <= upto; ++v) lags.add(d.time_of(v), now);
  shown = std::max(shown, upto);
}

Duration Freshness::take_peak(Time now) {
  Duration peak = std::exchange(peak_, Duration{});
  for (const Stale& episode : stale_list_) peak = std::max(peak, now - episode.since);
  return peak;
}

bool Freshness::fresh(std::uint32_t number) const {
  return number >= documents_.size() || documents_[number].stale_at == kFresh;
}

bool Freshness::exists(std::uint32_t number) const {
  return number < documents_.size() && documents_[number].exists;
}

bool Freshness::live(std::uint32_t number) const {
  return number < documents_.size() && documents_[number].live;
}

std::int64_t Freshness::version(std::uint32_t number) const {
  return documents_[number].versions.empty() ? 0 : documents_[number].last();
}

std::int64_t Freshness::copy_version(std::uint32_t number) const { return documents_[number].copy; }

std::int64_t Freshness::copy_version_or_0(std::uint32_t number) const {
  return number < documents_.size() ? documents_[number].copy : 0;
}

Time Freshness::changed_at(std::uint32_t number) const {
  const Document& d = documents_[number];
  return d.versions.empty() ? Time{} : d.versions.back().at;
}

Time Freshness::stale_since(std::uint32_t number) const {
  assert(!fresh(number));
  return documents_[number].stale_from;
}

Time Freshness::misses_since(std::uint32_t number) const {
  assert(!fresh(number));
  return stale_list_[documents_[number].stale_at].since;
}

bool Freshness::regressed(std::uint32_t number) const {
  return number < documents_.size() && documents_[number].regressed;
}

}  // namespace rehearse::measure
