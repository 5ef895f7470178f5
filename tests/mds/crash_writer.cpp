#include "crash_writer.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>

#include "base/error.hpp"
#include "mds/store/consistency.hpp"
#include "service_rig.hpp"
#include "stats/random.hpp"

namespace rehearse::test {
namespace {

using namespace mds;

// ---- SQLite's calls of the system, counted; C callbacks have nowhere else to keep their state
// ----

struct Faults {
  Fault fault = Fault::none;
  std::int64_t at = 0;
  std::int64_t operations = 0;
};
Faults faults;

bool due() {
  ++faults.operations;
  if (faults.fault == Fault::none || faults.operations < faults.at) return false;
  return faults.fault == Fault::disk_full || faults.operations == faults.at;
}

ssize_t write_at(int file, const void* bytes, std::size_t size, off_t offset) {
  if (!due()) return ::pwrite(file, bytes, size, offset);
  const bool first = faults.operations == faults.at;
  const ssize_t half = first ? ::pwrite(file, bytes, size / 2, offset) : 0;
  if (faults.fault == Fault::killed) ::kill(::getpid(), SIGKILL);
  if (half > 0) return half;
  errno = ENOSPC;
  return -1;
}

int cut(int file, off_t size) {
  if (due() && faults.fault == Fault::killed) ::kill(::getpid(), SIGKILL);
  return ::ftruncate(file, size);
}

void count_operations(Fault fault, std::int64_t at) {
  faults = {fault, at, 0};
  sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
  const auto write = reinterpret_cast<sqlite3_syscall_ptr>(&write_at);
  for (const char* name : {"pwrite", "pwrite64"}) vfs->xSetSystemCall(vfs, name, write);
  vfs->xSetSystemCall(vfs, "ftruncate", reinterpret_cast<sqlite3_syscall_ptr>(&cut));
}

// ---- the plan ----

struct Kind {
  std::size_t source;
  const char* path;
  const char* id_key;
  const char* event_key;
  const char* event;
  const char* uri;
};
constexpr std::array<Kind, 4> kKinds = {
    {{0, "/api/v1/instances/", "id", "instance_id", "model_instance_updated",
      "aip://model/registry/"},
     {1, "/api/v1/features/", "feature_id", "feature_id", "feature_updated",
      "aip://feature/feature-store/"},
     {2, "/api/v1/datasets/", "dataset_id", "dataset_id", "dataset_updated",
      "aip://dataset/datasets/"},
     {3, "/api/v1/users/", "user_id", "user_id", "user_updated", "aip://user/identity/"}}};
const std::vector<std::string> kSources = {"model-registry", "feature-store", "datasets",
                                           "identity"};
constexpr int kEvents = 250;

/// Something happened to an entity at its source; the number of the step is its new version.
struct Step {
  const Kind* kind = nullptr;
  std::string id;
  bool deleted = false;
  std::string more;  ///< of the payload
};

std::string several(stats::Stream& draw, const std::string& prefix, const std::string& suffix) {
  const std::string first = std::to_string(draw.below(4));
  const std::string second = std::to_string(4 + draw.below(4));
  return "[\"" + prefix + first + suffix + "\",\"" + prefix + second + suffix + "\"]";
}

std::vector<Step> plan(std::uint64_t seed) {
  stats::Stream draw(seed, 0, "crash");
  std::vector<Step> steps;
  for (int i = 0; i < kEvents; ++i) {
    Step step;
    step.kind = &kKinds[draw.below(kKinds.size())];
    step.id = std::string(1, "ifdu"[step.kind - kKinds.data()]) + std::to_string(draw.below(8));
    step.deleted = draw.chance(0.1);
    step.more = R"("name":"name )" + std::to_string(draw.below(5)) + "\"";
    step.more += R"(,"owner_emails":)" + several(draw, "u", "@netflix.com");
    step.more += R"(,"feature_ids":)" + several(draw, "f", "");
    step.more += R"(,"dataset_ids":)" + several(draw, "d", "");
    steps.push_back(std::move(step));
  }
  return steps;
}

ServiceConfig settings(const std::string& path) {
  ServiceConfig config = service_config(kSources);
  config.enrichment.every = Duration::seconds(1);
  config.store.path = path;
  config.store.commit_every = 20;
  return config;
}

// ---- the writer's process ----

void tell(int to, const std::string& line) {
  if (::write(to, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
}

void write_store(const std::string& path, std::uint64_t seed, int to) {
  ServiceRig rig(settings(path));
  int version = 0;
  for (const Step& step : plan(seed)) {
    ++version;
    const std::string at = step.kind->path + step.id;
    if (step.deleted) {
      rig.payloads.erase(at);
    } else {
      rig.payloads[at] = payload(step.kind->id_key, step.id, version, step.more);
    }
    rig.event(step.kind->event, step.kind->event_key, step.id, step.kind->source);
    rig.run_for(Duration::milliseconds(30));
    for (const EventId event : rig.acked) tell(to, "a" + std::to_string(event.value) + "\n");
    rig.acked.clear();
  }
}

void write_until_error(const std::string& path, std::uint64_t seed, int to) {
  try {
    write_store(path, seed, to);
  } catch (const InputError& error) {
    tell(to, "e" + error.where().file + ": " + error.message() + "\n");
  }
}

WriterResult read_result(int from) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  WriterResult result;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    const std::string value = text.substr(begin + 1, end - begin - 1);
    if (text[begin] == 'a') result.acked.push_back(std::stoull(value));
    if (text[begin] == 'o') result.operations = std::stoll(value);
    if (text[begin] == 'e') result.error += (result.error.empty() ? "" : "; ") + value;
  }
  return result;
}

/// Runs `work(pipe)` in a child that leaves with the status it gives.
WriterResult in_child(const std::function<int(int)>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    ::close(ends[0]);
    int status = 4;
    try {
      status = work(ends[1]);
    } catch (const std::exception& error) {
      ::_exit((::write(2, error.what(), std::string(error.what()).size()) < 0) ? 6 : 5);
    }
    ::_exit(status);
  }
  ::close(ends[1]);
  WriterResult result = read_result(ends[0]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  result.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  result.clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return result;
}

constexpr const char* kNotMounted = "not mounted";

}  // namespace

WriterResult run_writer(const std::string& path, std::uint64_t seed, Fault fault, std::int64_t at) {
  return in_child([&](int to) {
    count_operations(fault, at);
    write_until_error(path, seed, to);
    tell(to, "o" + std::to_string(faults.operations) + "\n");
    return 0;
  });
}

WriterResult run_writer_on_small_disk(const std::string& folder, std::uint64_t seed,
                                      std::size_t bytes, bool& mounted) {
  namespace fs = std::filesystem;
  const fs::path disk = fs::path(folder) / "disk";
  fs::create_directory(disk);
  const std::string size = "size=" + std::to_string(bytes);
  WriterResult result = in_child([&](int to) {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", disk.c_str(), "tmpfs", 0, size.c_str()) != 0) {
      tell(to, std::string("e") + kNotMounted + "\n");
      return 0;
    }
    write_until_error((disk / "graph.db").string(), seed, to);
    for (const auto& file : fs::directory_iterator(disk)) {
      fs::copy_file(file.path(), fs::path(folder) / file.path().filename());
    }
    return 0;
  });
  mounted = result.error != kNotMounted;
  return result;
}

std::vector<std::string> problems_after(const std::string& path, std::uint64_t seed,
                                        const WriterResult& result) {
  ServiceRig rig(settings(path));
  std::vector<std::string> problems = check_consistency(*rig.store);
  const std::vector<Step> steps = plan(seed);
  std::map<std::string, std::uint64_t> acked;
  for (const std::uint64_t event : result.acked) {
    std::uint64_t& last = acked[steps.at(event - 1).kind->uri + steps[event - 1].id];
    last = std::max(last, event);
  }
  // The graph shows what the source said at the event or what it said later.
  for (const auto& [uri, event] : acked) {
    const std::string version = rig.fact(uri, "version");
    bool right = !version.empty() && std::stoull(version) >= event;
    for (std::size_t i = event - 1; i < steps.size() && version.empty(); ++i) {
      right = right || (steps[i].deleted && steps[i].kind->uri + steps[i].id == uri);
    }
    if (!right)
      problems.push_back("the effect of event " + std::to_string(event) + " is lost: " + uri +
                         " is at version " + version);
  }
  rig.now = Time{} + Duration::hours(1);
  rig.put_model("after", 1);
  rig.event("model_created", "model_id", "after", 0);
  rig.run_for(Duration::seconds(5));
  if (rig.acked.empty()) problems.emplace_back("the store takes no more transactions");
  for (std::string& problem : check_consistency(*rig.store)) problems.push_back(problem);
  return problems;
}

}  // namespace rehearse::test
