// Whether a person looks at what the program prints.
#pragma once

namespace rehearse::os {

enum class Output { results, diagnostics };  ///< standard output, standard error

/// It goes to a terminal.
bool is_terminal(Output output);

/// It goes to a terminal, and the user has not refused colours (NO_COLOR, no-color.org).
bool wants_colour(Output output);

}  // namespace rehearse::os
