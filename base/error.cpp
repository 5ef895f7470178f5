#include "base/error.hpp"

#include <utility>

namespace rehearse {
namespace {

std::string describe(const Where& where, const std::string& message) {
  std::string text = where.file;
  if (where.line > 0) {
    text += ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
  }
  if (!where.pointer.empty()) text += (text.empty() ? "" : ": ") + where.pointer;
  return text.empty() ? message : text + ": " + message;
}

}  // namespace

InputError::InputError(Where where, std::string message)
    : std::runtime_error(describe(where, message)),
      where_(std::move(where)),
      message_(std::move(message)) {}

}  // namespace rehearse
