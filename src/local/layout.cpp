#include "local/layout.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "local/descriptor.h"
#include "local/server_kind.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t small_file_bytes_max = 4096;
constexpr std::size_t socket_path_bytes_max = 107;  // sun_path of struct sockaddr_un, without its NUL
constexpr std::chrono::milliseconds probe_timeout{10'000};

std::string short_hash(const fs::path& path) {
  const auto digest = base::sha256(path.string());
  return base::hex({reinterpret_cast<const char*>(digest.data()), 8});
}

// Where the content goes when the server's account cannot enter the project's folder.
std::vector<fs::path> system_homes(const fs::path& folder) {
  const std::string name = short_hash(folder);
  return {fs::path("/var/lib/tenon") / name, fs::path("/var/tmp") / ("tenon-" + name)};
}

base::Result<Account> account_of(const ServerKind& kind, const passwd* entry, std::string_view wanted) {
  if (entry == nullptr)
    return base::fail(
        base::code::unprivileged_user_missing,
        fmt::format("{} refuses to run as root, and there is no user {} to run it as.", kind.name(), wanted),
        fmt::format("{}, or run tenon as an ordinary user.", kind.account_help()));
  Account account{.name = entry->pw_name, .uid = entry->pw_uid, .gid = entry->pw_gid};
  int count = 64;
  account.groups.resize(static_cast<std::size_t>(count));
  if (::getgrouplist(entry->pw_name, entry->pw_gid, account.groups.data(), &count) < 0) count = 0;
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

base::Result<void> failed(const fs::path& path, std::string_view what, int error) {
  return base::fail(base::code::cluster_create_failed,
                    fmt::format("Cannot {} {}: {}.", what, path.string(), std::strerror(error)));
}

// Whether the account can enter the folder and start the server's programs.
bool can_work_in(const fs::path& home, const Account& account, const Installation& installation) {
  return run({.arguments = {installation.program.string(), "--version"}, .folder = home, .account = account},
             probe_timeout)
      .ok();
}

base::Result<Layout> prepare_system_home(const fs::path& folder, const Account& account,
                                         const Installation& installation) {
  base::Result<void> made;
  for (const fs::path& home : system_homes(folder)) {
    std::error_code ignored;
    if (home.parent_path().filename() == "tenon" && fs::create_directories(home.parent_path(), ignored))
      ::chmod(home.parent_path().c_str(), 0755);
    made = make_private_folder(home, account);
    if (!made || !can_work_in(home, account, installation)) continue;
    if (auto noted = write_small_file(folder / "location", home.string() + "\n"); !noted)
      return std::unexpected(noted.error());
    return Layout{.folder = folder, .home = home};
  }
  if (!made) return std::unexpected(made.error());
  return base::fail(base::code::cluster_create_failed,
                    fmt::format("The user {} can work neither in {} nor in /var/lib/tenon or /var/tmp.",
                                account.name, folder.string()),
                    "Keep the project where that user can enter, or run tenon as an ordinary user.");
}

}  // namespace

fs::path absolute_folder(const fs::path& folder) {
  std::error_code error;
  fs::path found = fs::weakly_canonical(fs::absolute(folder), error);
  return error ? fs::absolute(folder).lexically_normal() : found;
}

base::Result<void> make_private_folder(const fs::path& path, const std::optional<Account>& account) {
  const uid_t owner = account ? account->uid : ::geteuid();
  const bool made = ::mkdir(path.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return failed(path, "create", errno);
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat found{};
  if (!folder || ::fstat(folder.get(), &found) != 0) return failed(path, "open", errno);
  if (found.st_uid != owner) {
    if (found.st_uid != ::geteuid())
      return base::fail(base::code::cluster_create_failed,
                        fmt::format("The folder {} belongs to another user.", path.string()),
                        "Run tenon as that user, or remove the folder.");
    if (::fchown(folder.get(), owner, account->gid) != 0) return failed(path, "change the owner of", errno);
  }
  if (::fchmod(folder.get(), 0700) != 0) return failed(path, "change the mode of", errno);
  return {};
}

Layout find_layout(const fs::path& folder) {
  Layout layout{.folder = folder, .home = folder};
  // The note counts only when it names one of this folder's own places: that of a copied project does not.
  if (const auto note = read_small_file(folder / "location"))
    for (const fs::path& home : system_homes(folder))
      if (*note == home.string() + "\n") layout.home = home;
  return layout;
}

base::Result<std::optional<Account>> server_account(const ServerKind& kind, const Layout& layout) {
  if (::geteuid() != 0) return std::nullopt;
  struct stat data{};
  if (::stat(layout.data().c_str(), &data) == 0 && data.st_uid != 0) {
    auto owner = account_of(kind, ::getpwuid(data.st_uid), std::to_string(data.st_uid));
    if (!owner) return std::unexpected(owner.error());
    return *owner;
  }
  auto account = account_of(kind, ::getpwnam(std::string(kind.account()).c_str()), kind.account());
  if (!account) return std::unexpected(account.error());
  return *account;
}

base::Result<Layout> prepare_layout(const ServerKind& kind, const fs::path& folder,
                                    const std::optional<Account>& account, const Installation& installation) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return std::unexpected(failed(folder, "create", error.value()).error());
  const Layout found = find_layout(folder);
  if (kind.has_cluster(found)) return found;
  if (!account) {
    if (auto made = make_private_folder(folder, account); !made) return std::unexpected(made.error());
    return Layout{.folder = folder, .home = folder};
  }
  // Root first tries the project's own folder.
  if (auto made = make_private_folder(folder, account); made && can_work_in(folder, *account, installation))
    return Layout{.folder = folder, .home = folder};
  if (::chown(folder.c_str(), ::geteuid(), ::getegid()) != 0)
    return std::unexpected(failed(folder, "own", errno).error());
  return prepare_system_home(folder, *account, installation);
}

base::Result<fs::path> prepare_socket_folder(const ServerKind& kind, const Layout& layout,
                                             const std::optional<Account>& account) {
  const auto fits = [&](const fs::path& folder) {
    return folder.string().size() + 1 + kind.longest_socket_name().size() <= socket_path_bytes_max;
  };
  const fs::path usual = layout.home / "socket";
  if (fits(usual)) {
    if (auto made = make_private_folder(usual, account); !made) return std::unexpected(made.error());
    return usual;
  }
  const std::string name = "tenon-" + short_hash(layout.home);
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (!account && runtime != nullptr && *runtime == '/') {
    const fs::path own = fs::path(runtime) / name;
    if (fits(own) && make_private_folder(own, account)) return own;
  }
  // The user's number keeps two users of one checkout apart.
  const fs::path shared = fmt::format("/tmp/{}-{}", name, account ? account->uid : ::geteuid());
  if (make_private_folder(shared, account)) return shared;
  // Somebody else sits on that name.
  std::string fresh = "/tmp/tenon-XXXXXX";
  if (::mkdtemp(fresh.data()) == nullptr) return std::unexpected(failed(fresh, "create", errno).error());
  if (auto made = make_private_folder(fresh, account); !made) return std::unexpected(made.error());
  return fs::path(fresh);
}

std::optional<std::string> read_small_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return std::nullopt;
  std::string text(small_file_bytes_max, '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return text;
}

base::Result<void> hand_small_file(const fs::path& path, std::string_view text,
                                   const std::optional<Account>& account) {
  const fs::path fresh = path.string() + ".new";
  ::unlink(fresh.c_str());
  Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return failed(fresh, "create", errno);
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written < 0) return failed(fresh, "write", errno);
  if (static_cast<std::size_t>(written) != text.size()) return failed(fresh, "write", ENOSPC);
  if (account && ::fchown(file.get(), account->uid, account->gid) != 0)
    return failed(fresh, "change the owner of", errno);
  file.close();
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed(path, "write", errno);
  return {};
}

base::Result<void> write_small_file(const fs::path& path, std::string_view text) {
  return hand_small_file(path, text, std::nullopt);
}

}  // namespace tenon::local
