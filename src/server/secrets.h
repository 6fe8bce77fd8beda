// The project's own secrets: `secret:NAME` in tenon.toml, `tenon secret` on the command line.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "identity/secret_store.h"

namespace tenon::server {

struct Project;

// [secrets] file, else .tenon/secrets.
std::filesystem::path secrets_file(const Project& project);

// Fails with TN1007 when there is a file that the key does not open, and with TN1002 when there is none of a
// key: TENON_SECRET_KEY, else the file secrets.key beside the secrets. Without any file the store is empty.
base::Result<identity::SecretStore> open_secrets(const Project& project);

// Readable to the owner alone. Makes a key, and its file, for the first secret of a project that has none.
base::Result<void> save_secrets(const Project& project, const identity::SecretStore& store);

}  // namespace tenon::server
