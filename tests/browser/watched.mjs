// A browser whose pages are watched: each fails its test on a request to another host, on a console error, on
// a breach of the content security policy, and on a write to the browser's storage.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const wide = { width: 1280, height: 800 };
const patience = 90_000;

export function launched() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  args.push('--disable-component-update', '--disable-sync');
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

// A fresh page at an address, watched while `story` is told on it.
export async function watched(browser, home, ready, story, { expected = /^$/, prepared = async () => {}, ...options } = {}) {
  const context = await browser.newContext({ viewport: wide, ...options });
  const faults = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const own = protocol === 'data:' || request.url().startsWith(`blob:${home.origin}/`);
    if (!own && origin !== home.origin) faults.push(`request to ${request.url()}`);
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      console.error(`policy: ${effectiveDirective} ${blockedURI.slice(0, 80)}`);
    });
    Storage.prototype.setItem = (key) => console.error(`stored: ${key}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) faults.push(message.text().slice(0, 300));
  });
  try {
    await prepared(page);
    const response = await page.goto(home.href);
    await ready(page);
    await story(page, response);
  } finally {
    await context.close();
  }
  assert.deepEqual(faults, []);
}

// What the browser keeps of a page's.
export const kept = (page) =>
  page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: 'caches' in window ? (await caches.keys()).length : 0,
    cookies: document.cookie,
  }));
