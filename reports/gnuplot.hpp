// Drawing with gnuplot: a script goes in, an SVG comes out, and its bytes depend on the script
// alone.
#pragma once

#include <string>
#include <string_view>

namespace rehearse::reports {

/// Runs gnuplot without the user's settings. Throws InputError when it is not installed or fails.
std::string gnuplot_svg(const std::string& script);

/// Text in single quotes, where only the quote is special; control characters become spaces.
std::string gnuplot_text(std::string_view text);

}  // namespace rehearse::reports
