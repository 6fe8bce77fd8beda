// One change between two catalogs, told by ids and free of any engine's words. Ids of what goes away belong
// to the catalog before, ids of what comes to the catalog after; what stays has a Pair.
//
// Names: a step that comes before the renames of its list names things as they were, one after them as they
// will be (diff.h has the order).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/pair.h"

namespace tenon::migrate {

using Catalogs = Pair<const catalog::Catalog*>;

// What becomes of the values of a column whose type changes.
enum class Cast : std::uint8_t {
  none,        // the type stays
  safe,        // every value fits
  risky,       // values may lose digits, length or a zone; or the statement fails on data, loses none
  checked,     // Tenon's addition: an explicit conversion that fails on values it does not understand
  impossible,  // no conversion: the column is dropped and made again, empty
};

// A value of an enum that gets another label.
struct RenamedValue {
  std::string from;
  std::string to;
};

struct ColumnChange {
  Pair<catalog::ColumnId> columns;
  Cast cast = Cast::none;
  bool type_changed = false;
  bool nullability_changed = false;  // `list` counts as neither
  bool default_changed = false;
  bool autoincrement_changed = false;
  bool comment_changed = false;
  bool generated_changed = false;
  bool collation_changed = false;
  // A column of implicit or expressed NOT NULL becomes a list, or the reverse.
  bool arity_changed = false;
  // MySQL: values of the column's enum that get another label.
  std::vector<RenamedValue> renamed_values;

  bool becomes_required(const Catalogs& catalogs) const;
  bool becomes_nullable(const Catalogs& catalogs) const;
  bool recreates() const { return cast == Cast::impossible; }
  bool any() const {
    return type_changed || nullability_changed || default_changed || autoincrement_changed ||
           comment_changed || generated_changed || collation_changed || arity_changed;
  }
};

// Parts of an AlterTable, in the order they are written.
struct DropPrimaryKey {
  catalog::IndexId key;
};
struct RenamePrimaryKey {
  Pair<catalog::IndexId> keys;
};
struct DropColumn {
  catalog::ColumnId column;
};
struct AddColumn {
  catalog::ColumnId column;
};
struct AlterColumn {
  ColumnChange change;
};
struct AddPrimaryKey {
  catalog::IndexId key;
};
struct SetTableComment {};
using TableChange = std::variant<DropPrimaryKey, RenamePrimaryKey, DropColumn, AddColumn, AlterColumn,
                                 AddPrimaryKey, SetTableComment>;

struct CreateSchema {
  catalog::NamespaceId schema;
};
struct CreateExtension {
  std::uint32_t extension;  // position in Catalog::extensions
};
struct AlterExtension {
  Pair<std::uint32_t> extensions;
};
struct CreateSequence {
  std::uint32_t sequence;
};
struct AlterSequence {
  Pair<std::uint32_t> sequences;
};
struct DropSequence {
  std::uint32_t sequence;
};
struct RenameEnum {
  Pair<catalog::EnumId> enums;
};
struct CreateEnum {
  catalog::EnumId id;
};
struct AddedValue {
  std::string label;
  std::string before;  // the value it stands in front of; empty: at the end
};
// PostgreSQL. In MySQL a list of values is part of each column's type.
struct AlterEnum {
  Pair<catalog::EnumId> enums;
  std::vector<RenamedValue> renamed;
  std::vector<AddedValue> added;
  std::vector<std::string> removed;
  bool reordered = false;
  // A statement of the same script needs one of the new values.
  bool used_at_once = false;
  // Columns of the type that exist before and after and keep it.
  std::vector<Pair<catalog::ColumnId>> columns;
  // Other columns have the type still; a DropEnum later in the list removes the old one.
  bool drops_later = false;
  bool recreates() const { return !removed.empty() || reordered; }
};
// `replaced`: not the type itself, but what an AlterEnum left of it under another name.
struct DropEnum {
  catalog::EnumId id;
  bool replaced = false;
};
struct CreateDomain {
  std::uint32_t domain;  // position in Catalog::domains
};
// Default, NOT NULL and checks that are new; checks have no names here by which they could be dropped.
struct AlterDomain {
  Pair<std::uint32_t> domains;
};
struct DropDomain {
  std::uint32_t domain;
};
struct DropForeignKey {
  catalog::ForeignKeyId key;
};
struct DropCheck {
  std::uint32_t check;
};
struct DropExclusion {
  std::uint32_t exclusion;
};
struct DropView {
  catalog::TableId view;
};
struct DropIndex {
  catalog::IndexId index;
};
// `to` is set when the new name is in between only (names that are swapped).
struct RenameTable {
  Pair<catalog::TableId> tables;
  std::string from;  // empty: the name before
  std::string to;    // empty: the name after
};
struct RenameColumn {
  Pair<catalog::ColumnId> columns;
  std::string from;
  std::string to;
};
struct AlterTable {
  Pair<catalog::TableId> tables;
  std::vector<TableChange> changes;
};
struct DropTable {
  catalog::TableId table;
};
struct CreateTable {
  catalog::TableId table;
};
struct CreateIndex {
  catalog::IndexId index;
};
struct RenameForeignKey {
  Pair<catalog::ForeignKeyId> keys;
};
struct AddForeignKey {
  catalog::ForeignKeyId key;
};
struct RenameIndex {
  Pair<catalog::IndexId> indexes;
};
struct AddCheck {
  std::uint32_t check;
};
struct AddExclusion {
  std::uint32_t exclusion;
};
struct CreateView {
  catalog::TableId view;
};

using Step = std::variant<CreateSchema, CreateExtension, AlterExtension, RenameEnum, CreateEnum, AlterEnum,
                          CreateDomain, AlterDomain, DropForeignKey, DropCheck, DropExclusion, DropView,
                          DropIndex, RenameTable, RenameColumn, CreateSequence, AlterSequence, AlterTable,
                          DropTable, DropSequence, DropDomain, DropEnum, CreateTable, CreateIndex,
                          RenameForeignKey, AddForeignKey, RenameIndex, AddCheck, AddExclusion, CreateView>;

// `AlterTable`: the word of scripts' comments and of `explain`.
std::string_view name_of(const Step& step);

}  // namespace tenon::migrate
