// What all statements share: names, values, steps; and the dialect that puts them together.
#include "sql/dialect.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "sql/mysql/dialect_text.h"
#include "sql/mysql/search_text.h"

namespace tenon::sql {

namespace mysql {

using catalog::TypeKind;

bool is_text(const catalog::ColumnType& type) {
  return type.kind == TypeKind::text || type.kind == TypeKind::varchar || type.kind == TypeKind::character ||
         type.kind == TypeKind::enumeration || type.kind == TypeKind::set;
}

namespace {

constexpr EngineWords words{.quoting = {.identifier_quote = '`', .numbered_placeholders = false},
                            .before_differing = "NOT (",
                            .differs = " <=> ",
                            .after_differing = ")",
                            .offset_needs_limit = true};

bool is_bit(const catalog::ColumnType& type) {
  return type.kind == TypeKind::bit || (type.kind == TypeKind::boolean && type.native.starts_with("bit"));
}

std::string_view suffix(BindType type) {
  switch (type) {
    case BindType::integer:
      return ":int";
    case BindType::unsigned_integer:
      return ":uint";
    case BindType::decimal:
      return ":decimal";
    case BindType::date:
      return ":date";
    case BindType::time:
      return ":time";
    case BindType::datetime:
      return ":datetime";
    case BindType::float64:
      return ":float";
    case BindType::bytes:
      return ":bytes";
    case BindType::text:
      break;
  }
  return "";
}

// What people read behind the `?`.
std::string note(const Argument& argument) {
  std::string text;
  switch (argument.source) {
    case Argument::Source::parameter:
      text = fmt::format("{}", argument.index + 1);
      break;
    case Argument::Source::element:
      text = fmt::format("{}[]", argument.index + 1);
      break;
    case Argument::Source::cell:
      text = fmt::format("#{}.{}", argument.step, argument.index);
      break;
    case Argument::Source::cells:
      text = fmt::format("#{}.{}[]", argument.step, argument.index);
      break;
  }
  return text.append(suffix(argument.type));
}

}  // namespace

BindType bind_type(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return is_bit(type) ? BindType::unsigned_integer : BindType::integer;
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
      return type.is_unsigned ? BindType::unsigned_integer : BindType::integer;
    case TypeKind::year:
      return BindType::integer;
    case TypeKind::bit:
      return BindType::unsigned_integer;
    case TypeKind::float32:
    case TypeKind::float64:
      return BindType::float64;
    case TypeKind::bytes:
      return BindType::bytes;
    case TypeKind::decimal:
      return BindType::decimal;
    case TypeKind::date:
      return BindType::date;
    case TypeKind::time:
      return BindType::time;
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return BindType::datetime;
    default:
      return BindType::text;
  }
}

StatementText::StatementText(const catalog::Catalog& catalog, const Capabilities& can)
    : StatementWriter(catalog, words), can_(can) {}

// --- steps

std::uint32_t StatementText::end_step(std::optional<std::uint32_t> when_rows) {
  const auto number = static_cast<std::uint32_t>(program_->steps.size());
  const std::string& text = out_.str();
  std::string shown;
  std::size_t done = 0;
  for (const Note& note : notes_) {
    shown.append(text, done, note.at - done).append(note.text);
    done = note.at;
  }
  shown.append(text, done);
  if (!shown_.empty()) shown_ += "; ";
  if (when_rows) shown_ += fmt::format("[if #{}] ", *when_rows);
  shown_ += shown;

  step_.text = out_.take();
  step_.hash = base::hash128(step_.text);
  step_.when_rows = when_rows;
  program_->steps.push_back(std::exchange(step_, {}));
  out_ = Text(words.quoting);
  notes_.clear();
  scopes_ = 0;
  return number;
}

Statement StatementText::finish() {
  if (!out_.str().empty()) end_step();
  Statement statement{
      .text = std::move(shown_), .hash = {}, .parameter_count = parameter_count_, .program = program_};
  statement.hash = base::hash128(statement.text);
  return statement;
}

// One step whose text is the owner's, with a `?` and the type of its value for each name.
Statement StatementText::own(const OwnStatement& own) {
  Step step;
  std::size_t done = 0;
  for (const OwnStatement::Place& place : own.places) {
    step.text.append(own.text, done, place.begin - done).append("?");
    done = place.end;
    const catalog::ColumnType& type = catalog_[own.columns[place.parameter.value]].type;
    step.arguments.push_back({.index = place.parameter.value, .type = bind_type(type)});
  }
  step.text.append(own.text, done);
  step.hash = base::hash128(step.text);
  Statement statement{.text = step.text,
                      .hash = step.hash,
                      .parameter_count = static_cast<std::uint32_t>(own.columns.size()),
                      .program = nullptr};
  if (step.arguments.empty()) return statement;
  // The same text may be bound in other types.
  for (const Argument& argument : step.arguments) statement.text.append(note(argument));
  statement.hash = base::hash128(statement.text);
  program_->steps.push_back(std::move(step));
  statement.program = program_;
  return statement;
}

void StatementText::argument(const Origin& value, BindType type) {
  const Argument argument{.source = value.source, .index = value.index, .step = value.step, .type = type};
  if (value.source == Argument::Source::parameter || value.source == Argument::Source::element)
    parameter_count_ = std::max(parameter_count_, value.index + 1);
  step_.arguments.push_back(argument);
  out_.parameter(value.index);
  notes_.push_back({out_.str().size(), note(argument)});
}

void StatementText::begin_repeat() {
  open_repeats_.push_back(step_.repeats.size());
  Repeat& repeat = step_.repeats.emplace_back();
  repeat.begin = static_cast<std::uint32_t>(out_.str().size());
  repeat.first_argument = static_cast<std::uint32_t>(step_.arguments.size());
  notes_.push_back({out_.str().size(), "{"});
}

void StatementText::end_repeat(Literal separator, Literal empty, Repeat::Padding padding, bool may_split) {
  Repeat& repeat = step_.repeats[open_repeats_.back()];
  open_repeats_.pop_back();
  repeat.end = static_cast<std::uint32_t>(out_.str().size());
  repeat.argument_count = static_cast<std::uint32_t>(step_.arguments.size()) - repeat.first_argument;
  repeat.separator = separator.text();
  repeat.empty = empty.text();
  repeat.padding = padding;
  repeat.may_split = may_split;
  notes_.push_back(
      {out_.str().size(), repeat.separator == ", " ? "}" : fmt::format("}}{{{}}}", repeat.separator)});
}

// --- values

void StatementText::output(const ColumnRef& ref) {
  const catalog::ColumnType& type = catalog_[ref.column].type;
  const bool is_number = is_bit(type);
  const bool is_shape = type.kind == TypeKind::geometry;
  if (is_number) out_ << "(";
  if (is_shape) out_ << "ST_AsText(";
  column(ref);
  if (is_number) out_ << " + 0)";
  if (is_shape) out_ << ")";
}

void StatementText::text_of(const ColumnRef& ref) {
  if (is_text(catalog_[ref.column].type)) return column(ref);
  out_ << "CAST(";
  column(ref);
  out_ << " AS CHAR)";
}

// A double, compared with a float of 32 bits, would never be equal to 0.1.
void StatementText::comparand(const catalog::ColumnType& type, const Origin& value) {
  if (type.kind != TypeKind::float32 || !can_.cast_to_float) return stored(type, value);
  out_ << "CAST(";
  argument(value, BindType::float64);
  out_ << " AS FLOAT)";
}

void StatementText::stored(const catalog::ColumnType& type, const Origin& value) {
  const bool is_shape = type.kind == TypeKind::geometry;
  if (is_shape) out_ << "ST_GeomFromText(";
  argument(value, bind_type(type));
  if (is_shape) out_ << ")";
}

}  // namespace mysql

namespace {

class MysqlDialect final : public WrittenDialect {
 public:
  explicit MysqlDialect(const ServerVersion& server) : can_(mysql::capabilities_of(server)) {}

  std::string_view name() const override { return "mysql"; }

  using WrittenDialect::render;
  Statement render(const OwnStatement& own) const override {
    mysql::StatementText writer(*own.catalog, can_);
    return writer.own(own);
  }
  // A statement here may be several to the server, which no part of another can be.
  std::optional<Statement> render(const Bundle& /*bundle*/) const override { return std::nullopt; }
  bool bundles() const override { return false; }
  bool skips_among_many() const override { return false; }
  std::string search_words(std::string_view typed) const override { return mysql::boolean_search(typed); }

  // Of a program, its first step that looks for rows or writes them: it uses nothing but the parameters.
  Statement explained(const Statement& statement) const override {
    const auto* program = static_cast<const mysql::Program*>(statement.program.get());
    if (program == nullptr) return explained_as(how(statement.text), statement, nullptr);
    mysql::Step step = *std::ranges::find_if(
        program->steps, [](const mysql::Step& each) { return !each.text.starts_with("DO "); });
    const std::string_view before = how(step.text);
    for (mysql::Repeat& repeat : step.repeats) {
      repeat.begin += static_cast<std::uint32_t>(before.size());
      repeat.end += static_cast<std::uint32_t>(before.size());
    }
    step.text.insert(0, before);
    step.hash = base::hash128(step.text);
    auto explaining = std::make_shared<mysql::Program>();
    explaining->steps.push_back(std::move(step));
    return explained_as(before, statement, std::move(explaining));
  }

 private:
  std::unique_ptr<StatementWriter> writer(const catalog::Catalog& catalog) const override {
    return std::make_unique<mysql::StatementText>(catalog, can_);
  }

  std::string_view how(std::string_view text) const {
    if (can_.analyze_statement) return "ANALYZE FORMAT=JSON ";
    const bool reads = text.starts_with("SELECT") || text.starts_with("(SELECT");
    return can_.explain_analyze && reads ? "EXPLAIN ANALYZE " : "EXPLAIN ";
  }

  static Statement explained_as(std::string_view how, const Statement& statement,
                                std::shared_ptr<const mysql::Program> program) {
    Statement result{.text = std::string(how) + statement.text,
                     .hash = {},
                     .parameter_count = statement.parameter_count,
                     .program = std::move(program)};
    result.hash = base::hash128(result.text);
    return result;
  }

  mysql::Capabilities can_;
};

}  // namespace

std::shared_ptr<const Dialect> mysql_dialect(const ServerVersion& server) {
  return std::make_shared<const MysqlDialect>(server);
}

}  // namespace tenon::sql
