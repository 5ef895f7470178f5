#include "mds/store/store.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "mds/graph/lineage.hpp"
#include "mds/store/digest.hpp"
#include "mds/store/entity_writer.hpp"
#include "mds/store/fact_view.hpp"
#include "mds/store/store_core.hpp"
#include "mds/store/store_file.hpp"
#include "mds/upkeep/inference.hpp"

namespace rehearse::mds {
namespace {

// What must be restored, beside the database, when writing is undone.
struct Mark {
  Tally tally;
  std::size_t symbols = 0;
  EntityId entities = 0;
  std::int64_t changes = 0;
  std::size_t work = 0;
  std::int64_t backlog = 0;
  std::size_t reports = 0;
  Time last;
  StatePrint::Mark print;
  std::size_t index_print = 0;
  bool made = false;  ///< of a savepoint: the database knows it
};

}  // namespace

struct Store::Impl {
  explicit Impl(StoreFile opened, bool keeps_print = false)
      : file(std::move(opened)),
        core(file.handle()),
        writer(core, tally, tx),
        dead_letter(file.handle(),
                    "INSERT INTO dead_letter(tx, event, source, at, reason, body) "
                    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"),
        known(file.handle(),
              "SELECT uri FROM entity WHERE type = ?1 AND life <> 2 AND root = id ORDER BY uri") {
    if (keeps_print) core.observe(print.emplace());
    if (file.writing()) tally = count_tally(file.handle());  // reads every row
    tally.transactions = core.log.last_tx();
    if (tally.transactions > 0) last = core.log.tx(tally.transactions).at;
    durable = tally.transactions;
    file.begin();
  }

  Mark mark(const StatePrint::Mark& of_print = {}) const {
    return {tally,
            core.symbols.size(),
            core.entities.size(),
            core.log.size(),
            core.work.size(),
            core.backlog ? core.backlog->size() : 0,
            reports.size(),
            last,
            of_print,
            print ? print->index_mark() : 0};
  }
  void restore(const Mark& to) {
    tally = to.tally;
    core.symbols.truncate(to.symbols);
    core.entities.truncate(to.entities);
    core.log.restore(to.changes);
    core.work.restore(to.work);
    core.passes.forget();
    if (reports.size() > to.reports) reports.resize(to.reports);
    last = to.last;
    if (core.index) core.index->forget();
    if (print) print->restore_index(to.index_print);
    if (core.backlog) core.backlog->restore(to.backlog);
  }
  void enrich_entities(std::size_t limit, bool retract, std::size_t& done,
                       std::vector<EntityId>& derived, std::set<EntityId>& outdated);
  void spread_names(std::size_t limit, std::size_t& done, std::set<EntityId>& outdated);

  StoreFile file;
  StoreCore core;
  mutable std::optional<StatePrint> print;
  Tally tally;
  OpenTx tx;
  bool open = false;
  Time last;
  std::int64_t durable = 0;      ///< last transaction in the file
  Mark before;                   ///< of the open transaction
  bool shares = false;           ///< its savepoint in the database with the innermost of these
  std::vector<Mark> savepoints;  ///< one without writing is made with the next one in it
  std::vector<TxReport> reports;
  EntityWriter writer;
  Statement dead_letter;
  mutable Statement known;
};

Store::Store(const StoreOptions& options, const Schema& schema)
    : impl_(std::make_unique<Impl>(StoreFile::create(options, schema), options.fingerprint)) {}

Store::Store(const std::string& path) : impl_(std::make_unique<Impl>(StoreFile::open(path))) {}

Store::~Store() {
  try {
    if (impl_->open) rollback();
  } catch (const std::exception&) {
    impl_->file.give_up();  // half a transaction must not be committed with the rest
  }
}

void Store::begin(Time at, const Cause& cause) {
  Impl& s = *impl_;
  assert(!s.open && at >= s.last);
  s.file.savepoint();
  s.shares = !s.savepoints.empty() && !s.savepoints.back().made;
  if (s.shares) s.savepoints.back().made = true;
  s.before = s.mark();
  s.open = true;
  s.tx = OpenTx{};
  s.tx.id = s.tally.transactions + 1;
  s.tx.report.tx = static_cast<std::uint64_t>(s.tx.id);
  s.tx.report.at = at;
  s.tx.report.cause = cause;
}

void Store::commit() {
  Impl& s = *impl_;
  assert(s.open);
  if (s.tx.touched) {
    const TxReport& report = s.tx.report;
    s.core.log.write_tx({s.tx.id, report.at, static_cast<std::int64_t>(report.cause.kind),
                         static_cast<std::int64_t>(report.cause.event.value),
                         static_cast<std::int64_t>(report.cause.request.value), s.tx.datoms});
    s.tally.datoms += s.tx.datoms;
    ++s.tally.transactions;
    s.last = report.at;
    s.tx.report.datoms = static_cast<std::size_t>(s.tx.datoms);
    s.reports.push_back(std::move(s.tx.report));
  }
  if (!s.shares) s.file.release();
  s.open = false;
  if (s.savepoints.empty() && s.file.count_transaction()) s.durable = s.tally.transactions;
}

void Store::rollback() {
  Impl& s = *impl_;
  assert(s.open);
  s.file.rollback();
  s.restore(s.before);
  if (s.shares) s.savepoints.back().made = false;
  s.open = false;
}

bool Store::put(const Document& document, Time verified) {
  assert(impl_->open);
  return impl_->writer.put(document, verified);
}

bool Store::remove(std::string_view uri, Time verified) {
  assert(impl_->open);
  return impl_->writer.remove(uri, verified);
}

void Store::dead_letter(const DeadLetter& letter) {
  Impl& s = *impl_;
  assert(s.open);
  s.dead_letter.bind(1, s.tx.id).bind(2, static_cast<std::int64_t>(letter.event.value));
  s.dead_letter.bind(3, letter.source.value).bind(4, letter.at.ns);
  s.dead_letter.bind_text(5, letter.reason).bind_blob(6, letter.body).run();
  ++s.tally.dead_letters;
  s.tx.touched = true;
}

void Store::Impl::enrich_entities(std::size_t limit, bool retract, std::size_t& done,
                                  std::vector<EntityId>& derived, std::set<EntityId>& outdated) {
  while (done < limit) {
    if (const auto marked = core.work.take(Work::marked)) {
      writer.derive_edges(*marked, retract, outdated);
      derived.push_back(*marked);
      ++done;
    } else if (const auto touched = core.work.take(Work::touched)) {
      mark_starts(core, *touched);
    } else {
      return;
    }
  }
}

void Store::Impl::spread_names(std::size_t limit, std::size_t& done, std::set<EntityId>& outdated) {
  while (done < limit) {
    if (const auto entity = core.work.take(Work::outdated)) {
      outdated.insert(*entity);
      ++done;
    } else if (const auto renamed = core.work.take(Work::renamed)) {
      for (const BackEdge& edge : core.log.back(*renamed, kLatest)) {
        core.work.add(Work::outdated, edge.source);
      }
      PackedFact edge;
      std::string_view packed = core.entities.peek(*renamed).edges;
      while (take_fact(packed, edge)) {
        core.work.add(Work::outdated, target_of(edge));
      }
    } else {
      return;
    }
  }
}

EnrichResult Store::enrich(std::size_t limit, bool retract) {
  Impl& s = *impl_;
  assert(s.open);
  s.tx.touched = true;
  EnrichResult result;
  const std::size_t edges_before = s.tx.report.edges.size();
  std::vector<EntityId> derived;
  std::set<EntityId> outdated;
  s.enrich_entities(limit, retract, result.entities, derived, outdated);
  s.spread_names(limit, result.entities, outdated);
  for (const EntityId id : outdated) s.writer.reindex(id);
  if (s.core.work.size() == 0) {
    s.core.passes.write_pass(s.tx.id);
  } else {
    for (const EntityId id : derived) s.core.passes.write_enriched(id, s.tx.id);
  }
  for (std::size_t i = edges_before; i < s.tx.report.edges.size(); ++i) {
    ++(s.tx.report.edges[i].added ? result.edges_added : result.edges_retracted);
  }
  return result;
}

std::size_t Store::write_index(std::uint64_t until, std::size_t limit) {
  Impl& s = *impl_;
  assert(s.open && s.core.backlog);
  const auto rows = s.core.backlog->take(static_cast<std::int64_t>(until), limit);
  for (const EntityId id : rows) {
    s.core.backlog->write(id);
    s.tx.report.indexed.push_back(s.core.entities.uri(id));
  }
  s.tx.touched = s.tx.touched || !rows.empty();
  return rows.size();
}

std::size_t Store::drop_index_rows(std::uint64_t until) {
  Impl& s = *impl_;
  assert(s.open && s.core.backlog);
  const auto rows = s.core.backlog->take(static_cast<std::int64_t>(until),
                                         static_cast<std::size_t>(s.core.backlog->size()));
  for (const EntityId id : rows) s.tx.report.index_lost.push_back(s.core.entities.uri(id));
  s.tx.touched = s.tx.touched || !rows.empty();
  return rows.size();
}

void Store::reindex(bool empty) {
  Impl& s = *impl_;
  assert(s.open && s.core.backlog);
  if (empty) s.tx.report.indexed = s.core.backlog->clear_index();
  s.core.backlog->add_all(s.tx.id);
  s.tx.touched = true;
}

bool Store::index_follows() const { return impl_->core.backlog != nullptr; }

std::uint64_t Store::newest_unindexed() const {
  return index_follows() ? static_cast<std::uint64_t>(impl_->core.backlog->newest()) : 0;
}

std::vector<std::string> Store::unindexed(std::uint64_t until) const {
  std::vector<std::string> uris;
  if (!index_follows()) return uris;
  for (const EntityId id : impl_->core.backlog->waiting(static_cast<std::int64_t>(until))) {
    uris.push_back(impl_->core.entities.uri(id));
  }
  return uris;
}

std::vector<Stub> Store::stubs(std::size_t limit, std::uint64_t after) const {
  std::vector<Stub> stubs;
  for (const EntityId id : impl_->core.entities.stubs(static_cast<EntityId>(after), limit)) {
    const Symbol type = impl_->core.entities.peek(id).type;
    stubs.push_back({impl_->core.entities.uri(id), impl_->core.symbols.name(type),
                     static_cast<std::uint64_t>(id)});
  }
  return stubs;
}

std::size_t Store::marked_for_enrichment() const { return impl_->core.work.size(); }

std::vector<std::string> Store::known(std::string_view type) const {
  std::vector<std::string> uris;
  const Symbol symbol = impl_->core.symbols.find(type);
  const ResetAtEnd guard(impl_->known);
  impl_->known.bind(1, symbol);
  while (impl_->known.step()) uris.emplace_back(impl_->known.bytes(0));
  return uris;
}

void Store::expect(std::string_view uri) const { impl_->core.entities.expect(uri); }

std::optional<LifeCycle> Store::life_cycle(std::string_view uri) const {
  const EntityId id = impl_->core.entities.find(uri);
  if (id == 0) return std::nullopt;
  EntityRow row;
  impl_->core.entities.load(id, row);
  return mds::life_cycle(FactView(impl_->core, kLatest), row);
}

std::optional<std::string> Store::type(std::string_view uri) const {
  const EntityId id = impl_->core.entities.find(uri);
  if (id == 0) return std::nullopt;
  return impl_->core.symbols.name(impl_->core.entities.peek(id).type);
}

std::optional<Time> Store::last_verified(std::string_view uri) const {
  const EntityId id = impl_->core.entities.find(uri);
  return id == 0 ? std::nullopt : FactView(impl_->core, kLatest).last_verified(id);
}

std::optional<Time> Store::last_enriched(std::string_view uri) const {
  const EntityId id = impl_->core.entities.find(uri);
  return id == 0 ? std::nullopt : FactView(impl_->core, kLatest).last_enriched(id);
}

StoreCounts Store::counts() const {
  const Tally t = impl_->file.writing() ? impl_->tally : count_tally(impl_->file.handle());
  return {static_cast<std::uint64_t>(t.datoms), static_cast<std::uint64_t>(t.live),
          static_cast<std::uint64_t>(t.edges), static_cast<std::uint64_t>(t.transactions),
          static_cast<std::uint64_t>(t.dead_letters)};
}

std::uint64_t Store::digest() const { return graph_digest(impl_->core); }

Fingerprint Store::fingerprint() const {
  Impl& s = *impl_;
  assert(s.print && !s.open);
  return s.print->value(s.core);
}

Fingerprint Store::entity_fingerprint(std::string_view uri) const {
  return impl_->print->entity(impl_->core, impl_->core.entities.find(uri));
}

const StoreCore& Store::core() const { return impl_->core; }

std::vector<TxReport> Store::take_reports() {
  std::vector<TxReport> taken = std::exchange(impl_->reports, {});
  for (Mark& mark : impl_->savepoints) mark.reports = 0;
  return taken;
}

void Store::savepoint() {
  Impl& s = *impl_;
  assert(!s.open);
  const auto print = s.print ? s.print->mark(s.core, s.savepoints.empty()) : StatePrint::Mark();
  s.savepoints.push_back(s.mark(print));  // whose index_mark() is right after that alone
}

void Store::rollback_to_savepoint() {
  Impl& s = *impl_;
  assert(!s.open && !s.savepoints.empty());
  const Mark& mark = s.savepoints.back();
  if (mark.made) {
    s.file.rollback();
    s.restore(mark);
    if (s.print) s.print->restore(mark.print);
  }
  s.savepoints.pop_back();
}

void Store::release_savepoint() {
  Impl& s = *impl_;
  assert(!s.open && !s.savepoints.empty());
  const bool made = s.savepoints.back().made;
  s.savepoints.pop_back();
  if (!made) return;
  const bool outer = s.savepoints.empty() || s.savepoints.back().made;
  if (outer) s.file.release();
  if (!outer) s.savepoints.back().made = true;  // nothing was written between the two
}

void Store::flush() {
  assert(!impl_->open && impl_->savepoints.empty());
  impl_->file.commit();
  impl_->durable = impl_->tally.transactions;
}

std::uint64_t Store::durable() const {
  const std::int64_t last = impl_->file.in_memory() ? impl_->tally.transactions : impl_->durable;
  return static_cast<std::uint64_t>(last);
}

void Store::copy_to(const std::string& path) const {
  assert(!impl_->open && impl_->savepoints.empty());
  impl_->file.copy_to(path);
}

}  // namespace rehearse::mds
