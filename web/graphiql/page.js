// Starts GraphiQL on this server's API. The server puts the endpoint and its headers into #config.
(() => {
  const { endpoint, headers } = JSON.parse(document.getElementById('config').textContent);
  const h = React.createElement;

  const request = async (params, options) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...headers,
        ...options?.headers,
      },
      body: JSON.stringify(params),
    });
    return response.json();
  };

  // The first list of the schema, with some of its columns: something that runs as it is.
  const welcome = '# The API of your database.\n# Ctrl-Enter runs a query; the book on the left\n# opens its documentation.\n\n';
  const named = (type) => (type.ofType ? named(type.ofType) : type);
  const leaves = (type) =>
    type.fields
      .filter((f) => ['SCALAR', 'ENUM'].includes(named(f.type).kind) && f.args.every((a) => a.type.kind !== 'NON_NULL'))
      .slice(0, 6)
      .map((f) => f.name);
  const exampleQuery = async () => {
    const { data } = await request({
      query: `{ __schema { queryType { name } types { kind name fields {
        name args { name type { kind } } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`,
    });
    const types = new Map(data.__schema.types.map((type) => [type.name, type]));
    for (const field of types.get(data.__schema.queryType.name).fields) {
      const items = types.get(named(field.type).name)?.fields?.find((f) => f.name === 'items');
      const row = items && types.get(named(items.type).name);
      if (!row || !leaves(row).length || field.args.some((a) => a.type.kind === 'NON_NULL')) continue;
      const limit = field.args.some((a) => a.name === 'limit') ? '(limit: 10)' : '';
      return `${welcome}query {\n  ${field.name}${limit} {\n    items {\n${leaves(row).map((name) => `      ${name}\n`).join('')}    }\n  }\n}\n`;
    }
    return `${welcome}query {\n  __typename\n}\n`;
  };

  const logo = h(
    GraphiQL.Logo,
    null,
    h('span', { className: 'tenon-logo' }, h('svg', { viewBox: '0 0 16 16', 'aria-hidden': true }, h('path', { d: 'M1 2h14v4h-4v8H5V6H1z' })), 'Tenon'),
  );
  const start = (defaultQuery) =>
    ReactDOM.createRoot(document.getElementById('graphiql')).render(
      h(GraphiQL, {
        fetcher: request,
        defaultQuery,
        shouldPersistHeaders: false,
        onSchemaChange: (schema) => (window.schemaTypes = Object.keys(schema.getTypeMap()).length),
      }, logo),
    );
  exampleQuery().catch(() => `${welcome}query {\n  __typename\n}\n`).then(start);
})();
