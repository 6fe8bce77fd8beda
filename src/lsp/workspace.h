// The texts that editors have open over those on the disk, and what each set of schema files means. A change
// makes the set anew on the next question; nothing is patched.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "lsp/position.h"
#include "lsp/symbols.h"
#include "psl/check/check.h"

namespace tenon::lsp {

// What the server asks of the machine.
struct Disk {
  // The files of the schema that the file at `path` is part of, sorted, itself included; empty when it is
  // part of none.
  std::function<std::vector<std::string>(const std::string& path)> schema_files;
  std::function<std::optional<std::string>(const std::string& path)> read;
};

// One set of schema files, understood. It lies where it is for its life: symbols point into it.
struct Analysis {
  std::vector<std::string> paths;
  base::SourceSet sources;  // file i is source i
  base::Diagnostics diagnostics;
  psl::CheckedSchema schema;
  SymbolTable symbols;
  std::vector<LineIndex> lines;

  std::optional<base::SourceId> find(std::string_view path) const;
  const LineIndex& lines_of(base::SourceId source) const { return lines[source.value]; }
  const psl::Tree& tree_of(base::SourceId source) const { return schema.trees[source.value]; }
};

struct TextChange {
  std::optional<Range> range;  // absent: all of the text
  std::string text;
};

class Workspace {
 public:
  explicit Workspace(Disk disk) : disk_(std::move(disk)) {}

  // False when too many are open.
  bool open(const std::string& path, const std::string& uri, std::int64_t version, std::string text);
  void change(const std::string& path, std::int64_t version, const std::vector<TextChange>& changes);
  void close(const std::string& path);
  // Files or settings on the disk have changed.
  void forget_disk();

  bool is_open(const std::string& path) const { return documents_.contains(path); }
  std::vector<std::string> open_paths() const;
  // As the editor writes it.
  std::string uri(const std::string& path) const;
  std::optional<std::int64_t> version(const std::string& path) const;

  // The schema that the file is part of; valid until the next change. Never null.
  const Analysis& analysis_of(const std::string& path);

 private:
  struct Document {
    std::string uri;
    std::int64_t version = 0;
    std::string text;
  };

  const std::vector<std::string>& files_of(const std::string& path);
  std::string text_of(const std::string& path);
  void invalidate(const std::string& path);

  Disk disk_;
  std::map<std::string, Document> documents_;
  std::map<std::string, std::vector<std::string>> files_;      // by any of them
  std::map<std::string, std::string> read_;                    // from the disk
  std::map<std::string, std::unique_ptr<Analysis>> analyses_;  // by the first file
};

}  // namespace tenon::lsp
