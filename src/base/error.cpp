#include "base/error.h"

namespace tenon::base {

std::string to_string(const Error& error) {
  std::string text;
  if (!error.place.empty()) text += error.place + ": ";
  text += std::string(error.code.text) + ": " + error.message;
  if (!error.help.empty()) text += "\n  " + error.help;
  return text;
}

}  // namespace tenon::base
