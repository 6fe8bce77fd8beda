#include "cli/completion.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace tenon::cli {

namespace {

struct Word {
  std::string text;
  std::string description;
  bool takes_value = false;
};

// What can follow after the words of `path`, which begins with a blank unless it is empty: " db start".
struct Place {
  std::string path;
  std::vector<Word> commands;
  std::vector<Word> options;
};

void add_options(const CLI::App& app, std::vector<Word>& options) {
  for (const CLI::Option* option : app.get_options()) {
    const bool takes_value = option->get_items_expected_max() > 0;
    for (const std::string& name : option->get_lnames())
      options.push_back({"--" + name, option->get_description(), takes_value});
    for (const std::string& name : option->get_snames())
      options.push_back({"-" + name, option->get_description(), takes_value});
  }
}

void add_places(const CLI::App& app, const std::string& path, std::vector<Place>& places) {
  Place place{.path = path};
  for (const CLI::App* command : app.get_subcommands({}))
    place.commands.push_back({command->get_name(), command->get_description()});
  add_options(app, place.options);
  // Options of the whole program may stand anywhere; --help is everybody's own.
  if (!places.empty())
    for (const Word& option : places.front().options)
      if (option.takes_value) place.options.push_back(option);
  places.push_back(std::move(place));
  for (const CLI::App* command : app.get_subcommands({}))
    add_places(*command, path + " " + command->get_name(), places);
}

std::vector<Place> places_of(const CLI::App& app) {
  std::vector<Place> places;
  add_places(app, "", places);
  return places;
}

// Inside '…' of a shell. fish understands \' there; bash and zsh want the quote closed and opened again.
std::string quoted(std::string_view text, std::string_view quote_in_quotes) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += quote_in_quotes;
    else
      out += c;
  }
  return out + "'";
}

constexpr std::string_view posix_quote = "'\\''";

// case patterns of all paths but the empty one: ' db'|' db start'
std::string path_patterns(const std::vector<Place>& places, std::string_view separator) {
  std::string out;
  for (const Place& place : places)
    if (!place.path.empty()) out += fmt::format("{}'{}'", out.empty() ? "" : separator, place.path);
  return out;
}

std::string words(const std::vector<Word>& list, bool only_with_value, char separator) {
  std::string out;
  for (const Word& word : list)
    if (!only_with_value || word.takes_value)
      out += (out.empty() ? "" : std::string(1, separator)) + word.text;
  return out;
}

// name:description pairs for zsh's _describe, where a colon is escaped.
std::string described(const std::vector<Word>& list) {
  std::string out;
  for (const Word& word : list) {
    std::string description;
    for (const char c : word.description) description += c == ':' ? "\\:" : std::string(1, c);
    out += " " + quoted(word.text + ":" + description, posix_quote);
  }
  return out;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  const auto places = places_of(app);
  std::string out = fmt::format(R"(# bash completion of tenon: put into ~/.bashrc
#   source <(tenon completion bash)
_tenon() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} at='' options='' commands='' values='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${{COMP_WORDS[i]}}" in
      {}) at="$at ${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$at" in
)",
                                path_patterns(places, "|"));
  for (const Place& place : places)
    out += fmt::format("    '{}') commands='{}' options='{}' values='{}' ;;\n", place.path,
                       words(place.commands, false, ' '), words(place.options, false, ' '),
                       words(place.options, true, ' '));
  out += R"(  esac
  COMPREPLY=()
  case " $values " in
    *" $prev "*) return ;;  # a file or folder, which bash completes
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$cur")) ;;
  esac
}
complete -o default -F _tenon tenon
)";
  return out;
}

std::string zsh_completion(const CLI::App& app) {
  const auto places = places_of(app);
  std::string out = fmt::format(R"(#compdef tenon
# zsh completion of tenon: put into ~/.zshrc
#   source <(tenon completion zsh)
_tenon() {{
  local at='' word
  local -a commands options
  for word in ${{words[2,CURRENT-1]}}; do
    case "$at $word" in
      {}) at="$at $word" ;;
    esac
  done
  case "$at" in
)",
                                path_patterns(places, "|"));
  for (const Place& place : places)
    out += fmt::format("    '{}') commands=({} ) options=({} ) ;;\n", place.path, described(place.commands),
                       described(place.options));
  out += R"(  esac
  if [[ $PREFIX == -* ]]; then
    _describe option options
  elif (( $#commands )); then
    _describe command commands
  else
    _files
  fi
}
(( $+functions[compdef] )) && compdef _tenon tenon
)";
  return out;
}

std::string fish_completion(const CLI::App& app) {
  const auto places = places_of(app);
  std::string out = fmt::format(R"(# fish completion of tenon: put into ~/.config/fish/config.fish
#   tenon completion fish | source
function __tenon_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case {}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
)",
                                path_patterns(places, " "));
  for (const Place& place : places) {
    for (const Word& command : place.commands)
      out += fmt::format("complete -c tenon -f -n \"__tenon_at '{}'\" -a {} -d {}\n", place.path,
                         command.text, quoted(command.description, "\\'"));
    for (const Word& option : place.options) {
      const bool is_long = option.text.starts_with("--");
      out += fmt::format("complete -c tenon -n \"__tenon_at '{}'\" {} {}{} -d {}\n", place.path,
                         is_long ? "-l" : "-s", option.text.substr(is_long ? 2 : 1),
                         option.takes_value ? " -r" : "", quoted(option.description, "\\'"));
    }
  }
  return out;
}

}  // namespace tenon::cli
