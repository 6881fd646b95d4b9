// PostGraphile 5 on Hearth's tables. The organisations that a request sees come in the header
// `x-organisations`, as uuids separated by commas; row-level security reads them.
//
// Environment: DATABASE_URL, PORT, POOL_SIZE.
import { createServer } from "node:http";
import { grafserv } from "grafserv/node";
import { NoSchemaIntrospectionCustomRule } from "graphql";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { DATABASE_URL, PORT, POOL_SIZE } = process.env;

/** Refuses introspection, as in production. */
const NoIntrospectionPlugin = {
  name: "NoIntrospectionPlugin",
  version: "1.0.0",
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(NoSchemaIntrospectionCustomRule);
        return next();
      },
    },
  },
};

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [NoIntrospectionPlugin],
  pgServices: [
    makePgService({
      connectionString: DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: Number(POOL_SIZE) },
    }),
  ],
  schema: { defaultBehavior: "+list", pgForbidSetofFunctionsToReturnNull: true },
  grafast: {
    explain: false,
    context: ({ node }) => ({
      pgSettings: { "hearth.organisations": node?.req.headers["x-organisations"] ?? "" },
    }),
  },
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false, watch: false },
};

const server = createServer();
server.keepAliveTimeout = 60_000;
const instance = postgraphile(preset);
await instance.createServ(grafserv).addTo(server);
await instance.getSchema();
server.listen(Number(PORT), "127.0.0.1");
