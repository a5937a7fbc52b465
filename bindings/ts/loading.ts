// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import { fromBase64 } from './base64.ts';
import { bad, type Check, checkOptions } from './checks.ts';
import { Core } from './core.ts';
import { begun, begunNow } from './engine.ts';
import { AnomalensError, mustBe } from './error.ts';
import { isInstance } from './guards.ts';

/** A compiled module, under the name that the browser's types have for it; Node's own types have none. */
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object;

/** Where the WebAssembly may come from. */
export type WasmSource = CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string;

/** Options of `init`. */
export interface InitOptions {
  /**
   * The compiled module, its bytes, a response that carries them, or their address (in Node also a file path). Default:
   * what came with the package. Edge runtimes that forbid compiling need the compiled module.
   */
  readonly wasm?: WasmSource | undefined;
}

/** How an address begins that holds the bytes themselves. */
const inlined = 'data:application/wasm;base64,';

/** @internal WebAssembly inside the package, in a form of its own. */
export interface Packed {
  /** Its bytes at once: in Node, Deno and Bun; undefined elsewhere. */
  unpackedNow(): Uint8Array<ArrayBuffer> | undefined;
  /** Its bytes. Rejects where nothing can unpack them. */
  unpacked(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * What came with the package: the bytes, packed, or their address. Asked for only when it is needed, since a bundle that is no
 * module knows no address.
 */
let ownWasm: Packed | (() => URL) | undefined;
let loading: Promise<Core> | undefined;
let loaded: Core | undefined;

/** @internal Set by the entry: what it holds, or the address of core.wasm. */
export function setOwnWasm(wasm: Packed | (() => URL)): void {
  ownWasm = wasm;
}

/** @internal The module, loaded by the first call. After a failure the next call tries again. */
export function loadCore(source?: WasmSource): Promise<Core> {
  if (loaded) return Promise.resolve(loaded);
  // Whoever brings a source does not depend on what others have found.
  if (loading) return source === undefined ? loading : loading.catch(() => loadCore(source));
  const attempt = start(source);
  loading = attempt;
  attempt.catch(() => {
    if (loading === attempt) loading = undefined;
  });
  return attempt;
}

/**
 * Loads the WebAssembly. Never needed: everything else does so by itself. Of use to load it early, or from elsewhere.
 * Once it is loaded, further calls do nothing; after a failure they try again.
 *
 * Throws `WASM_LOAD` when it cannot be fetched, compiled or started, and `BAD_OPTION`.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  const { wasm } = checkOptions(options, { wasm: wasmSource });
  await loadCore(wasm);
}

const wasmSource: Check = (source, option) => {
  if (isSource(source)) return source;
  throw bad(option, mustBe(option, 'a WebAssembly.Module, its bytes, a Response or an address', source));
};

const isSource = (source: unknown): source is WasmSource =>
  typeof source === 'string' ||
  ArrayBuffer.isView(source) ||
  [WebAssembly.Module, ArrayBuffer, URL].some((kind) => isInstance(source, kind)) ||
  (typeof Response === 'function' && isInstance(source, Response));

const notLoaded = (reason: string, cause?: unknown) =>
  new AnomalensError('WASM_LOAD', `The WebAssembly could not be loaded: ${reason.replace(/[.\s]*$/, '')}.`, { cause });

async function start(source: WasmSource | undefined): Promise<Core> {
  const core = source === undefined && startedNowIfPossible();
  if (core) return core;
  try {
    const engine = await begun(await compiled(source));
    loaded ??= new Core(engine);
    return loaded;
  } catch (error) {
    if (error instanceof AnomalensError) throw error;
    if (error instanceof WebAssembly.LinkError)
      throw notLoaded('it comes from another build than this JavaScript.', error);
    throw notLoaded(error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * The module on the spot: the bytes inside the main entry, in Node, Deno and Bun. Browsers can neither unpack nor compile at
 * once. Throws where it cannot be had.
 */
function startedNow(): Core {
  const bytes = isPacked(ownWasm) && ownWasm.unpackedNow();
  if (!bytes) throw new Error('its bytes are not here');
  loaded ??= new Core(begunNow(new WebAssembly.Module(bytes)));
  return loaded;
}

/** So small a module is compiled sooner than it is handed to another thread and back. */
function startedNowIfPossible(): Core | undefined {
  try {
    return startedNow();
  } catch {
    return undefined; // the way that takes its time tells what is wrong, should it fail too
  }
}

/** @internal The module for a call that cannot wait. Throws `WASM_LOAD` where nothing has loaded it and waiting is needed. */
export function coreNow(): Core {
  if (loaded) return loaded;
  try {
    const core = startedNow();
    loading ??= Promise.resolve(core);
    return core;
  } catch (cause) {
    throw new AnomalensError('WASM_LOAD', 'The WebAssembly has not been loaded yet: call await init() first.', {
      cause,
    });
  }
}

async function compiled(source: WasmSource | undefined): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const found = await bytesIn(source ?? undefined);
  if (!(found instanceof Uint8Array)) return WebAssembly.compileStreaming(found);
  return compiledFrom(found);
}

async function compiledFrom(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (!start.startsWith('\0asm')) {
    throw new AnomalensError(
      'WASM_LOAD',
      `Expected WebAssembly, but got ${bytes.length} bytes that begin with ${JSON.stringify(start)}. Is core.wasm served at the address given?`,
    );
  }
  return WebAssembly.compile(bytes);
}

/** Bytes, or a response whose bytes can be compiled while they come. */
type Found = Uint8Array<ArrayBuffer> | Response;

function bytesIn(source: WasmSource | undefined): Promise<Found> {
  if (source !== undefined) return bytesOf(source);
  return isPacked(ownWasm) ? ownWasm.unpacked() : bytesOf(ownWasm?.());
}

const isPacked = (wasm: typeof ownWasm): wasm is Packed => typeof wasm === 'object';

async function bytesOf(source: WasmSource | undefined): Promise<Found> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  if (typeof Response === 'function' && source instanceof Response) return bytesOfResponse(source);
  return bytesAt(String(source));
}

async function bytesAt(address: string): Promise<Found> {
  if (address.startsWith(inlined)) return fromBase64(address.slice(inlined.length));
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  const path = /^file:/.test(address) ? new URL(address) : address;
  if (files && (path instanceof URL || !/^[a-z][a-z0-9+.-]+:/i.test(address)))
    return new Uint8Array(files.readFileSync(path));
  return bytesOfResponse(await fetch(address));
}

async function bytesOfResponse(response: Response): Promise<Found> {
  if (!response.ok) {
    throw notLoaded(`${response.url || 'the server'} answered ${response.status}.`);
  }
  // Browsers refuse to stream what a server calls by another name, a page instead of the module among it.
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/wasm' && typeof WebAssembly.compileStreaming === 'function') return response;
  return new Uint8Array(await response.arrayBuffer());
}
