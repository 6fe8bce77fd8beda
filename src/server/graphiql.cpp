#include "server/graphiql.h"

#include "base/json_writer.h"
#include "server/cors.h"

// graphiql_assets.S
extern "C" {
extern const char tenon_asset_react[], tenon_asset_react_end[];
extern const char tenon_asset_react_dom[], tenon_asset_react_dom_end[];
extern const char tenon_asset_graphiql_js[], tenon_asset_graphiql_js_end[];
extern const char tenon_asset_graphiql_css[], tenon_asset_graphiql_css_end[];
extern const char tenon_asset_page_js[], tenon_asset_page_js_end[];
extern const char tenon_asset_page_css[], tenon_asset_page_css_end[];
extern const char tenon_asset_page_html[], tenon_asset_page_html_end[];
}

namespace tenon::server {

namespace {

constexpr std::string_view script = "text/javascript; charset=utf-8";
constexpr std::string_view style = "text/css; charset=utf-8";
constexpr std::string_view config_mark = "{{config}}";

// Scripts and requests only from and to this server. GraphiQL's editor sets style attributes, and its style
// sheet carries its fonts.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// JSON inside a script element: no "</script>" and no "<!--" can appear in it.
std::string for_script_element(std::string_view json) {
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace

Graphiql::Graphiql(GraphiqlOptions options) : options_(std::move(options)) {
  const auto add = [&](std::string_view path, std::string_view type, const char* begin, const char* end) {
    const std::string_view content = between(begin, end);
    assets_.push_back({path, {.content_type = type, .gzipped = content, .etag = net::etag_of(content)}});
  };
  add("/graphiql/react.js", script, tenon_asset_react, tenon_asset_react_end);
  add("/graphiql/react-dom.js", script, tenon_asset_react_dom, tenon_asset_react_dom_end);
  add("/graphiql/graphiql.js", script, tenon_asset_graphiql_js, tenon_asset_graphiql_js_end);
  add("/graphiql/graphiql.css", style, tenon_asset_graphiql_css, tenon_asset_graphiql_css_end);
  add("/graphiql/page.js", script, tenon_asset_page_js, tenon_asset_page_js_end);
  add("/graphiql/page.css", style, tenon_asset_page_css, tenon_asset_page_css_end);
}

std::optional<net::Response> Graphiql::answer(const net::Request& request) const {
  if (request.path == "/") return page(request, is_local_host(request.header("host")));
  for (const auto& [path, asset] : assets_) {
    if (path == request.path) return net::serve_asset(request, asset);
  }
  return std::nullopt;
}

net::Response Graphiql::page(const net::Request& request, bool with_key) const {
  net::Response response;
  if (request.method != net::Method::get && request.method != net::Method::head) {
    response.status = 405;
    response.add_header("allow", "GET, HEAD");
    return response;
  }
  std::string config;
  base::JsonWriter json(config);
  json.begin_object().member("endpoint", std::string_view(options_.graphql_path));
  json.key("headers").begin_object();
  if (with_key) json.member("x-api-key", std::string_view(options_.api_key.reveal()));
  json.end_object().end_object();

  const std::string_view html = between(tenon_asset_page_html, tenon_asset_page_html_end);
  const std::size_t mark = html.find(config_mark);
  response.content_type = "text/html; charset=utf-8";
  response.gzip_allowed = false;
  response.body.append(html.substr(0, mark))
      .append(for_script_element(config))
      .append(html.substr(mark + config_mark.size()));
  const std::string etag = net::etag_of(response.body);
  response.add_header("etag", etag)
      .add_header("cache-control", "no-cache")
      .add_header("content-security-policy", content_security_policy)
      .add_header("referrer-policy", "no-referrer")
      .add_header("x-content-type-options", "nosniff");
  if (net::none_match_names(request.header("if-none-match"), etag)) {
    response.status = 304;
    response.body.clear();
    response.content_type = {};
  }
  return response;
}

}  // namespace tenon::server
