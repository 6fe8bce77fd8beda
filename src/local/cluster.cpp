#include "local/cluster.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "base/hash.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds create_timeout{120'000};
constexpr std::size_t password_bytes = 16;
constexpr std::string_view unfinished = "data.new-";

void remove_unfinished(const fs::path& home) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(home, ignored))
    if (entry.path().filename().string().starts_with(unfinished)) fs::remove_all(entry.path(), ignored);
}

// The last line that says something, without initdb's own prefix.
std::string last_complaint(std::string_view output) {
  std::string found;
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    if (line.find("error") != line.npos || line.find("FATAL") != line.npos ||
        line.find("could not") != line.npos)
      found = line;
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return found;
}

}  // namespace

base::Error explain_failed_creation(const Outcome& outcome, const fs::path& home) {
  base::Error error{.code = base::code::cluster_create_failed, .place = {}};
  if (outcome.output.find("No space left on device") != std::string::npos) {
    error.message = fmt::format("The disk is full: no local database could be made in {}.", home.string());
    error.help = "A new cluster needs about 40 MB. Free some space and try again.";
  } else if (outcome.output.find("Disk quota exceeded") != std::string::npos) {
    error.message =
        fmt::format("The disk quota is used up: no local database could be made in {}.", home.string());
    error.help = "A new cluster needs about 40 MB. Free some space and try again.";
  } else if (outcome.timed_out) {
    error.message = fmt::format("initdb did not finish within {} seconds.",
                                std::chrono::duration_cast<std::chrono::seconds>(create_timeout).count());
    error.help = "The disk may be very slow. Try again; nothing is left behind.";
  } else {
    const std::string complaint = last_complaint(outcome.output);
    error.message = fmt::format("initdb could not make a local database in {}.", home.string());
    error.help = complaint.empty() ? fmt::format("It ended with exit code {}.", outcome.exit_code)
                                   : "It said: " + complaint;
  }
  return error;
}

base::Result<void> create_cluster(const Layout& layout, const PostgresBinaries& binaries,
                                  const std::optional<Account>& account, bool durable) {
  remove_unfinished(layout.home);
  const fs::path fresh = layout.home / (std::string(unfinished) + base::random_hex(4));
  const std::string password = base::random_hex(password_bytes);
  // initdb reads the password from a file that its account owns; the one that stays is the caller's.
  const fs::path handed = layout.home / "password.initdb";
  if (auto written = write_small_file(handed, password + "\n"); !written) return written;
  if (account && ::chown(handed.c_str(), account->uid, account->gid) != 0)
    return base::fail(base::code::cluster_create_failed, fmt::format("Cannot change the owner of {}: {}.",
                                                                     handed.string(), std::strerror(errno)));

  Command command{
      .arguments = {(binaries.folder / "initdb").string(), "--pgdata=" + fresh.string(),
                    "--username=postgres", "--pwfile=" + handed.string(), "--auth=scram-sha-256",
                    "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C", "--no-instructions"},
      .folder = layout.home,
      .account = account};
  if (!durable) command.arguments.emplace_back("--no-sync");
  const Outcome outcome = run(command, create_timeout);
  ::unlink(handed.c_str());
  if (!outcome.ok()) {
    remove_unfinished(layout.home);
    return std::unexpected(explain_failed_creation(outcome, layout.home));
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
