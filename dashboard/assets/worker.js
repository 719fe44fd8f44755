/* Keeps the shell and a few pages readable without a connection. Served as /worker.js.

   A kept page is never shown while the server answers, never without the words that say it is kept
   and of when, and never with the scripts that would take it for the live page. Pages of one reader
   are gone before another's are kept. */
"use strict";

const VERSION = "@@VERSION@@", SHELL = @@SHELL@@;
const SHELL_CACHE = "shell-" + VERSION, PAGES = "pages-" + VERSION;
const MOST = 60, READER = "/reader", KEPT = /^(\/en)?\/?(alerts(\/[^/]+)?|provinces(\/[^/]+)?)?$/;

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(SHELL_CACHE)
    .then(function (cache) {
      return cache.addAll(SHELL.map(function (path) { return new Request(path, { credentials: "omit" }); }));
    })
    .then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys()
    .then(function (names) {
      return Promise.all(names
        .filter(function (name) { return name !== SHELL_CACHE && name !== PAGES; })
        .map(function (name) { return caches.delete(name); }));
    })
    .then(function () { return self.clients.claim(); }));
});

/* One at a time: what is kept, and that it is forgotten. A page asked for before a log-in or log-out
   is not kept when its answer comes after it. */
let era = 0, turn = Promise.resolve();

function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(function () { /* told to whoever asked for it; the next has its turn */ });
  return done;
}

function forget() {
  era += 1;
  return inTurn(function () { return caches.delete(PAGES); });
}

/* Whose pages are kept. Another reader's, or none said: they are gone first. */
async function readBy(reader) {
  const held = await (await caches.open(PAGES)).match(READER);
  if (held && (await held.text()) !== reader) { await caches.delete(PAGES); }
  await (await caches.open(PAGES)).put(READER, new Response(reader));
}

async function keep(path, answer, asked) {
  const reader = answer.headers.get("Labourwatch-Reader");
  if (!reader) { return; }
  const text = await answer.text();
  const until = Date.now() + 1000 * Number(answer.headers.get("Labourwatch-Keep") || 0);
  const headers = new Headers(answer.headers);
  headers.set("Kept-Until", String(until));
  await inTurn(async function () {
    if (asked !== era) { return; }
    await readBy(reader);
    if (!answer.ok || answer.redirected || until <= Date.now() || !KEPT.test(path)) { return; }
    await put(path, new Response(text, { headers: headers }));
  });
}

async function put(path, page) {
  const cache = await caches.open(PAGES);
  await cache.delete(path);
  await cache.put(path, page);
  const paths = await cache.keys();
  const extra = paths.filter(function (one) { return new URL(one.url).pathname !== READER; });
  await Promise.all(extra.slice(0, Math.max(0, extra.length - MOST)).map(function (one) { return cache.delete(one); }));
}

/* The page as it was kept: with its mark, without any script. */
async function kept(path) {
  const cache = await caches.open(PAGES), held = await cache.match(path, { ignoreVary: true });
  if (held && Number(held.headers.get("Kept-Until")) > Date.now()) {
    const text = (await held.text())
      .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "")
      .replace('class="kept" hidden', 'class="kept"');
    return new Response(text, { headers: {
      "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
      "Content-Security-Policy": held.headers.get("Content-Security-Policy") || "default-src 'self'"
    } });
  }
  if (held) { await cache.delete(path); }
  const none = await (await caches.open(SHELL_CACHE)).match(/^\/en(\/|$)/.test(path) ? "/en/offline" : "/offline", { ignoreVary: true });
  return none || Response.error();
}

async function visit(event, url) {
  const bare = !url.search, asked = era;
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (lost) {
    return kept(url.pathname);
  }
  if (bare && answer.type === "basic") { event.waitUntil(keep(url.pathname, answer.clone(), asked)); }
  return answer;
}

async function fetchAndKeep(path) {
  const asked = era;
  try {
    await keep(path, await fetch(path, { credentials: "same-origin", headers: { "Labourwatch-Purpose": "keep" } }), asked);
  } catch (lost) {
    /* Nothing new to keep; what is kept stays. */
  }
}

self.addEventListener("fetch", function (event) {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) { return; }
  if (event.request.method === "POST" && /\/(log-out|log-in|account)$/.test(url.pathname)) {
    event.respondWith(forget().then(function () { return fetch(event.request); }));
  } else if (event.request.method === "GET" && event.request.mode === "navigate") {
    event.respondWith(visit(event, url));
  } else if (event.request.method === "GET" && url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.open(SHELL_CACHE)
      .then(function (cache) { return cache.match(event.request, { ignoreVary: true }); })
      .then(function (held) { return held || fetch(event.request); }));
  }
});

self.addEventListener("message", function (event) {
  const paths = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(paths
    .filter(function (path) { return KEPT.test(path); })
    .map(fetchAndKeep)));
});
