// Kayenta's metric set pairs: a metric's values on both sides, as it archives them with a
// judgement.
//
// A list of {"name", "tags", "values": {"control": [...], "experiment": [...]}}, alone or inside
// "metricSetPairList" or "results". A missing point is null or "NaN"; the sides are one grid of
// times already. Other members (id, scopes, attributes) are let through.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/data_table.hpp"

namespace rehearse::rollout {

struct MetricSetPair {
  std::string name;
  data::Tags tags;
  std::vector<double> control;
  std::vector<double> experiment;
};

/// Throws InputError with file and JSON pointer.
std::vector<MetricSetPair> read_metric_set_pairs(const std::filesystem::path& path);

}  // namespace rehearse::rollout
