#include "reports/gnuplot.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/os/child_process.hpp"

namespace rehearse::reports {

std::string gnuplot_svg(const std::string& script) {
  const os::ProgramResult drawn = os::run_program({"gnuplot", "--default-settings", "-"}, script);
  if (!drawn.started) {
    throw InputError("gnuplot is not installed (Debian package gnuplot-nox); it draws the plots");
  }
  if (drawn.status != 0 || drawn.output.find("</svg>") == std::string::npos) {
    throw InputError(fmt::format("gnuplot failed with status {}: {}", drawn.status, drawn.errors));
  }
  return drawn.output;
}

std::string gnuplot_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

}  // namespace rehearse::reports
