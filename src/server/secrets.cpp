#include "server/secrets.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "server/project.h"

namespace tenon::server {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view key_variable = "TENON_SECRET_KEY";
constexpr std::size_t key_bytes = 32;

bool is_written(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

fs::path key_file(const Project& project) { return secrets_file(project).parent_path() / "secrets.key"; }

base::Result<base::Secret> read_key(const Project& project) {
  if (auto variable = project.environment.find(key_variable); variable && !variable->text.empty())
    return base::Secret(std::move(variable->text));
  const fs::path file = key_file(project);
  if (!is_written(file))
    return base::fail(base::code::config_reference_unresolved,
                      fmt::format("The key of the secrets is missing: {} is not set, and there is no {}.",
                                  key_variable, file.string()),
                      "set the variable to the key that the secrets were made with");
  auto text = base::read_file(file, base::secret_file_bytes_max);
  if (!text) return std::unexpected(text.error());
  while (text->ends_with('\n')) text->pop_back();
  if (text->empty())
    return base::fail(base::code::config_reference_unresolved, fmt::format("{} is empty.", file.string()));
  return base::Secret(*std::move(text));
}

}  // namespace

fs::path secrets_file(const Project& project) {
  const auto& given = project.config.secrets_file;
  return given ? project.folder / given->text : project.private_folder() / "secrets";
}

base::Result<identity::SecretStore> open_secrets(const Project& project) {
  const fs::path file = secrets_file(project);
  if (!is_written(file)) return identity::SecretStore();
  const auto text = base::read_file(file, base::secrets_bytes_max);
  if (!text) return std::unexpected(text.error());
  const auto key = read_key(project);
  if (!key) return std::unexpected(key.error());
  return identity::SecretStore::open(*text, *key);
}

base::Result<void> save_secrets(const Project& project, const identity::SecretStore& store) {
  const fs::path file = secrets_file(project);
  if (!project.config.secrets_file)
    if (auto made = make_private_folder(project); !made) return made;
  auto key = read_key(project);
  if (!key && !is_written(file) && !is_written(key_file(project))) {
    const std::string made = base::random_hex(key_bytes);
    if (auto written = base::write_file(key_file(project), made + "\n", base::FileAccess::owner); !written)
      return written;
    key = base::Secret(made);
  }
  if (!key) return std::unexpected(key.error());
  return base::write_file(file, store.seal(*key), base::FileAccess::owner);
}

}  // namespace tenon::server
