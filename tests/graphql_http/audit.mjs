// Runs all audits of graphql-http against a server. HEARTH_URL is its GraphQL address, HEARTH_TOKEN a
// token with free-form documents and schema:introspect: some audits ask for __type.
import { serverAudits } from 'graphql-http';

const { HEARTH_URL: url, HEARTH_TOKEN: token } = process.env;
if (!url || !token) {
  console.error('Set HEARTH_URL and HEARTH_TOKEN.');
  process.exit(2);
}

const fetchFn = (address, options = {}) =>
  fetch(address, { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } });

let passed = 0;
let failed = 0;
for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn().catch((error) => ({ status: 'broken', reason: String(error) }));
  if (result.status === 'ok') {
    passed += 1;
  } else {
    failed += 1;
    console.log(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
