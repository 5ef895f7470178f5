// Something in a canary configuration that does not do what its author may think, or that nothing
// is done about.
#pragma once

#include <string>

namespace rehearse::rollout {

enum class Weight {
  note,       ///< read, and of no use to a judge
  warning,    ///< probably not meant
  voids_pass  ///< a pass would not mean what the configuration asks for
};

struct Warning {
  std::string subject;  ///< "metric NAME", "group NAME" or "configuration"
  std::string code;     ///< stable, for example "nan-passes"
  std::string message;
  Weight weight = Weight::warning;
};

}  // namespace rehearse::rollout
