// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A small static file server for the built page.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../bindings/tools/shared/places.mjs';
import { main, Problem } from '../../bindings/tools/shared/terminal.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Serves `folder` on the first free port from `port` on (0: any). Returns { url, close }. */
export async function serve(folder, port = 5173) {
  const server = createServer((request, response) => answer(folder, request, response));
  const last = port === 0 ? 0 : port + 50;
  for (let at = port; ; at += 1) {
    if (await listens(server, at)) break;
    if (at >= last)
      throw new Problem(`Ports ${port} to ${last} are all in use: choose another with  npm start -- --port 8080`);
  }
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${server.address().port}/`, close };
}

function listens(server, port) {
  return new Promise((resolve, reject) => {
    const refused = (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error));
    server.once('error', refused);
    server.listen(port, 'localhost', () => {
      server.off('error', refused);
      resolve(true);
    });
  });
}

function answer(folder, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'Only GET and HEAD are answered here.');
  const file = fileOf(folder, request.url);
  if (!file) return refuse(response, 404, 'There is no such file.');
  const type = types[extname(file.path)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-length': file.size, 'cache-control': 'no-cache' });
  if (request.method === 'HEAD') return response.end();
  createReadStream(file.path).pipe(response);
}

/** The file a URL names, never one outside the folder. */
function fileOf(folder, url) {
  let path;
  try {
    path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
  } catch {
    return undefined;
  }
  if (path.includes('\0')) return undefined;
  for (const full of [join(folder, path), join(folder, path, 'index.html')]) {
    const found = statSync(full, { throwIfNoEntry: false });
    if (found?.isFile()) return { path: full, size: found.size };
  }
  return undefined;
}

function refuse(response, status, message) {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

async function serveBuiltPage() {
  const { url } = await serve(join(root, 'build/web'));
  console.log(url);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(serveBuiltPage);
