#include "explore/system/property.hpp"

#include <array>

namespace rehearse::explore {
namespace {

constexpr std::array<std::string_view, kProperties> kNames = {
    "facts", "acknowledged", "last-verified", "last-enriched", "P1",
    "P2",    "stubs",        "answers",       "index",         "order"};

}  // namespace

std::string_view name_of(Property property) { return kNames[static_cast<std::size_t>(property)]; }

std::vector<std::string> property_names() { return {kNames.begin(), kNames.end()}; }

}  // namespace rehearse::explore
