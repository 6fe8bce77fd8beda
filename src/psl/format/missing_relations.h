// What is missing where only one side of a relation is written: the field on the other side, the arguments of
// @relation, the columns of the foreign key. As text to insert, the same that Prisma's formatter inserts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "psl/check/resolved.h"

namespace tenon::psl {

struct Insertion {
  base::SourceId source;
  std::uint32_t offset = 0;
  std::string text;
};

// In the order of files and offsets; those for one place in the order they are to be written. Where Prisma's
// own additions make a schema that is not valid (a field twice, the other side of a named relation without
// the name), they are made only with `prisma_compat`; else relation fields get a number and their relation's
// name.
std::vector<Insertion> missing_relation_parts(const base::SourceSet& sources, const Resolved& resolved,
                                              bool prisma_compat = false);

// The text of the file with its insertions; those of other files are left out.
std::string insert(const base::SourceSet& sources, base::SourceId source,
                   std::span<const Insertion> insertions);

// `OhWhatAUser` as `ohWhatAUser`, `post_item` as `postItem`: the name of a field that stands for one model.
std::string camel_case(std::string_view name);

}  // namespace tenon::psl
