#include "local/cluster.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "base/hash.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t password_bytes = 16;
constexpr std::string_view unfinished = "data.new-";
constexpr std::string_view needs_space =
    "A new cluster needs about 40 MB (PostgreSQL) or 120 MB (MariaDB). Free some space and try again.";

void remove_unfinished(const fs::path& home) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(home, ignored))
    if (entry.path().filename().string().starts_with(unfinished)) fs::remove_all(entry.path(), ignored);
}

// The last line that says something.
std::string last_complaint(std::string_view output) {
  std::string found;
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    if (line.find("error") != line.npos || line.find("FATAL") != line.npos ||
        line.find("ERROR") != line.npos || line.find("could not") != line.npos)
      found = line;
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return found;
}

// What a person should know about it, from its exit and output.
base::Error explain_failed_creation(std::string_view creator, const Outcome& outcome, const fs::path& home) {
  base::Error error{.code = base::code::cluster_create_failed, .place = {}};
  if (outcome.output.find("No space left on device") != std::string::npos) {
    error.message = fmt::format("The disk is full: no local database could be made in {}.", home.string());
    error.help = std::string(needs_space);
  } else if (outcome.output.find("Disk quota exceeded") != std::string::npos) {
    error.message =
        fmt::format("The disk quota is used up: no local database could be made in {}.", home.string());
    error.help = std::string(needs_space);
  } else if (outcome.timed_out) {
    error.message =
        fmt::format("{} did not finish within {} seconds.", creator,
                    std::chrono::duration_cast<std::chrono::seconds>(cluster_create_timeout).count());
    error.help = "The disk may be very slow. Try again; nothing is left behind.";
  } else {
    const std::string complaint = last_complaint(outcome.output);
    error.message = fmt::format("{} could not make a local database in {}.", creator, home.string());
    error.help = complaint.empty() ? fmt::format("It ended with exit code {}.", outcome.exit_code)
                                   : "It said: " + complaint;
  }
  return error;
}

}  // namespace

base::Result<void> create_cluster(const ServerKind& kind, const Layout& layout,
                                  const Installation& installation, const std::optional<Account>& account,
                                  bool durable) {
  remove_unfinished(layout.home);
  const fs::path fresh = layout.home / (std::string(unfinished) + base::random_hex(4));
  const std::string password = base::random_hex(password_bytes);
  // The creating program reads the password from a file that its account owns; the one that stays is the
  // caller's.
  const fs::path handed = layout.home / "password.handed";
  if (auto written = hand_small_file(handed, password + "\n", account); !written) return written;
  const Outcome outcome = kind.create({.layout = layout,
                                       .installation = installation,
                                       .data = fresh,
                                       .password_file = handed,
                                       .account = account,
                                       .durable = durable});
  ::unlink(handed.c_str());
  if (!outcome.ok()) {
    remove_unfinished(layout.home);
    return std::unexpected(explain_failed_creation(kind.creator(installation), outcome, layout.home));
  }
  // The password first: a cluster under its final name always has one.
  if (auto written = write_small_file(layout.password(), password + "\n"); !written) return written;
  std::error_code error;
  fs::remove_all(layout.data(), error);
  if (!error) fs::rename(fresh, layout.data(), error);
  if (error)
    return base::fail(
        base::code::cluster_create_failed,
        fmt::format("Cannot move the new cluster to {}: {}.", layout.data().string(), error.message()));
  return {};
}

}  // namespace tenon::local
