// What becomes of the values of a column when its type changes: whether the engine converts them, and how the
// statement asks for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "migrate/diff.h"
#include "migrate/pair.h"
#include "migrate/step.h"

namespace tenon::migrate {

// `VarChar(50)`: the type's word in the schema language, also when it is the scalar's default.
std::string native_word(catalog::Engine engine, const catalog::ColumnType& type);

// Whether two types are the same to `options.origins`. Enums are compared by their callers.
bool same_type(catalog::Engine engine, Pair<const catalog::ColumnType*> types, bool exact);

// Prisma's classes. Types differ and neither is an enum.
Cast prisma_cast_postgres(Pair<const catalog::ColumnType*> types);
Cast prisma_cast_mysql(Pair<const catalog::ColumnType*> types);

// PostgreSQL: the expression of USING with `{}` for the column, `{type}` for the new type and `{element}` for
// that of its elements; empty text
// where the plain statement converts by itself; nullopt where nothing does.
std::optional<std::string> postgres_using(Pair<const catalog::ColumnType*> types);

// Tenon's class, which keeps data wherever the engine can convert it; `compat` decides.
Cast cast_of(catalog::Engine engine, Pair<const catalog::ColumnType*> types, Compat compat);

}  // namespace tenon::migrate
