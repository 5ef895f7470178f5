#include "app/remark.hpp"

#include <iostream>

#include "base/text/wrap.hpp"

namespace rehearse::app {

void remark(std::string_view text) { std::cerr << wrapped("rehearse: ", text); }

}  // namespace rehearse::app
