// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

import createModule from 'anomalens:glue';
import { fromBase64 } from './base64.ts';
import { Core } from './core.ts';
import { AnomalensError, show } from './error.ts';
import type { Glue } from './glue.ts';

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

const inlined = 'data:application/wasm;base64,';

let ownWasm: WasmSource | undefined;
let loading: Promise<Core> | undefined;
let loaded: Core | undefined;

/** @internal Set by the entry: the bytes in base64 or the address of core.wasm. */
export function setOwnWasm(wasm: string | URL): void {
  ownWasm = typeof wasm === 'string' ? inlined + wasm : wasm;
}

/** @internal The module, loaded by the first call. After a failure the next call tries again. */
export function loadCore(source: WasmSource | undefined = ownWasm): Promise<Core> {
  if (loading) return loading;
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
  if (typeof options !== 'object' || options === null) {
    throw new AnomalensError('BAD_OPTION', `The options of init must be an object, but they are ${show(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (name !== 'wasm')
      throw new AnomalensError('BAD_OPTION', `init has no option '${name}'; the only one is wasm.`, { option: name });
  }
  await loadCore(options.wasm ?? ownWasm);
}

async function start(source: WasmSource | undefined): Promise<Core> {
  try {
    const module = await compiled(source);
    const glue = await instantiated(module);
    loaded ??= new Core(glue);
    return loaded;
  } catch (error) {
    if (error instanceof AnomalensError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AnomalensError('WASM_LOAD', `The WebAssembly could not be loaded: ${reason}`, { cause: error });
  }
}

/**
 * @internal The module for a call that cannot wait. Where nothing has loaded it yet, it is compiled on the spot: possible
 * with the bytes inside the main entry, in Node and in workers. Browsers forbid it on a page's main thread.
 */
export function coreNow(): Core {
  if (loaded) return loaded;
  try {
    if (typeof ownWasm !== 'string') throw new Error('its bytes are not here');
    const module = new WebAssembly.Module(fromBase64(ownWasm.slice(inlined.length)));
    loaded = new Core(instantiatedNow(module));
    loading ??= Promise.resolve(loaded);
    return loaded;
  } catch (cause) {
    throw new AnomalensError('WASM_LOAD', 'The WebAssembly has not been loaded yet: call await init() first.', {
      cause,
    });
  }
}

/** The factory fills the object it is given at once when the instance is there at once. */
function instantiatedNow(module: WebAssembly.Module): Glue {
  const made: Parameters<typeof createModule>[0] & Partial<Glue> = {
    instantiateWasm: (imports, receive) => receive(new WebAssembly.Instance(module, imports), module),
  };
  createModule(made).catch(() => {});
  if (made.contract === undefined) throw new Error('the module takes its time');
  return made as Glue;
}

/** The factory has no way to tell that its instance will never come: we watch for that ourselves. */
function instantiated(module: WebAssembly.Module): ReturnType<typeof createModule> {
  return new Promise((resolve, reject) => {
    createModule({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(module, imports)
          .then((instance) => receive(instance, module))
          .catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
}

async function compiled(source: WasmSource | undefined): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const bytes = await bytesOf(source);
  const start = bytes.subarray(0, 4);
  if (String.fromCharCode(...start) !== '\0asm') {
    const begins = JSON.stringify(String.fromCharCode(...bytes.subarray(0, 16)));
    throw new AnomalensError(
      'WASM_LOAD',
      `Expected WebAssembly, but got ${bytes.length} bytes that begin with ${begins}. Is core.wasm served at the address given?`,
    );
  }
  return WebAssembly.compile(bytes);
}

async function bytesOf(source: unknown): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  if (typeof Response === 'function' && source instanceof Response) return bytesOfResponse(source);
  if (typeof source === 'string' || source instanceof URL) return bytesAt(String(source));
  throw new AnomalensError(
    'BAD_OPTION',
    `wasm must be a WebAssembly.Module, its bytes, a Response or an address, but it is ${show(source)}.`,
    { option: 'wasm' },
  );
}

async function bytesAt(address: string): Promise<Uint8Array<ArrayBuffer>> {
  if (address.startsWith(inlined)) return fromBase64(address.slice(inlined.length));
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  const path = /^file:/.test(address) ? new URL(address) : address;
  if (files && (path instanceof URL || !/^[a-z][a-z0-9+.-]+:/i.test(address)))
    return new Uint8Array(files.readFileSync(path));
  return bytesOfResponse(await fetch(address));
}

async function bytesOfResponse(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) {
    throw new AnomalensError(
      'WASM_LOAD',
      `The WebAssembly could not be loaded: ${response.url || 'the server'} answered ${response.status}.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}
