// Compiles the documents of the API with GraphQL Code Generator and the sources in src/ with Relay,
// against the schema file, and looks at what they wrote to out/.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
rmSync('out', { recursive: true, force: true });
mkdirSync('out/relay', { recursive: true });

const read = (path) => readFileSync(path, 'utf8');
const artifact = (name) => read(`out/relay/${name}.graphql.ts`);

/** The text of the query that Relay sends. */
const sent = (name) => JSON.parse(/"text": (".*")/.exec(artifact(name))[1]);

/** Runs a compiler of node_modules; what it says matters only if it fails. */
function run(...args) {
  const env = { ...process.env, FORCE_NO_WATCHMAN: '1' };
  const { error, signal, status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env,
    timeout: 120_000,
  });
  if (status !== 0) {
    throw error ?? new Error(`${signal ?? `exit ${status}`}\n${stdout}${stderr}`);
  }
}

/** The operations of all documents, as `{ name, operation }`. */
function operations() {
  const folder = '../../api/documents';
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .flatMap((file) => parse(read(`${folder}/${file}`)).definitions)
    .filter(({ kind }) => kind === 'OperationDefinition')
    .map(({ name, operation }) => ({ name: name?.value, operation }));
}

const checks = {
  'relay-compiler compiles src/'() {
    run('node_modules/relay-compiler/cli.js', 'relay.config.json');
  },

  'Relay pages through families as a connection'() {
    assert.match(
      artifact('Families_list'),
      /"connection": \[\s+\{\s+"count": "count",\s+"cursor": "cursor",\s+"direction": "forward"/,
    );
    assert.match(sent('FamiliesNextPageQuery'), /pageInfo \{\s+endCursor\s+hasNextPage/);
  },

  'Relay fetches a fragment again through node(id:)'() {
    assert.match(sent('NodeFamilyRefetchQuery'), /\bnode\(id: \$id\)/);
  },

  'graphql-js validates what Relay sends'() {
    const schema = buildSchema(read('../../schema.graphql'));
    const queries = readdirSync('out/relay').filter((file) => file.endsWith('Query.graphql.ts'));
    assert.equal(queries.length, 4);
    for (const file of queries) {
      const text = sent(file.replace('.graphql.ts', ''));
      assert.deepEqual(validate(schema, parse(text)).map(String), [], file);
    }
  },

  'Relay types the custom scalars as strings'() {
    assert.match(artifact('Families_family'), /readonly birthDate: string \|/);
    assert.match(artifact('Families_family'), /readonly updatedAt: string;/);
    assert.match(artifact('NodeQuery'), /readonly amount: string;/);
    assert.match(artifact('NodeQuery'), /readonly deathDate\?: string \|/);
  },

  'graphql-codegen compiles the documents'() {
    run('node_modules/@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen.yml');
  },

  'graphql-codegen types every operation of the documents'() {
    const types = read('out/codegen/documents.ts');
    const found = operations();
    assert.notEqual(found.length, 0, 'no operations');
    for (const { name, operation } of found) {
      const kind = operation[0].toUpperCase() + operation.slice(1);
      assert.ok(types.includes(`export type ${name}${kind} = `), `no type ${name}${kind}`);
    }
  },

  'graphql-codegen types the custom scalars as strings'() {
    const types = read('out/codegen/documents.ts');
    for (const scalar of ['Date', 'DateTime', 'Decimal', 'PartialDate']) {
      assert.ok(types.includes(`  ${scalar}: { input: string; output: string; }`), scalar);
    }
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.message}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
