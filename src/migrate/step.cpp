#include "migrate/step.h"

#include <array>

namespace tenon::migrate {

namespace {

// In the order of Step's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Step>> names{
    "CreateSchema",     "CreateExtension", "AlterExtension", "RenameEnum",     "CreateEnum",    "AlterEnum",
    "CreateDomain",     "AlterDomain",     "DropForeignKey", "DropCheck",      "DropExclusion", "DropView",
    "DropIndex",        "RenameTable",     "RenameColumn",   "CreateSequence", "AlterSequence", "AlterTable",
    "DropTable",        "DropSequence",    "DropDomain",     "DropEnum",       "CreateTable",   "CreateIndex",
    "RenameForeignKey", "AddForeignKey",   "RenameIndex",    "AddCheck",       "AddExclusion",  "CreateView"};

}  // namespace

std::string_view name_of(const Step& step) { return names[step.index()]; }

bool ColumnChange::becomes_required(const Catalogs& catalogs) const {
  return (*catalogs.before)[columns.before].nullable && !(*catalogs.after)[columns.after].nullable &&
         nullability_changed;
}

bool ColumnChange::becomes_nullable(const Catalogs& catalogs) const {
  return !(*catalogs.before)[columns.before].nullable && (*catalogs.after)[columns.after].nullable &&
         nullability_changed;
}

}  // namespace tenon::migrate
