// What a hostile or broken source may send: each bad thing is a dead letter with a reason, each
// valid one is stored however odd it looks, and what comes beside it is not held up.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "mds/contract/untrusted.hpp"
#include "mds/store/consistency.hpp"
#include "mds/store/store_core.hpp"
#include "service_rig.hpp"

namespace rehearse::mds {
namespace {

using namespace test;
using nlohmann::json;

constexpr const char* kInjection = "'; DROP TABLE entity; --";

struct Letter {
  std::string reason;
  std::string body;
};

/// A service beside whose bad input a good model is announced each time.
class Victim {
 public:
  Victim() : rig(settings()) {}

  ServiceRig rig;

  /// The one dead letter that the last step made.
  Letter letter() {
    Statement rows(rig.store->core().db, "SELECT reason, body FROM dead_letter ORDER BY id");
    Letter last;
    std::int64_t count = 0;
    while (rows.step()) {
      last = {std::string(rows.bytes(0)), std::string(rows.bytes(1))};
      ++count;
    }
    REQUIRE(count == ++letters_);
    return last;
  }
  void no_letter() const {
    CHECK(rig.store->counts().dead_letters == static_cast<std::uint64_t>(letters_));
  }

  /// A valid event arrives and is processed, all events are acknowledged, the store is whole.
  void check_goes_on() {
    rig.put_model("good", ++version_);
    rig.event("model_updated", "model_id", "good");
    rig.run_for(Duration::seconds(1));
    CHECK(rig.fact(model_uri("good"), "version") == std::to_string(version_));
    CHECK(rig.service->idle());
    CHECK(check_consistency(*rig.store) == std::vector<std::string>{});
  }

 private:
  static ServiceConfig settings() {
    ServiceConfig config = service_config({"model-registry"});
    config.enrichment.every = std::nullopt;
    return config;
  }

  std::int64_t letters_ = 0;
  int version_ = 0;
};

std::string event_for(const std::string& id) {
  return json{{"event_type", "model_updated"}, {"model_id", id}}.dump();
}

struct Case {
  std::string name, text, reason;
};

std::vector<Case> bad_objects(const std::string& valid) {
  return {{"nothing", "", "not JSON in UTF-8"},
          {"cut short", valid.substr(0, valid.size() / 2), "not JSON in UTF-8"},
          {"a comma too many", "{\"a\":1,}", "not JSON in UTF-8"},
          {"two values", valid + valid, "not JSON in UTF-8"},
          {"SQL", kInjection, "not JSON in UTF-8"},
          {"invalid UTF-8", "{\"a\":\"\xc3\x28\"}", "not JSON in UTF-8"},
          {"an overlong encoding", "{\"a\":\"\xc0\xaf\"}", "not JSON in UTF-8"},
          {"half a surrogate", R"({"a":"\ud800"})", "not JSON in UTF-8"},
          {"a zero byte", valid + std::string(1, '\0'), "not JSON in UTF-8"},
          {"a number out of range", "{\"a\":1e999}", "not JSON in UTF-8"},
          {"an array", "[" + valid + "]", "not a JSON object but array"},
          {"null", "null", "not a JSON object but null"},
          {"deep arrays", "{\"a\":" + std::string(10'000, '[') + "}", "nested more than 64 deep"},
          {"deep objects",
           [] {
             std::string deep;
             for (int i = 0; i < 65; ++i) deep += "{\"a\":";
             return deep + "1" + std::string(65, '}');
           }(),
           "nested more than 64 deep"},
          {"megabytes", "{\"a\":\"" + std::string(5U << 20U, 'x') + "\"}", "longer than 4 MiB"}};
}

}  // namespace

TEST_CASE("a bad event is a dead letter with a reason and its body, and others are processed") {
  Victim victim;
  std::vector<Case> cases = bad_objects(event_for("m"));
  const std::string type = R"("event_type":"model_updated")";
  cases.insert(
      cases.end(),
      {{"no type", R"({"model_id":"m"})", "no event type"},
       {"a type that is a number", R"({"event_type":7,"model_id":"m"})", "event type is not text"},
       {"a type that is SQL", R"({"event_type":"'; DROP TABLE entity; --"})", "DROP"},
       {"no id", "{" + type + "}", "no id"},
       {"an id that is an object", "{" + type + R"(,"model_id":{"id":"m"}})", "id is not text"},
       {"an id that is true", "{" + type + R"(,"model_id":true})", "id is not text"},
       {"an empty id", event_for(""), "the id is empty"},
       {"an id of a megabyte", event_for(std::string(1U << 20U, 'x')), "longer than 1024"},
       {"the folder above", event_for(".."), "dot segment"}});
  for (const Case& bad : cases) {
    INFO(bad.name);
    victim.rig.event(bad.text);
    const Letter letter = victim.letter();
    CHECK_THAT(letter.reason, Catch::Contains(bad.reason));
    CHECK(letter.reason.size() < 300);
    CHECK((letter.body == bad.text));
    victim.check_goes_on();
  }
  CHECK(victim.rig.acked.size() == 2 * cases.size());
}

TEST_CASE("a bad payload makes a dead letter of its event and leaves the entity as it was") {
  Victim victim;
  const std::string valid = R"({"id":"m","version":1,"name":"M"})";
  victim.rig.payloads["/api/v1/models/m"] = valid;
  victim.rig.event(event_for("m"));
  victim.check_goes_on();
  std::vector<Case> cases = bad_objects(valid);
  const std::string head = R"({"id":"m","version":2)";
  const std::string megabyte(1U << 20U, 'x');
  cases.insert(
      cases.end(),
      {{"another's id", R"({"id":"n","version":2})", "id"},
       {"no id", R"({"version":2})", "id"},
       {"a name that is an array", head + R"(,"name":["M"]})", "name"},
       {"a version that is text", R"({"id":"m","version":"2"})", "version"},
       {"a version that is a fraction", R"({"id":"m","version":2.5})", "version"},
       {"a version beyond 64 bits", R"({"id":"m","version":18446744073709551616})", "version"},
       {"owners that are one text", head + R"(,"owner_emails":"a@netflix.com"})", "owner_emails"},
       {"an owner that is a number", head + R"(,"owner_emails":[7]})", "owner_emails"},
       {"labels that are texts", head + R"(,"labels":["team"]})", "labels"},
       {"a name of a megabyte", head + R"(,"name":")" + megabyte + "\"}", "name"},
       {"a foreign key of a megabyte", head + R"(,"current_instance_id":")" + megabyte + "\"}",
        "current_instance_id"}});
  for (const Case& bad : cases) {
    INFO(bad.name);
    victim.rig.payloads["/api/v1/models/m"] = bad.text;
    victim.rig.event(event_for("m"));
    victim.check_goes_on();
    const Letter letter = victim.letter();
    CHECK_THAT(letter.reason, Catch::Contains(bad.reason));
    CHECK(letter.reason.size() < 300);
    CHECK((letter.body == bad.text));
    CHECK(victim.rig.fact(model_uri("m"), "version") == "1");
  }
  CHECK(victim.rig.acked.size() == 2 * cases.size() + 2);
}

TEST_CASE("ids and texts of any characters are stored as they are and found again") {
  Victim victim;
  const std::vector<std::pair<std::string, std::string>> ids = {
      {"it's \"quoted\"", "it%27s%20%22quoted%22"},
      {kInjection, "%27%3B%20DROP%20TABLE%20entity%3B%20--"},
      {"a/b/../c", "a%2Fb%2F..%2Fc"},
      {"?limit=1&cursor=x#y", "%3Flimit=1%26cursor=x%23y"},
      {"100%41", "100%2541"},
      {" ", "%20"},
      {"line\nbreak\ttab", "line%0Abreak%09tab"},
      {"m\xc3\xb6"
       "del-\xe2\x98\x83",
       "m%C3%B6del-%E2%98%83"},
      {"\xe2\x80\xae"
       "txt",
       "%E2%80%AEtxt"},
      {"\xf0\x9f\x92\xa9", "%F0%9F%92%A9"},
      {std::string(1024, 'x'), std::string(1024, 'x')}};
  for (const auto& [id, encoded] : ids) {
    INFO(id);
    victim.rig.payloads["/api/v1/models/" + encoded] =
        json{{"id", id}, {"version", 3}, {"name", id}, {"description", kInjection}}.dump();
    victim.rig.event(event_for(id));
    victim.check_goes_on();
    victim.no_letter();
    CHECK(victim.rig.fact(model_uri(encoded), "name") == id);
    CHECK(victim.rig.fact(model_uri(encoded), "description") == kInjection);
  }
  CHECK(victim.rig.live().size() == ids.size() + 1);
}

}  // namespace rehearse::mds
