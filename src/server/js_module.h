// What a JavaScript or TypeScript module exports, as far as that stands in its text: object and array
// literals, strings, environment variables, constants of the module, path.join. Nothing is run; what would
// have to be run is a `dynamic` value with its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace tenon::server {

struct JsMember;

struct JsValue {
  enum class Kind : std::uint8_t {
    undefined,    // also null
    boolean,      // `text` is true or false
    number,       // `text` as it is written
    string,       // `text` decoded
    environment,  // env('X'), process.env.X ?? 'y': `names` in order, then `text` unless it is empty
    array,
    object,
    dynamic,  // `text` says what it is: "a call of load"
  };
  Kind kind = Kind::undefined;
  std::string text;
  std::vector<std::string> names;
  std::vector<JsValue> items;
  std::vector<JsMember> members;
  base::Span span;

  bool is(Kind wanted) const { return kind == wanted; }
  // The last member of that name; nullptr when there is none.
  const JsValue* find(std::string_view name) const;
};

struct JsMember {
  std::string name;  // empty for `...other`, whose value is dynamic
  JsValue value;
  base::Span name_span;
};

struct JsModule {
  // Of `export default` or `module.exports`; `undefined` with an empty span when there is neither. The
  // argument stands for a call of defineConfig.
  JsValue exported;
  // .env files that the module loads with dotenv or process.loadEnvFile, as it names them.
  std::vector<std::string> dotenv_files;
  // Where the text cannot be JavaScript: a string, template or comment that is not closed.
  bool broken = false;
  base::Span broken_at;
};

// Linear in the text; literals are followed to SchemaLimits::nesting_max.
JsModule read_js_module(const base::SourceSet& sources, base::SourceId source);

}  // namespace tenon::server
