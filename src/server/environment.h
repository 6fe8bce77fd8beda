// Variables of the process and of .env files, as one value that commands are given.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tenon::server {

using Variables = std::map<std::string, std::string, std::less<>>;

class Environment {
 public:
  Environment() = default;
  explicit Environment(Variables variables) : process_(std::move(variables)) {}
  // Of this process.
  static Environment of_process();

  // Adds the variables of a .env file, unless it is missing or above 1 MB. What the process or an earlier
  // file has stays: as with dotenv and Prisma.
  void add_dotenv_file(const std::filesystem::path& path);

  struct Value {
    std::string text;
    std::string origin;  // of what it was read: "the environment" or the file's path
    bool of_process = false;
  };
  std::optional<Value> find(std::string_view name) const;

 private:
  Variables process_;
  std::map<std::string, Value, std::less<>> files_;
};

// The assignments of a .env text in dotenv's grammar: NAME=value, `export`, comments, '…' and `…` as they
// are, "…" with \n, \r and line breaks. ${NAME} and $NAME in unquoted and "…" values become what `known` or
// an earlier assignment holds, \$ stays a dollar sign. Lines that are none of this are passed over.
Variables parse_dotenv(std::string_view text, const Variables& known);

}  // namespace tenon::server
