#include "rollout/metric_set_pairs.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/config.hpp"
#include "base/data_json.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::rollout {
namespace {

using nlohmann::json;

const json& list_of(const json& root, const std::string& file, std::string& pointer) {
  if (root.is_array()) return root;
  if (root.is_object() && root.contains("metricSetPairList") && root.contains("results")) {
    data::refuse_json(file, "", "\"metricSetPairList\" or \"results\" is due, not both");
  }
  for (const char* key : {"metricSetPairList", "results"}) {
    if (!root.is_object() || !root.contains(key) || !root[key].is_array()) continue;
    pointer = std::string("/") + key;
    return root[key];
  }
  data::refuse_json(file, "",
                    "a list of metric set pairs is due, alone or in \"metricSetPairList\"");
}

std::vector<double> read_side(const json& values, const char* side, const std::string& file,
                              const std::string& pointer) {
  const json& list = data::member(values, side, file, pointer);
  const std::string place = pointer + "/" + side;
  std::vector<double> result;
  if (list.is_null()) return result;
  if (!list.is_array()) data::refuse_json(file, place, "a list of values is due");
  for (std::size_t i = 0; i < list.size(); ++i) {
    result.push_back(data::value_of(list[i], file, place + "/" + std::to_string(i)));
  }
  return result;
}

MetricSetPair read_pair(const json& one, const std::string& file, const std::string& pointer) {
  MetricSetPair pair;
  const json& name = data::member(one, "name", file, pointer);
  if (!name.is_string()) data::refuse_json(file, pointer + "/name", "a string is due");
  pair.name = name.get<std::string>();
  if (const auto tags = one.find("tags"); tags != one.end() && !tags->is_null()) {
    if (!tags->is_object()) data::refuse_json(file, pointer + "/tags", "an object is due");
    for (const auto& [key, value] : tags->items()) {
      if (!value.is_string()) {
        data::refuse_json(file, pointer + "/tags/" + config::escaped_key(key), "a string is due");
      }
      pair.tags[key] = value.get<std::string>();
    }
  }
  const json& values = data::member(one, "values", file, pointer);
  pair.control = read_side(values, "control", file, pointer + "/values");
  pair.experiment = read_side(values, "experiment", file, pointer + "/values");
  return pair;
}

}  // namespace

std::vector<MetricSetPair> read_metric_set_pairs(const std::filesystem::path& path) {
  const json root = data::load_json(path);
  const std::string file = path.string();
  std::string pointer;
  const json& list = list_of(root, file, pointer);
  std::vector<MetricSetPair> pairs;
  std::set<std::pair<std::string, data::Tags>> known;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = pointer + "/" + std::to_string(i);
    pairs.push_back(read_pair(list[i], file, place));
    if (!known.emplace(pairs.back().name, pairs.back().tags).second) {
      data::refuse_json(
          file, place,
          "a second pair of " + printable(data::full_name(pairs.back().name, pairs.back().tags)));
    }
  }
  return pairs;
}

}  // namespace rehearse::rollout
