#include "lsp/vocabulary.h"

#include <array>

namespace tenon::lsp {

namespace {

constexpr Word blocks[] = {
    {"model", "model ${1:Name} {\n  id Int @id @default(autoincrement())\n  $0\n}",
     "A table: its columns are fields, and relations to other models are fields too."},
    {"enum", "enum ${1:Name} {\n  ${0:VALUE}\n}", "A fixed list of values."},
    {"view", "view ${1:Name} {\n  $0\n}", "A view of the database, which is read and not migrated."},
    {"datasource", "datasource db {\n  provider = \"${1|postgresql,mysql|}\"\n}",
     "The database; exactly one."},
    {"generator", "generator ${1:client} {\n  provider = \"${2:prisma-client}\"\n}",
     "What other tools make from this schema. Tenon keeps it as it is."},
};
constexpr Word scalars[] = {
    {"Int", "", "A whole number of 32 bits."},
    {"BigInt", "", "A whole number of 64 bits."},
    {"Float", "", "A floating-point number."},
    {"Decimal", "", "An exact decimal number."},
    {"Boolean", "", "true or false."},
    {"String", "", "A text."},
    {"DateTime", "", "A date and time."},
    {"Json", "", "A JSON value."},
    {"Bytes", "", "Bytes."},
    {"Unsupported", "Unsupported(\"${1:type}\")",
     "A type of the database that the language has no word for."},
};
constexpr Word field_attributes[] = {
    {"id", "", "The primary key of the model."},
    {"unique", "", "No two rows have the same value."},
    {"default", "default($1)",
     "The value when none is given: a literal, autoincrement(), now(), uuid(), cuid(), dbgenerated(\"…\")."},
    {"relation", "relation(fields: [$1], references: [$2])",
     "How this field refers to another model: its columns, what they refer to, and what happens when that "
     "goes."},
    {"map", "map(\"$1\")", "The name of the column in the database."},
    {"updatedAt", "", "Set to the time of each change."},
    {"ignore", "", "Left out of clients and of the API."},
    {"db", "db.", "The type in the database."},
};
constexpr Word model_attributes[] = {
    {"id", "id([$1])", "A primary key of several fields."},
    {"unique", "unique([$1])", "No two rows have the same values in these fields."},
    {"index", "index([$1])", "An index of the database."},
    {"fulltext", "fulltext([$1])", "An index for searching texts (MySQL)."},
    {"map", "map(\"$1\")", "The name of the table in the database."},
    {"schema", "schema(\"$1\")", "The schema of the database that holds this."},
    {"ignore", "", "Left out of clients and of the API."},
};
constexpr Word enum_attributes[] = {
    {"map", "map(\"$1\")", "The name of the enum in the database."},
    {"schema", "schema(\"$1\")", "The schema of the database that holds this."},
};
constexpr Word enum_value_attributes[] = {
    {"map", "map(\"$1\")", "The label in the database."},
};
constexpr Word datasource_keys[] = {
    {"provider", "provider = \"${1|postgresql,mysql|}\"",
     "The kind of database: \"postgresql\" or \"mysql\"."},
    {"url", "url = env(\"${1:DATABASE_URL}\")", "The database (up to Prisma 6; later in prisma.config.ts)."},
    {"directUrl", "directUrl = env(\"${1:DIRECT_URL}\")",
     "The database for migrations, past a pooler (up to Prisma 6)."},
    {"shadowDatabaseUrl", "shadowDatabaseUrl = env(\"${1:SHADOW_DATABASE_URL}\")",
     "An empty database for trying migrations out (up to Prisma 6)."},
    {"relationMode", "relationMode = \"${1|foreignKeys,prisma|}\"",
     "Whether relations are foreign keys of the database."},
    {"schemas", "schemas = [\"${1:public}\"]",
     "The schemas of the database that models are in (PostgreSQL)."},
    {"extensions", "extensions = [$1]", "Extensions of PostgreSQL."},
};
constexpr Word generator_keys[] = {
    {"provider", "provider = \"${1:prisma-client}\"", "The program that generates."},
    {"output", "output = \"${1:../generated}\"", "Where it writes to, relative to this file."},
    {"previewFeatures", "previewFeatures = [$1]",
     "Features of the language to switch on: \"views\", \"partialIndexes\", \"postgresqlExtensions\", …"},
    {"binaryTargets", "binaryTargets = [\"${1:native}\"]", "The machines that engines are fetched for."},
    {"engineType", "engineType = \"${1:client}\"", "The kind of engine."},
};
constexpr Word default_integer[] = {
    {"autoincrement()", "", "The next number of a sequence."},
    {"dbgenerated", "dbgenerated(\"$1\")", "An expression of SQL."},
};
constexpr Word default_big_int[] = {
    {"autoincrement()", "", "The next number of a sequence."},
    {"dbgenerated", "dbgenerated(\"$1\")", "An expression of SQL."},
};
constexpr Word default_boolean[] = {
    {"true", "", ""},
    {"false", "", ""},
    {"dbgenerated", "dbgenerated(\"$1\")", "An expression of SQL."},
};
constexpr Word default_string[] = {
    {"uuid()", "", "A random UUID, made by the client."},
    {"uuid(7)", "", "A UUID that sorts by time, made by the client."},
    {"cuid()", "", "A collision-resistant id, made by the client."},
    {"nanoid()", "", "A short random id, made by the client."},
    {"ulid()", "", "An id that sorts by time, made by the client."},
    {"dbgenerated", "dbgenerated(\"$1\")", "An expression of SQL."},
};
constexpr Word default_date_time[] = {
    {"now()", "", "The time of the insert."},
    {"dbgenerated", "dbgenerated(\"$1\")", "An expression of SQL."},
};
constexpr Word default_other[] = {
    {"dbgenerated", "dbgenerated(\"$1\")", "An expression of SQL."},
};
constexpr Word arguments_relation[] = {
    {"fields", "fields: [$1]", "The fields of this model that refer to the other."},
    {"references", "references: [$1]", "The fields of the other model that they refer to."},
    {"name", "name: \"$1\"", "The name of the relation, when two models have several."},
    {"onDelete", "onDelete: $1", "What happens to this row when the other one is deleted."},
    {"onUpdate", "onUpdate: $1", "What happens when the key of the other row changes."},
    {"map", "map: \"$1\"", "The name of the foreign key in the database."},
};
constexpr Word arguments_id[] = {
    {"map", "map: \"$1\"", "The name of the constraint in the database."},
    {"length", "length: $1", "How much of the value is indexed (MySQL)."},
    {"sort", "sort: ${1|Asc,Desc|}", "The order of the index."},
};
constexpr Word arguments_unique[] = {
    {"map", "map: \"$1\"", "The name of the constraint in the database."},
    {"length", "length: $1", "How much of the value is indexed (MySQL)."},
    {"sort", "sort: ${1|Asc,Desc|}", "The order of the index."},
};
constexpr Word arguments_block_id[] = {
    {"fields", "fields: [$1]", "The fields of the key."},
    {"name", "name: \"$1\"", "The name of the key in clients."},
    {"map", "map: \"$1\"", "The name of the constraint in the database."},
};
constexpr Word arguments_block_unique[] = {
    {"fields", "fields: [$1]", "The fields of the key."},
    {"name", "name: \"$1\"", "The name of the key in clients."},
    {"map", "map: \"$1\"", "The name of the constraint in the database."},
};
constexpr Word arguments_block_index[] = {
    {"fields", "fields: [$1]", "The fields of the index."},
    {"map", "map: \"$1\"", "The name of the index in the database."},
    {"type", "type: $1", "The kind of index."},
    {"where", "where: raw(\"$1\")", "Only rows for which this holds are indexed (PostgreSQL)."},
};
constexpr Word arguments_block_fulltext[] = {
    {"fields", "fields: [$1]", "The fields of the index."},
    {"map", "map: \"$1\"", "The name of the index in the database."},
};
constexpr Word arguments_default[] = {
    {"map", "map: \"$1\"", "The name of the default in the database (SQL Server)."},
};
constexpr Word actions[] = {
    {"Cascade", "", "This row goes, or changes, too."},
    {"Restrict", "", "The change of the other row is refused."},
    {"NoAction", "", "The database refuses it at the end of the statement or transaction."},
    {"SetNull", "", "The fields become NULL; they must be optional."},
    {"SetDefault", "", "The fields get their default values."},
};
constexpr Word postgresql_integer[] = {
    {"SmallInt", "", ""},
    {"Integer", "", ""},
    {"Oid", "", ""},
};
constexpr Word postgresql_big_int[] = {
    {"BigInt", "", ""},
};
constexpr Word postgresql_decimal[] = {
    {"Decimal", "Decimal(${1:65}, ${2:30})", ""},
    {"Money", "", ""},
};
constexpr Word postgresql_floating[] = {
    {"Real", "", ""},
    {"DoublePrecision", "", ""},
};
constexpr Word postgresql_string[] = {
    {"Text", "", ""},
    {"VarChar", "VarChar(${1:255})", ""},
    {"Char", "Char(${1:1})", ""},
    {"Uuid", "", ""},
    {"Citext", "", ""},
    {"Inet", "", ""},
    {"Xml", "", ""},
    {"Bit", "Bit(${1:1})", ""},
    {"VarBit", "VarBit(${1:1})", ""},
};
constexpr Word postgresql_bytes[] = {
    {"ByteA", "", ""},
};
constexpr Word postgresql_boolean[] = {
    {"Boolean", "", ""},
};
constexpr Word postgresql_date_time[] = {
    {"Timestamp", "Timestamp(${1:3})", ""}, {"Timestamptz", "Timestamptz(${1:3})", ""}, {"Date", "", ""},
    {"Time", "Time(${1:3})", ""},           {"Timetz", "Timetz(${1:3})", ""},
};
constexpr Word postgresql_json[] = {
    {"JsonB", "", ""},
    {"Json", "", ""},
};
constexpr Word mysql_integer[] = {
    {"Int", "", ""},
    {"SmallInt", "", ""},
    {"MediumInt", "", ""},
    {"TinyInt", "", ""},
    {"UnsignedInt", "", ""},
    {"UnsignedSmallInt", "", ""},
    {"UnsignedMediumInt", "", ""},
    {"UnsignedTinyInt", "", ""},
    {"Year", "", ""},
};
constexpr Word mysql_big_int[] = {
    {"BigInt", "", ""},
    {"UnsignedBigInt", "", ""},
};
constexpr Word mysql_decimal[] = {
    {"Decimal", "Decimal(${1:65}, ${2:30})", ""},
};
constexpr Word mysql_floating[] = {
    {"Float", "", ""},
    {"Double", "", ""},
};
constexpr Word mysql_string[] = {
    {"VarChar", "VarChar(${1:191})", ""},
    {"Char", "Char(${1:1})", ""},
    {"Text", "", ""},
    {"TinyText", "", ""},
    {"MediumText", "", ""},
    {"LongText", "", ""},
};
constexpr Word mysql_bytes[] = {
    {"LongBlob", "", ""},
    {"Blob", "", ""},
    {"TinyBlob", "", ""},
    {"MediumBlob", "", ""},
    {"VarBinary", "VarBinary(${1:255})", ""},
    {"Binary", "Binary(${1:16})", ""},
    {"Bit", "Bit(${1:8})", ""},
};
constexpr Word mysql_boolean[] = {
    {"TinyInt", "", ""},
    {"UnsignedTinyInt", "", ""},
    {"Bit", "Bit(1)", ""},
};
constexpr Word mysql_date_time[] = {
    {"DateTime", "DateTime(${1:3})", ""},
    {"Timestamp", "Timestamp(${1:3})", ""},
    {"Date", "", ""},
    {"Time", "Time(${1:3})", ""},
};
constexpr Word mysql_json[] = {
    {"Json", "", ""},
};

}  // namespace

std::span<const Word> block_words() { return blocks; }
std::span<const Word> scalar_words() { return scalars; }
std::span<const Word> field_attribute_words() { return field_attributes; }
std::span<const Word> model_attribute_words() { return model_attributes; }
std::span<const Word> enum_attribute_words() { return enum_attributes; }
std::span<const Word> enum_value_attribute_words() { return enum_value_attributes; }
std::span<const Word> datasource_words() { return datasource_keys; }
std::span<const Word> generator_words() { return generator_keys; }
std::span<const Word> action_words() { return actions; }

std::span<const Word> default_words(psl::Scalar scalar) {
  switch (scalar) {
    case psl::Scalar::integer:
      return default_integer;
    case psl::Scalar::big_int:
      return default_big_int;
    case psl::Scalar::boolean:
      return default_boolean;
    case psl::Scalar::string:
      return default_string;
    case psl::Scalar::date_time:
      return default_date_time;
    default:
      return default_other;
  }
}

std::span<const Word> argument_words(std::string_view attribute) {
  struct Row {
    std::string_view attribute;
    std::span<const Word> words;
  };
  static constexpr std::array<Row, 8> rows{{
      {"relation", arguments_relation},
      {"id", arguments_id},
      {"unique", arguments_unique},
      {"@id", arguments_block_id},
      {"@unique", arguments_block_unique},
      {"@index", arguments_block_index},
      {"@fulltext", arguments_block_fulltext},
      {"default", arguments_default},
  }};
  for (const Row& row : rows)
    if (row.attribute == attribute) return row.words;
  return {};
}

std::span<const Word> native_type_words(psl::Provider provider, psl::Scalar scalar) {
  // In the order of psl::Scalar.
  static constexpr std::array<std::span<const Word>, 9> of_postgresql{
      postgresql_integer, postgresql_big_int,   postgresql_floating, postgresql_decimal, postgresql_boolean,
      postgresql_string,  postgresql_date_time, postgresql_json,     postgresql_bytes};
  static constexpr std::array<std::span<const Word>, 9> of_mysql{
      mysql_integer, mysql_big_int,   mysql_floating, mysql_decimal, mysql_boolean,
      mysql_string,  mysql_date_time, mysql_json,     mysql_bytes};
  const auto at = static_cast<std::size_t>(scalar);
  if (provider == psl::Provider::postgresql) return of_postgresql[at];
  return provider == psl::Provider::mysql ? of_mysql[at] : std::span<const Word>();
}

}  // namespace tenon::lsp
