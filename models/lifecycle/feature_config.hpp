// The features of a model, and how other settings of it name them: by number from 0 on, or by name.
//
//   "features": 8                                    eight, called x0 to x7
//   "features": [{"name": "age"}, {"name": "recency", "reacts": 0.5}]
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "learning/training_window.hpp"

namespace rehearse::models {

struct Features {
  std::vector<std::string> names;
  std::vector<learning::FeatureTraits> traits;  ///< empty where none reacts

  std::size_t count() const { return names.size(); }
};

/// Throws InputError.
Features parse_features(config::Object& model);

/// The number of the feature that stands there. Throws InputError for one that is not there.
std::size_t to_feature(const config::Node& node, const Features& features);
/// The same of a list of different ones, at least one.
std::vector<std::size_t> to_features(const config::Node& node, const Features& features);

}  // namespace rehearse::models
