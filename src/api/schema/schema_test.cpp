#include "api/schema/schema.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/test_schema.h"

namespace tenon::api {
namespace {

using catalog::Default;
using catalog::TypeKind;

// Finds bindings by the names a client would use.
struct Lookup {
  const Schema& schema;

  graphql::FieldId field_id(std::string_view type, std::string_view field) const {
    const auto id = schema.graphql->find_type(type);
    EXPECT_TRUE(id) << type;
    const auto found = schema.graphql->find_field(*id, field);
    EXPECT_TRUE(found) << type << "." << field;
    return *found;
  }
  const OutputBinding& output(std::string_view type, std::string_view field) const {
    return schema[field_id(type, field)];
  }
  const InputBinding& argument(std::string_view type, std::string_view field, std::string_view name) const {
    const auto found = schema.graphql->find_argument(field_id(type, field), name);
    EXPECT_TRUE(found) << name;
    return schema[*found];
  }
  const InputBinding& input(std::string_view type, std::string_view name) const {
    const auto id = schema.graphql->find_type(type);
    EXPECT_TRUE(id) << type;
    const auto found = schema.graphql->find_input_field(*id, name);
    EXPECT_TRUE(found) << type << "." << name;
    return schema[*found];
  }
};

TEST(ApiSchema, BindsFieldsToTheCatalog) {
  const auto catalog = blog().finish();
  const Built built = build(catalog);
  ASSERT_TRUE(built.schema);
  const Lookup find{*built.schema};
  const auto post = *catalog->find_model("Post");
  const auto author = *catalog->find_model("Author");
  using Output = OutputBinding::Kind;

  EXPECT_EQ(find.output("Query", "getPost").kind, Output::get);
  EXPECT_EQ(find.output("Query", "getPost").table, post);
  EXPECT_EQ(find.output("Query", "listAuthors").kind, Output::list);
  EXPECT_EQ(find.output("Query", "listAuthors").table, author);
  EXPECT_EQ(find.output("Mutation", "createPost").kind, Output::create);
  EXPECT_EQ(find.output("Mutation", "updatePost").kind, Output::update);
  EXPECT_EQ(find.output("Mutation", "deletePost").kind, Output::remove);
  EXPECT_EQ(find.output("Post", "title").kind, Output::column);
  EXPECT_EQ(find.output("Post", "title").column, *catalog->find_column(post, "title"));
  EXPECT_EQ(find.output("ModelPostConnection", "items").kind, Output::items);
  EXPECT_EQ(find.output("ModelPostConnection", "nextToken").kind, Output::next_token);
  EXPECT_EQ(find.output("ModelPostConnection", "totalCount").kind, Output::total_count);

  const OutputBinding& posts = find.output("Author", "posts");
  ASSERT_EQ(posts.kind, Output::to_many);
  const Relation& relation = built.schema->relations[posts.relation];
  EXPECT_TRUE(relation.many);
  EXPECT_FALSE(relation.forward);
  EXPECT_EQ(relation.from, author);
  EXPECT_EQ(relation.to, post);
  EXPECT_EQ(relation.from_columns, std::vector{*catalog->find_column(author, "id")});
  EXPECT_EQ(relation.to_columns, std::vector{*catalog->find_column(post, "author_id")});

  EXPECT_EQ(find.output("Post", "author").kind, Output::to_one);
  EXPECT_TRUE(built.schema->relations[find.output("Post", "author").relation].forward);
  // One profile for each author: the foreign key is unique.
  EXPECT_EQ(find.output("Author", "profile").kind, Output::to_one);
}

TEST(ApiSchema, BindsInputsAndMarksWhatShapesTheStatement) {
  const auto catalog = blog().finish();
  const Built built = build(catalog);
  ASSERT_TRUE(built.schema);
  const Lookup find{*built.schema};
  const auto title = *catalog->find_column(*catalog->find_model("Post"), "title");
  using Input = InputBinding::Kind;

  EXPECT_EQ(find.argument("Query", "getPost", "id").kind, Input::key);
  EXPECT_EQ(find.argument("Query", "listPosts", "id").kind, Input::key);
  EXPECT_EQ(find.argument("Query", "listSeats", "row_no").kind, Input::key);
  EXPECT_EQ(find.input("ModelIntKeyConditionInput", "between").filter, FilterOperator::between);
  EXPECT_EQ(find.argument("Author", "posts", "filter").kind, Input::filter);
  EXPECT_EQ(find.argument("Mutation", "updatePost", "input").kind, Input::input);
  EXPECT_EQ(find.argument("Mutation", "updatePost", "condition").kind, Input::condition);
  EXPECT_EQ(find.input("CreatePostInput", "title").kind, Input::input_column);
  EXPECT_EQ(find.input("CreatePostInput", "title").column, title);
  EXPECT_EQ(find.input("ModelPostFilterInput", "title").kind, Input::filter_column);
  EXPECT_EQ(find.input("ModelPostFilterInput", "title").column, title);
  EXPECT_EQ(find.input("ModelPostFilterInput", "and").kind, Input::filter_and);
  EXPECT_EQ(find.input("ModelPostConditionInput", "not").kind, Input::filter_not);
  EXPECT_EQ(find.input("ModelPostOrderByInput", "title").kind, Input::order_column);
  EXPECT_EQ(find.input("ModelStringInput", "beginsWith").filter, FilterOperator::begins_with);
  EXPECT_EQ(find.input("ModelStringInput", "size").filter, FilterOperator::size);
  EXPECT_EQ(find.input("ModelSizeInput", "ge").filter, FilterOperator::ge);
  EXPECT_EQ(find.input("ModelStringListInput", "contains").filter, FilterOperator::contains);

  for (const std::string_view name : {"limit", "offset", "nextToken", "sortDirection"})
    EXPECT_TRUE(find.argument("Query", "listPosts", name).shapes_statement) << name;
  EXPECT_TRUE(find.input("ModelPostOrderByInput", "title").shapes_statement);
  EXPECT_TRUE(find.input("ModelStringInput", "attributeExists").shapes_statement);
  EXPECT_TRUE(find.input("ModelStringInput", "attributeType").shapes_statement);
  EXPECT_FALSE(find.input("ModelStringInput", "eq").shapes_statement);
  EXPECT_FALSE(find.input("CreatePostInput", "title").shapes_statement);
  EXPECT_FALSE(find.argument("Query", "getPost", "id").shapes_statement);
}

std::string type_of_input(const Schema& schema, std::string_view type, std::string_view name) {
  const auto id = schema.graphql->find_type(type);
  const auto found = id ? schema.graphql->find_input_field(*id, name) : std::nullopt;
  return found ? schema.graphql->to_string((*schema.graphql)[*found].type) : "absent";
}

TEST(ApiSchema, InputsRequireWhatTheDatabaseDoesNotFill) {
  TestCatalog c;
  catalog::Column always = test_column("number", TypeKind::int32);
  always.identity = catalog::Identity::always;
  catalog::Column total = test_column("total", TypeKind::int32);
  total.generated = "a + b";
  catalog::Column made = text_column("code");
  made.client_default.kind = catalog::ClientDefault::Kind::cuid;
  catalog::Column changed = test_column("changed", TypeKind::timestamp);
  changed.updated_at = true;
  c.add({.name = "thing",
         .model_name = "Thing",
         .columns = {text_column("id"), always, total, made, changed, text_column("name"),
                     nullable(text_column("note")),
                     with_default(text_column("kind"), Default::Kind::literal)}});
  c.add({.name = "counter", .model_name = "Counter", .columns = {[] {
                                                       catalog::Column id = id_column();
                                                       id.identity = catalog::Identity::always;
                                                       return id;
                                                     }()}});
  const Built built = build(c.finish());
  ASSERT_TRUE(built.schema);
  const Schema& s = *built.schema;
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "id"), "String");  // filled with a UUID
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "number"), "absent");
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "total"), "absent");
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "code"), "String");
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "changed"), "DateTime");
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "name"), "String!");
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "note"), "String");
  EXPECT_EQ(type_of_input(s, "CreateThingInput", "kind"), "String");
  EXPECT_EQ(type_of_input(s, "UpdateThingInput", "id"), "String!");
  EXPECT_EQ(type_of_input(s, "UpdateThingInput", "name"), "String");
  EXPECT_EQ(type_of_input(s, "UpdateThingInput", "total"), "absent");
  EXPECT_EQ(type_of_input(s, "ModelThingConditionInput", "id"), "absent");
  EXPECT_EQ(type_of_input(s, "ModelThingFilterInput", "id"), "ModelStringInput");
  // The key of an identity that is always generated is still needed to say which row.
  EXPECT_EQ(type_of_input(s, "UpdateCounterInput", "id"), "BigInt!");
  EXPECT_FALSE(s.graphql->find_type("CreateCounterInput"));
}

TEST(ApiSchema, LeavesOutWhatHasNoKeyOrNoName) {
  TestCatalog c;
  c.add({.name = "good", .model_name = "Good", .columns = {id_column(), text_column("name")}});
  c.add({.name = "log", .model_name = "Log", .columns = {text_column("line")}, .key = {}});
  c.add({.name = "query", .model_name = "Query", .columns = {id_column()}});
  c.add({.name = "person", .model_name = "Person", .columns = {id_column()}});
  c.add({.name = "people", .model_name = "People", .columns = {id_column()}});
  c.add({.name = "a b", .model_name = "a b", .columns = {id_column()}});
  c.add({.name = "hidden", .model_name = "__Hidden", .columns = {id_column()}});
  c.add({.name = "string", .model_name = "ModelStringInput", .columns = {id_column()}});
  c.add({.name = "views", .model_name = "Views", .columns = {id_column()}, .kind = catalog::TableKind::view});
  const Built built = build(c.finish());
  ASSERT_TRUE(built.schema);
  EXPECT_EQ(
      built.messages,
      "TN3001: The table public.log has no primary key, so the API leaves it out.\n"
      "TN4005: The model Query (table public.query) is left out: the name Query is taken by the API itself.\n"
      "TN4005: The model People (table public.people) is left out: the name listPeople is taken by the model "
      "Person (table public.person).\n"
      "TN4005: The model a b (table public.a b) is left out: its name is no name in GraphQL.\n"
      "TN4005: The model __Hidden (table public.hidden) is left out: its name is no name in GraphQL.\n"
      "TN4005: The model ModelStringInput (table public.string) is left out: the name ModelStringInput is "
      "taken by the API itself.\n");
  EXPECT_TRUE(built.schema->graphql->find_type("Good"));
  EXPECT_TRUE(built.schema->graphql->find_type("Person"));
  EXPECT_FALSE(built.schema->graphql->find_type("Log"));
}

// The engine cannot be told which key an upsert means; with one key there is nothing to tell.
TEST(Schema, SaysWhatItsEngineDoesInAWayOfItsOwn) {
  TestCatalog c;
  c.add({.name = "tag",
         .model_name = "Tag",
         .columns = {id_column(), test_column("label", catalog::TypeKind::varchar, "varchar(40)")},
         .uniques = {{"label"}}});
  c.add({.name = "note",
         .model_name = "Note",
         .columns = {test_column("id", catalog::TypeKind::int64, "bigint"), text_column("body")}});
  const auto catalog = c.finish();
  EXPECT_EQ(build(catalog).messages, "");
  catalog->engine = catalog::Engine::mysql;
  EXPECT_EQ(build(catalog).messages,
            "TN4010: On MySQL and MariaDB an upsert changes a row that holds any unique key of its table, "
            "whatever `onConflict` says: upsertTag.\n");
}

TEST(ApiSchema, NamesEnumLabelsThatHaveNoUsableName) {
  TestCatalog c;
  const auto odd = c.add_enum("odd", "Odd", {{"x y", "x y"}, {"x-y", ""}, {"true", "true"}, {"ok", "ok"}});
  c.add({.name = "t", .model_name = "T", .columns = {id_column(), TestCatalog::enum_column("odd", odd)}});
  const Built built = build(c.finish());
  const graphql::Schema& schema = *built.schema->graphql;
  for (const char* name : {"value_x_y", "value_x_y_2", "value_true", "ok"})
    EXPECT_TRUE(schema.find_enum_value(*schema.find_type("Odd"), name)) << name;
  EXPECT_EQ(built.messages, "");
}

TEST(ApiSchema, LeavesOutEnumsAndFieldsWithoutAUsableName) {
  TestCatalog c;
  const auto bad = c.add_enum("bad", "Bad", {});
  const auto one = c.add_enum("one", "Same", {{"a", "a"}});
  const auto two = c.add_enum("two", "Same", {{"b", "b"}});
  catalog::Column reserved = text_column("odd");
  reserved.field_name = "__odd";
  c.add({.name = "t",
         .model_name = "T",
         .columns = {id_column(), TestCatalog::enum_column("bad", bad), TestCatalog::enum_column("one", one),
                     TestCatalog::enum_column("two", two), reserved, text_column("and")},
         .foreign_keys = {{{"id"}, "t", {"id"}, "one", "self"}}});
  const Built built = build(c.finish());
  ASSERT_TRUE(built.schema);
  EXPECT_EQ(built.messages,
            "TN4005: The enum Bad is left out with the columns of its type: it has no values.\n"
            "TN4005: The enum Same is left out: the name Same is taken by the enum Same.\n"
            "TN4005: The column odd of public.t is left out: __odd is no name in GraphQL.\n"
            "TN4005: The relation one of the model T is left out: its name is that of another field.\n");
  const auto t = *built.schema->graphql->find_type("T");
  EXPECT_FALSE(built.schema->graphql->find_field(t, "bad"));
  EXPECT_TRUE(built.schema->graphql->find_field(t, "one"));
  EXPECT_FALSE(built.schema->graphql->find_field(t, "two"));
  EXPECT_TRUE(built.schema->graphql->find_field(t, "and"));
}

TEST(ApiSchema, AnEnumStepsAsideForTheInputsEverySchemaHas) {
  TestCatalog c;
  const auto size = c.add_enum("size", "Size", {{"S", "S"}, {"M", "M"}});
  const auto date = c.add_enum("date", "date", {{"soon", "soon"}});
  c.add(
      {.name = "shirt",
       .model_name = "Shirt",
       .columns = {id_column(), TestCatalog::enum_column("size", size), TestCatalog::enum_column("day", date),
                   test_column("sold", TypeKind::date), text_column("name")}});
  const Built built = build(c.finish());
  ASSERT_TRUE(built.schema);
  EXPECT_EQ(built.messages, "");
  const Schema& s = *built.schema;
  EXPECT_EQ(type_of_input(s, "ModelShirtFilterInput", "size"), "ModelSizeEnumInput");
  EXPECT_EQ(type_of_input(s, "ModelSizeEnumInput", "eq"), "Size");
  EXPECT_EQ(type_of_input(s, "ModelShirtFilterInput", "day"), "ModelDateEnumInput");
  EXPECT_EQ(type_of_input(s, "ModelDateEnumInput", "eq"), "date");
  EXPECT_EQ(type_of_input(s, "ModelShirtFilterInput", "sold"), "ModelDateInput");
  EXPECT_EQ(type_of_input(s, "ModelStringInput", "size"), "ModelSizeInput");
}

policy::ModelRules rules_for(const ModelAccess& access) {
  using policy::Operation;
  policy::Operations operations;
  if (access.get) operations.add(Operation::get);
  if (access.list) operations.add(Operation::list);
  if (access.get && access.list) operations.add(Operation::listen);
  if (access.create) operations.add(Operation::create);
  if (access.update) operations.add(Operation::update);
  if (access.remove) operations.add(Operation::remove);
  policy::ModelRules rules;
  if (!operations.empty()) rules.rules.push_back({.operations = operations});
  return rules;
}

// An overlay whose rules give everybody this.
Overlay overlay_with(std::vector<ModelAccess> access) {
  Overlay overlay;
  for (const ModelAccess& one : access) overlay.rules.push_back(rules_for(one));
  overlay.access = std::move(access);
  return overlay;
}

TEST(ApiSchema, ShowsOnlyWhatAccessAllows) {
  const auto catalog = blog().finish();
  std::vector<ModelAccess> access(catalog->tables.size());
  access[catalog->find_model("Author")->value] = {.get = true};
  access[catalog->find_model("Post")->value] = {.get = true, .create = true};
  base::Diagnostics diagnostics;
  const auto schema = build_schema(catalog, overlay_with(access), diagnostics);
  ASSERT_TRUE(schema) << messages(diagnostics);
  const graphql::Schema& types = *schema->graphql;
  const auto has = [&](std::string_view type, std::string_view field) {
    const auto id = types.find_type(type);
    return id && types.find_field(*id, field);
  };
  EXPECT_TRUE(has("Query", "getAuthor"));
  EXPECT_FALSE(has("Query", "listAuthors"));
  EXPECT_TRUE(has("Mutation", "createPost"));
  EXPECT_FALSE(has("Mutation", "deletePost"));
  EXPECT_FALSE(has("Mutation", "createAuthor"));
  EXPECT_TRUE(has("Post", "author"));
  EXPECT_FALSE(has("Author", "posts"));    // posts may not be listed
  EXPECT_FALSE(has("Author", "profile"));  // profiles may not be read at all
  EXPECT_FALSE(types.find_type("AuthorProfile"));
  EXPECT_FALSE(types.find_type("UpdatePostInput"));
}

TEST(ApiSchema, OfNothingIsAnErrorThatSaysHowToOpenAModel) {
  const auto catalog = blog().finish();
  base::Diagnostics diagnostics;
  std::vector<ModelAccess> closed(catalog->tables.size());
  EXPECT_FALSE(build_schema(catalog, overlay_with(closed), diagnostics));
  ASSERT_EQ(diagnostics.error_count(), 1);
  EXPECT_EQ(diagnostics.all()[0].code.text, "TN4007");
  EXPECT_NE(diagnostics.all()[0].help.find("@auth(rules: [{ allow: public }])"), std::string::npos);

  closed[0] = {.create = true};
  base::Diagnostics write_only;
  EXPECT_FALSE(build_schema(catalog, overlay_with(closed), write_only));
  EXPECT_EQ(messages(write_only), "TN4007: The API would have no queries: no model can be read.\n");
}

TEST(ApiSchema, HasNoMutationWhenNothingMayBeWritten) {
  const auto catalog = blog().finish();
  const std::vector<ModelAccess> access(catalog->tables.size(), {.get = true, .list = true});
  base::Diagnostics diagnostics;
  const auto schema = build_schema(catalog, overlay_with(access), diagnostics);
  ASSERT_TRUE(schema);
  EXPECT_FALSE(schema->graphql->find_type("Mutation"));
  EXPECT_FALSE(schema->graphql->find_type("ModelPostConditionInput"));
}

// A model may have the name of an input that a relation would have.
TEST(ApiSchema, InputsOfRelationsStepAsideForModels) {
  TestCatalog c;
  c.add({.name = "author", .model_name = "Author", .columns = {id_column()}});
  c.add({.name = "post",
         .model_name = "Post",
         .columns = {id_column(), test_column("author_id", TypeKind::int64)},
         .foreign_keys = {{{"author_id"}, "author", {"id"}, "author", "posts"}}});
  c.add({.name = "other", .model_name = "PostAuthorRelation", .columns = {id_column(), text_column("x")}});
  const Built built = build(c.finish());
  ASSERT_TRUE(built.schema) << built.messages;
  EXPECT_TRUE(built.schema->graphql->find_type("CreatePostAuthorRelationInput_"));
}

// A row whose referred column may be missing cannot take or get related rows.
TEST(ApiSchema, RelationsToColumnsThatMayBeNullAreNotWritten) {
  TestCatalog c;
  c.add({.name = "author",
         .model_name = "Author",
         .columns = {id_column(), nullable(text_column("code"))},
         .uniques = {{"code"}}});
  c.add({.name = "post",
         .model_name = "Post",
         .columns = {id_column(), text_column("author_code")},
         .foreign_keys = {{{"author_code"}, "author", {"code"}, "author", "posts"}}});
  const Built built = build(c.finish());
  ASSERT_TRUE(built.schema) << built.messages;
  const graphql::Schema& types = *built.schema->graphql;
  EXPECT_FALSE(types.find_input_field(*types.find_type("CreateAuthorInput"), "posts"));
  EXPECT_FALSE(types.find_input_field(*types.find_type("CreatePostInput"), "author"));
}

// Seconds of this process: how busy the machine is does not matter.
double seconds_to_build(int tables) {
  TestCatalog c;
  for (int i = 0; i < tables; ++i) {
    std::vector<catalog::Column> columns{id_column(), nullable(test_column("parent_id", TypeKind::int64))};
    for (int j = 0; j < 12; ++j) columns.push_back(text_column(fmt::format("field_{}", j)));
    c.add({.name = fmt::format("table_{}", i),
           .model_name = fmt::format("Table{}x", i),
           .columns = std::move(columns),
           .foreign_keys = {{{"parent_id"},
                             fmt::format("table_{}", i / 2),
                             {"id"},
                             "parent",
                             fmt::format("children_{}", i)}}});
  }
  const auto catalog = c.finish();
  const std::clock_t start = std::clock();
  const Built built = build(catalog);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  EXPECT_TRUE(built.schema) << built.messages;
  return seconds;
}

// Forty times the tables take about sixty times as long; were each compared with all others, 1,600 times.
TEST(ApiSchema, OfAThousandTablesTakesLittleTime) {
  const double of_few = seconds_to_build(25);
  const double of_many = seconds_to_build(1'000);
  RecordProperty("seconds", fmt::to_string(of_many));
  RecordProperty("times", fmt::to_string(of_many / of_few));
  EXPECT_LT(of_many, 300 * of_few);
  EXPECT_LT(of_many, 100.0);  // sanitized builds on slow machines included
}

}  // namespace
}  // namespace tenon::api
