#include "reports/freshness.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace rehearse::reports {

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
  if (exists && !d.exists) d.created = version;
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

// The version since which the copy differs from the truth; beyond the last one when it is equal.
std::int64_t Freshness::first_missed(const Document& d) const {
  if (!d.live) return d.exists ? d.created : d.last() + 1;
  if (d.versions.empty()) return 0;
  if (d.copy < d.first) return d.first;
  if (d.copy > d.last()) return d.last();  // no source ever delivered this
  const Version& same = d.versions[static_cast<std::size_t>(d.copy - d.first)];
  return same.facts == d.copy_facts ? d.copy + 1 : d.copy;
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
  const std::int64_t missed = first_missed(d);
  const bool stale = existing && !d.versions.empty() && missed <= d.last();
  if (!stale) d.regressed = false;
  const Time since = stale ? d.time_of(missed) : Time{};
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

}  // namespace rehearse::reports
