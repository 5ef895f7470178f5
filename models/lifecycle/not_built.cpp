#include "models/lifecycle/not_built.hpp"

namespace rehearse::models {

void fail_not_built(const config::Node& node, const std::string& what) {
  config::fail(node, what + " is not built yet: this version of Rehearse cannot run it");
}

void refuse_not_built(const config::Object& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const config::Node* node = object.node().find(key)) {
      fail_not_built(*node, "\"" + std::string(key) + "\"");
    }
  }
}

}  // namespace rehearse::models
