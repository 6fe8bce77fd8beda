#include "psl/check/check.h"

#include "psl/check/resolve.h"
#include "psl/check/rules.h"
#include "psl/parser.h"

namespace tenon::psl {

CheckedSchema check_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                           base::Diagnostics& diagnostics, const CheckOptions& options) {
  CheckedSchema schema;
  // A diagnostics of its own, so that the caller's earlier errors do not look like errors of these files.
  base::Diagnostics found;
  schema.trees.reserve(files.size());
  const ParseOptions grammar{.has_objects = options.compat != PrismaCompat::v6};
  for (const base::SourceId file : files) schema.trees.push_back(parse(sources, file, found, grammar));
  Resolving resolving{.trees = schema.trees, .resolved = schema.resolved, .diagnostics = found};
  resolve_names(resolving);
  resolve_types(resolving);
  resolve_attributes(resolving);
  resolve_relations(resolving);
  schema.names_resolved = !found.has_errors();
  schema.configuration = read_configuration(sources, schema.trees, options.compat, found);
  if (!found.has_errors()) check_rules(schema, options, found);
  schema.complete = !found.has_errors();
  // Errors before warnings, each as they were found.
  for (const bool is_error : {true, false})
    for (const base::Diagnostic& diagnostic : found.all())
      if ((diagnostic.severity == base::Severity::error) == is_error) diagnostics.add(diagnostic);
  diagnostics.omit(found.omitted());
  return schema;
}

}  // namespace tenon::psl
