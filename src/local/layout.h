// Where a project-local server keeps what. `folder` is the one of the project (.tenon/postgres). Its content
// lies in `home`, which is the same folder unless the account that runs the server cannot enter it
// (a root user's checkout under /root): then it is a folder of the system, and `folder` holds a note of it.
//
//   <folder>.lock  held by whoever starts, stops or removes
//   home/data      the cluster            home/password  of the superuser, mode 0600
//   home/log       of the server          home/port      of the last start, taken again when it is free
//   home/running   locked by the server's processes as long as one of them lives
//   home/tmp       of a MariaDB, which removes all such files beside its own when it starts
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "local/process.h"

namespace tenon::local {

class ServerKind;
struct Installation;

struct Layout {
  std::filesystem::path folder;
  std::filesystem::path home;

  std::filesystem::path data() const { return home / "data"; }
  std::filesystem::path log() const { return home / "log"; }
  std::filesystem::path password() const { return home / "password"; }
  std::filesystem::path port() const { return home / "port"; }
  std::filesystem::path running() const { return home / "running"; }
  std::filesystem::path temporary() const { return home / "tmp"; }
};

// The project's folder as an absolute path without symbolic links.
std::filesystem::path absolute_folder(const std::filesystem::path& folder);

// Where the content of `folder` lies, or would be looked for.
Layout find_layout(const std::filesystem::path& folder);

// The account a server in `layout` runs as: absent when it is the caller's own. For root the owner of an
// existing cluster, or else the kind's; TN2006 when there is no such account.
base::Result<std::optional<Account>> server_account(const ServerKind& kind, const Layout& layout);

// Makes the folder and the home, and chooses the latter so that `account` can work in it with `installation`.
base::Result<Layout> prepare_layout(const ServerKind& kind, const std::filesystem::path& folder,
                                    const std::optional<Account>& account, const Installation& installation);

// A folder of its own for `account`, or for the caller when there is none, mode 0700. Refuses one that
// belongs to somebody else: under /tmp anybody could have made it.
base::Result<void> make_private_folder(const std::filesystem::path& path,
                                       const std::optional<Account>& account);

// A private folder for the server's socket, short enough for the system's limit on socket paths.
base::Result<std::filesystem::path> prepare_socket_folder(const ServerKind& kind, const Layout& layout,
                                                          const std::optional<Account>& account);

// Small state files. Written under another name and renamed, so that none is ever seen half written.
std::optional<std::string> read_small_file(const std::filesystem::path& path);
base::Result<void> write_small_file(const std::filesystem::path& path, std::string_view text);
// The same for a file that only `account`, or the caller when there is none, may read.
base::Result<void> hand_small_file(const std::filesystem::path& path, std::string_view text,
                                   const std::optional<Account>& account);

}  // namespace tenon::local
