// Where installed server programs may lie.
#pragma once

#include <functional>

#include "local/server_kind.h"

namespace tenon::local {

// What a program writes when it is called with --version; empty when that fails.
std::string version_banner(const std::filesystem::path& program);

// The folders of PATH that are absolute.
std::vector<std::filesystem::path> path_folders();

// <root>/<version>/<rest>, as distributions and installers lay versions side by side; of the names in `root`
// only those that begin with `prefix`.
std::vector<std::filesystem::path> version_folders(const std::filesystem::path& root, std::string_view prefix,
                                                   const std::filesystem::path& rest);

// The folder the environment variable names, and no other: who names one wants that one.
std::optional<std::filesystem::path> named_folder(const char* variable);

// Every usable installation in the folders, each folder once, the better first and equal ones as their
// folders come. `look` says what a folder holds.
using Look = std::function<std::optional<Installation>(const std::filesystem::path& folder)>;
using Better = std::function<bool(const Installation& one, const Installation& other)>;
std::vector<Installation> installations_in(const std::vector<std::filesystem::path>& folders,
                                           const Look& look, const Better& better);

// Versions such as "10.11" by their numbers.
bool is_older(std::string_view version, std::string_view other);

}  // namespace tenon::local
