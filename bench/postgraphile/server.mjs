// PostGraphile as its documentation recommends it for production, with the plugins that the operations need.
// env: DATABASE_URL, PORT, POOL (connections). Prints "ready" when it listens.
import { createServer } from 'node:http';
import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import { grafserv } from 'postgraphile/grafserv/node';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';

const preset = {
  disablePlugins: ['PgIndexBehaviorsPlugin'], // or columns without an index can neither be filtered nor sorted
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PgAggregatesPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['bench'], poolConfig: { max: Number(process.env.POOL ?? 16) } })],
  schema: { connectionFilterRelations: true, defaultBehavior: 'list connection' },
  grafserv: { graphqlPath: '/graphql', watch: false, graphiql: false, maxRequestLength: 1_000_000 },
  grafast: { explain: false },
};
process.env.NODE_ENV ??= 'production';
const instance = postgraphile(preset);
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
