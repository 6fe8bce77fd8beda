// Makes a new cluster: the data folder of a server.
#pragma once

#include "local/server_kind.h"

namespace tenon::local {

// Makes layout.data() and layout.password(). The work is done under another name, renamed at the end: a
// cluster that was left half made is thrown away by the next call. `durable` false skips waiting for the
// disk.
base::Result<void> create_cluster(const ServerKind& kind, const Layout& layout,
                                  const Installation& installation, const std::optional<Account>& account,
                                  bool durable);

// How long the creating program may take.
inline constexpr std::chrono::milliseconds cluster_create_timeout{120'000};

}  // namespace tenon::local
