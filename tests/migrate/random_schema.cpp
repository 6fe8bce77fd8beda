#include "tests/migrate/random_schema.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tenon::test {

using catalog::Engine;

namespace {

struct TypeChoice {
  std::string_view text;
  std::string_view native;
  std::vector<std::string_view> defaults;
  bool indexable = true;
};

const std::vector<TypeChoice>& types_of(Engine engine) {
  static const std::vector<TypeChoice> postgres{
      {"Int", "", {"1", "-7"}},
      {"BigInt", "", {"5"}},
      {"Int", "@db.SmallInt", {"3"}},
      {"Float", "", {"1.5"}},
      {"Float", "@db.Real", {"2"}},
      {"Decimal", "", {"12.34"}},
      {"Decimal", "@db.Decimal(10, 2)", {"1.5"}},
      {"Decimal", "@db.Money", {}},
      {"String", "", {R"("x")", R"("it's")", "dbgenerated(\"lower('X')\")"}},
      {"String", "@db.VarChar(20)", {R"("abc")"}},
      {"String", "@db.VarChar(50)", {R"("")"}},
      {"String", "@db.Char(10)", {}},
      {"String", "@db.Uuid", {"dbgenerated(\"gen_random_uuid()\")"}},
      {"String", "@db.Inet", {}},
      {"String", "@db.Bit(8)", {}},
      {"Boolean", "", {"true", "false"}},
      {"DateTime", "", {"now()", R"("2020-01-02T03:04:05.678Z")"}},
      {"DateTime", "@db.Timestamptz(6)", {"now()"}},
      {"DateTime", "@db.Date", {"now()"}},
      {"DateTime", "@db.Time(3)", {}},
      {"Json", "", {R"("{}")", R"("[1, 2]")"}, false},
      {"Json", "@db.Json", {}, false},
      {"Bytes", "", {R"("aGk=")"}},
      {"E0", "", {"V0"}},
      {"E1", "", {"V0"}},
  };
  static const std::vector<TypeChoice> mysql{
      {"Int", "", {"1", "-7"}},
      {"BigInt", "", {"5"}},
      {"Int", "@db.SmallInt", {"3"}},
      {"Int", "@db.UnsignedInt", {"3"}},
      {"Float", "", {"1.5"}},
      {"Float", "@db.Float", {"2"}},
      {"Decimal", "", {"12.34"}},
      {"Decimal", "@db.Decimal(10, 2)", {"1.5"}},
      {"String", "", {R"("x")", R"("it's")"}},
      {"String", "@db.VarChar(20)", {R"("abc")"}},
      {"String", "@db.Char(10)", {}},
      {"String", "@db.Text", {}, false},
      {"Boolean", "", {"true", "false"}},
      {"DateTime", "", {"now()", R"("2020-01-02T03:04:05.678Z")"}},
      {"DateTime", "@db.Date", {}},
      {"DateTime", "@db.Time(3)", {}},
      {"Json", "", {}, false},
      {"Bytes", "", {}, false},
      {"Bytes", "@db.VarBinary(20)", {}},
      {"E0", "", {"V0"}},
      {"E1", "", {"V0"}},
  };
  return engine == Engine::mysql ? mysql : postgres;
}

struct KeyChoice {
  std::string_view field;
  std::string_view type;  // of a field that refers to it
};
constexpr KeyChoice keys[] = {{"id Int @id @default(autoincrement())", "Int"},
                              {"id Int @id", "Int"},
                              {"id BigInt @id @default(autoincrement())", "BigInt"},
                              {"id String @id @default(uuid())", "String"},
                              {"", ""}};  // @@id([k0, k1])
constexpr std::size_t compound_key = 4;
constexpr std::string_view actions[] = {"", ", onDelete: Cascade",
                                        ", onUpdate: NoAction, onDelete: NoAction"};

std::string field_text(const RandomSchema& schema, const RandomField& field) {
  const TypeChoice& type = types_of(schema.engine)[field.type];
  std::string text = fmt::format("  {} {}{}", field.name, type.text,
                                 field.list       ? "[]"
                                 : field.optional ? "?"
                                                  : "");
  if (!type.native.empty()) text += fmt::format(" {}", type.native);
  if (field.unique) text += " @unique";
  if (field.default_value > 0) {
    const std::string_view value = type.defaults[field.default_value - 1];
    text += fmt::format(" @default({})", field.list ? fmt::format("[{}]", value) : std::string(value));
  }
  if (!field.column.empty()) text += fmt::format(" @map(\"{}\")", field.column);
  return text + "\n";
}

}  // namespace

std::string RandomSchema::text() const {
  std::string text = fmt::format("datasource db {{\n  provider = \"{}\"\n}}\n",
                                 engine == Engine::mysql ? "mysql" : "postgresql");
  for (std::size_t i = 0; i < enums.size(); ++i)
    text += fmt::format("\nenum E{} {{\n  {}\n}}\n", i, fmt::join(enums[i], "\n  "));
  std::vector<std::string> back(16);
  const auto find = [&](std::size_t number) {
    return std::ranges::find(models, number, &RandomModel::number);
  };
  std::vector<std::string> bodies;
  for (const RandomModel& model : models) {
    std::string body;
    for (const RandomRelation& relation : model.relations) {
      const auto target = find(relation.to);
      if (target == models.end() || target->key == compound_key) continue;
      const std::string name = fmt::format("R{}x{}", model.number, relation.number);
      if (relation.many_to_many) {
        if (model.key == compound_key || target->number == model.number) continue;
        body += fmt::format("  many{} M{}[] @relation(\"{}\")\n", relation.number, relation.to, name);
        back[relation.to] += fmt::format("  back{} M{}[] @relation(\"{}\")\n", name, model.number, name);
        continue;
      }
      const std::string field = fmt::format("to{}", relation.number);
      const std::string_view mark = relation.optional ? "?" : "";
      body += fmt::format("  {}Id {}{}\n", field, keys[target->key].type, mark);
      body += fmt::format("  {} M{}{} @relation(\"{}\", fields: [{}Id], references: [id]{})\n", field,
                          relation.to, mark, name, field, actions[relation.action]);
      back[relation.to] += fmt::format("  back{} M{}[] @relation(\"{}\")\n", name, model.number, name);
    }
    bodies.push_back(std::move(body));
  }
  for (std::size_t i = 0; i < models.size(); ++i) {
    const RandomModel& model = models[i];
    text += fmt::format("\nmodel M{} {{\n", model.number);
    text += model.key == compound_key ? "  k0 Int\n  k1 Int\n" : fmt::format("  {}\n", keys[model.key].field);
    for (const RandomField& field : model.fields) text += field_text(*this, field);
    text += bodies[i] + back[model.number];
    for (const std::string& index : model.indexes)
      text += fmt::format("  @@{}([{}])\n", model.unique_indexes ? "unique" : "index", index);
    if (model.key == compound_key) text += "  @@id([k0, k1])\n";
    if (!model.table.empty()) text += fmt::format("  @@map(\"{}\")\n", model.table);
    text += "}\n";
  }
  return text;
}

std::vector<std::string> SchemaDice::values() {
  std::vector<std::string> list{"V0"};
  for (std::size_t i = 1; i < 6; ++i)
    if (chance(50)) list.push_back(fmt::format("V{}", i));
  if (chance(30)) std::ranges::shuffle(list, random_);
  return list;
}

RandomField SchemaDice::field(std::size_t number) {
  const std::vector<TypeChoice>& types = types_of(engine_);
  RandomField field{.name = fmt::format("f{}", number), .type = below(types.size())};
  const TypeChoice& type = types[field.type];
  field.list = engine_ == Engine::postgresql && chance(12);
  field.optional = !field.list && chance(50);
  field.unique = !field.list && type.indexable && chance(15);
  const bool has_function =
      std::ranges::any_of(type.defaults, [](std::string_view text) { return text.contains('('); });
  if (!type.defaults.empty() && chance(40) && !(field.list && has_function))
    field.default_value = 1 + below(type.defaults.size());
  if (chance(10)) field.column = fmt::format("c {}", number);
  return field;
}

RandomModel SchemaDice::model(std::size_t number) {
  RandomModel model{
      .number = number, .table = chance(15) ? fmt::format("table_{}", number) : "", .key = below(5)};
  for (std::size_t i = 0; i < 6; ++i)
    if (chance(60)) model.fields.push_back(field(i));
  change(model);
  return model;
}

// Indexes are rolled anew, as fields may be gone.
void SchemaDice::change(RandomModel& model) {
  model.indexes.clear();
  std::vector<std::string> names;
  for (const RandomField& field : model.fields)
    if (types_of(engine_)[field.type].indexable && !field.list) names.push_back(field.name);
  if (names.empty() || !chance(60)) return;
  model.indexes.push_back(names[0]);
  if (names.size() > 1 && chance(50)) model.indexes.push_back(fmt::format("{}, {}", names[1], names[0]));
  model.unique_indexes = chance(40);
}

void SchemaDice::relate(RandomSchema& schema) {
  for (RandomModel& model : schema.models) {
    if (chance(50)) continue;
    model.relations.clear();
    for (std::size_t i = 0; i < 2; ++i)
      if (chance(40))
        model.relations.push_back({.number = i,
                                   .to = below(5),
                                   .optional = chance(50),
                                   .many_to_many = chance(25),
                                   .action = below(std::size(actions))});
  }
}

RandomSchema SchemaDice::schema() {
  RandomSchema schema{.engine = engine_, .enums = {values(), values()}, .models = {}};
  for (std::size_t i = 0; i < 5; ++i)
    if (chance(70)) schema.models.push_back(model(i));
  relate(schema);
  return schema;
}

RandomSchema SchemaDice::changed(const RandomSchema& schema) {
  RandomSchema next = schema;
  for (std::vector<std::string>& row : next.enums)
    if (chance(30)) row = values();
  std::erase_if(next.models, [&](const RandomModel&) { return chance(15); });
  for (RandomModel& row : next.models) {
    if (chance(15)) row.key = below(5);
    if (chance(15)) row.table = chance(50) ? fmt::format("table_{}", below(5)) : "";
    for (RandomField& each : row.fields)
      if (chance(25)) each = field(static_cast<std::size_t>(each.name[1] - '0'));
    std::erase_if(row.fields, [&](const RandomField&) { return chance(10); });
    const auto is_indexable = [&](std::string_view name) {
      return std::ranges::any_of(row.fields, [&](const RandomField& each) {
        return each.name == name && !each.list && types_of(engine_)[each.type].indexable;
      });
    };
    const bool broken = std::ranges::any_of(row.indexes, [&](const std::string& index) {
      return !is_indexable(index.substr(0, 2)) || !is_indexable(index.substr(index.size() - 2));
    });
    if (broken || chance(40)) change(row);
  }
  for (std::size_t i = 0; i < 5; ++i)
    if (std::ranges::find(next.models, i, &RandomModel::number) == next.models.end() && chance(20))
      next.models.push_back(model(i));
  relate(next);
  return next;
}

}  // namespace tenon::test
