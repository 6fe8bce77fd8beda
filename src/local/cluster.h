// Makes a database cluster with initdb.
#pragma once

#include "local/layout.h"

namespace tenon::local {

// Makes layout.data() and layout.password(). The work is done under another name, renamed at the end: a
// cluster that was left half made is thrown away by the next call. `durable` false skips waiting for the
// disk.
base::Result<void> create_cluster(const Layout& layout, const PostgresBinaries& binaries,
                                  const std::optional<Account>& account, bool durable);

// What a person should know about a failed initdb, from its exit and output.
base::Error explain_failed_creation(const Outcome& outcome, const std::filesystem::path& home);

}  // namespace tenon::local
