// Commands of other programs, run for a project.
#pragma once

#include <filesystem>
#include <string>

#include "sql/url.h"

namespace tenon::cli {

// By the shell, in `folder`, with the terminal and DATABASE_URL; its exit code.
int run_by_shell(const std::string& command, const std::filesystem::path& folder, const std::string& url);

// As other programs read it, with its password.
std::string url_text(const sql::DatabaseUrl& url);

}  // namespace tenon::cli
