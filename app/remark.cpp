#include "app/remark.hpp"

#include <fmt/format.h>

#include <iostream>

#include "base/text/wrap.hpp"

namespace rehearse::app {

void remark(std::string_view text) { std::cerr << wrapped("rehearse: ", text); }

std::string written_text(const std::string& folder, const std::vector<std::string>& names) {
  constexpr std::size_t kIndent = 2;
  return wrapped("Wrote to " + folder + ": ", fmt::format("{}", fmt::join(names, " ")), kIndent);
}

}  // namespace rehearse::app
