#include "bench/reference/measures.h"

#include <algorithm>
#include <cstdio>

#include <time.h>

namespace tenon::bench {

double own_cpu() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double cpu_of(const std::string& process) {
  const std::string path = "/proc/" + process + "/schedstat";
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return 0;
  unsigned long long nanoseconds = 0;
  if (std::fscanf(file, "%llu", &nanoseconds) != 1) nanoseconds = 0;
  std::fclose(file);
  return static_cast<double>(nanoseconds) / 1e3;
}

double percentile(std::vector<float>& milliseconds, double share) {
  if (milliseconds.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(milliseconds.size() - 1));
  std::nth_element(milliseconds.begin(), milliseconds.begin() + at, milliseconds.end());
  return static_cast<double>(milliseconds[static_cast<std::size_t>(at)]);
}

void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    char escaped[8];
    if (c >= 0x20)
      std::snprintf(escaped, sizeof escaped, "\\%c", c);
    else
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
    out.append(escaped);
  }
  out.append(text, from);
  out.push_back('"');
}

}  // namespace tenon::bench
