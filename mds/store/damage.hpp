// The file is a graph store, but what it holds cannot have been written by one: bytes that do not
// decode, numbers that nothing has. A user's error like a file that is no store, told apart from it
// because looking for such damage is what a check is for.
#pragma once

#include "base/error.hpp"

namespace rehearse::mds {

class DamagedStore : public InputError {
 public:
  using InputError::InputError;
};

}  // namespace rehearse::mds
