// Errors that a user can mend: a file that is missing, a value of the wrong unit, a name that does
// not exist. They end the program with status 2. Everything else that is thrown is a bug (status
// 3).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace rehearse {

/// The place in the user's input that an error is about; empty parts are unknown.
struct Where {
  std::string file;      ///< as the user named it, or "--set" for a command-line override
  std::string pointer;   ///< JSON pointer (RFC 6901), for JSON input
  std::size_t line = 0;  ///< 1-based; 0 when unknown
  std::size_t column = 0;
};

/// Bad input. what() is one line: "FILE:LINE:COLUMN: POINTER: what was found; what is allowed".
class InputError : public std::runtime_error {
 public:
  InputError(Where where, std::string message);
  explicit InputError(const std::string& message) : InputError(Where{}, message) {}

  const Where& where() const { return where_; }
  const std::string& message() const { return message_; }

 private:
  Where where_;
  std::string message_;
};

}  // namespace rehearse
