// The certificate authority of a database's server, which tenon.toml names by reference.
#pragma once

#include "base/error.h"
#include "sql/url.h"

namespace tenon::server {

struct Project;

// The URL with `ca` of the project's database as sslrootcert, unless it names one itself; and with
// sslmode=verify-full, unless it says how far to trust. Clients of databases take a file: what is kept
// elsewhere is written to .tenon/, readable to the owner alone. Fails with TN1001, TN1002 or TN1004.
base::Result<sql::DatabaseUrl> with_authority(const Project& project, sql::DatabaseUrl url);

}  // namespace tenon::server
