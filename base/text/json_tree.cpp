#include "base/text/json_tree.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace rehearse {

using nlohmann::ordered_json;

std::string json_document(const ordered_json& tree) {
  constexpr int kIndent = 2;
  return tree.dump(kIndent, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json json_number(const std::optional<double>& value) {
  if (!value) return nullptr;
  if (std::isinf(*value)) return *value > 0 ? "+Inf" : "-Inf";
  return *value;
}

}  // namespace rehearse
