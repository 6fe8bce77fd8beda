// The pages of --help, made from the tree of commands: what a command is for, its parts in aligned columns,
// and examples.
#pragma once

#include <string>
#include <string_view>

#include <CLI/App.hpp>

#include "base/terminal.h"

namespace tenon::cli {

std::string_view version();

// The groups of commands on the first page, in this order.
namespace group {
inline constexpr const char* start = "Start here";
inline constexpr const char* database = "Database";
inline constexpr const char* production = "Production";
inline constexpr const char* tools = "Tools";
}  // namespace group

// "tenon db start"
std::string full_name(const CLI::App& command);

class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(const base::Terminal& terminal) : terminal_(terminal) {}
  // A command's footer is its examples: lines "tenon …" with an explanation behind "  # ".
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;

 private:
  base::Terminal terminal_;
};

}  // namespace tenon::cli
