// Keeps the page at hand for when the network is gone. It keeps the page's own files only: never an answer of the API,
// never what somebody wrote. Names of assets are hashes, so what was kept once is right for ever.
// The list is filled in by the build; a new page has another list, and so another store.
const ASSETS = [];
const KEPT = `evenhand-page-${ASSETS.join()}`;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(['/', ...ASSETS].map(page))));
});
self.addEventListener('activate', (event) => event.waitUntil(begin()));

/** The page, not the links that the same address has for programs. */
const page = (path) => new Request(path, path === '/' ? { headers: { accept: 'text/html' } } : {});

async function begin() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate' && url.pathname === '/') event.respondWith(shell(request));
});

async function asset(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function shell(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put('/', answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match('/', { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
