// Settings of a lifecycle that the format has and this version cannot run. To ignore them would be
// to lie.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/config.hpp"

namespace rehearse::models {

/// Throws InputError that says so of what stands at the node.
[[noreturn]] void fail_not_built(const config::Node& node, const std::string& what);

/// Throws InputError for the first of these keys that the object has.
void refuse_not_built(const config::Object& object, std::initializer_list<std::string_view> keys);

}  // namespace rehearse::models
