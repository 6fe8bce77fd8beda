// The names that the schema language and the API use, made from those of the database by the rules of
// Prisma's `db pull`: names stay as they are; what the language cannot spell is changed as little as possible
// and mapped. Where Prisma's rules give one name to two things, the later one gets a number.
#pragma once

#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace tenon::psl {

// Whether the generated client of Prisma (or the language) needs the name itself, so that no model or enum
// can have it: `async`, `class`, `String` …
bool is_reserved_name(std::string_view name);

// `name` with leading characters other than letters removed and every other one outside [A-Za-z0-9_] replaced
// by
// _. Empty when nothing is left.
std::string sanitized_name(std::string_view name);

// Sets every exposed name of `catalog` (model_name, field_name, back_field_name, relation_name, enum_name,
// value_name) and finds implicit many-to-many link tables (implicit_link). Names set before are replaced.
// Prisma's own tables, link tables, columns whose names have no letter, and foreign keys that repeat another
// one stay without a name.
void assign_names(catalog::Catalog& catalog);

}  // namespace tenon::psl
