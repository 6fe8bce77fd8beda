// What the system tells about processes that this one did not start, and the small parsing that goes with it.
#pragma once

#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace tenon::local {

// The number at the beginning of `text`; 0 when there is none.
template <class T>
T to_number(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string> split_lines(std::string_view text);
std::string trimmed(std::string text);

bool is_alive(pid_t pid);

// Its arguments; none when it is gone, or dead and nobody waited for it.
std::vector<std::string> command_line(pid_t pid);

// Whether the process works in the folder `data`. In a container even root may not look at other users'
// processes that closely; then a command line that holds `arguments` one after the other decides.
bool works_in(pid_t pid, const std::filesystem::path& data, const std::vector<std::string>& arguments);

}  // namespace tenon::local
