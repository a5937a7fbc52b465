// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
import type { Settings } from '../page/properties';
import type { Data, Failure, Frame, Reply, Request } from './messages';

export type Phase = 'loading' | 'paused' | 'running' | 'done' | 'diverged' | 'broken';
export type LabEvent = 'phase' | 'data' | 'frame';

/** A whole training is stretched to this long, so that an eye can follow what takes milliseconds. */
const SHOW_MS = 5000;
/** Time a frame may spend computing and still leave the page at 60 frames a second. */
const SLICE_MS = 8;
/** With motion reduced nothing is drawn on the way, so that a slice may be longer. */
const QUIET_SLICE_MS = 100;

interface Wish {
  readonly settings: Settings;
  readonly steps: number;
  readonly thenPlay: boolean;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The page's end of the wire: asks the worker for frames and keeps the last one. */
export class Lab {
  phase: Phase = 'loading';
  data: Data | undefined;
  frame: Frame | undefined;
  failure: Failure | undefined;

  #worker: Worker;
  #nextId = 0;
  #awaited: { id: number; resolve: (reply: Reply) => void } | undefined;
  #wanted: Wish | undefined;
  #busy = false;
  #playing = false;
  readonly #tell: (event: LabEvent) => void;
  readonly #quiet: () => boolean;

  constructor(tell: (event: LabEvent) => void, quiet: () => boolean) {
    this.#tell = tell;
    this.#quiet = quiet;
    this.#worker = this.#start();
  }

  /** Makes rows and model afresh and trains `steps` at once. Of several quick calls only the last one counts. */
  configure(settings: Settings, steps: number, thenPlay = false): void {
    this.#playing = false;
    this.#wanted = { settings, steps, thenPlay };
    if (!this.#busy) void this.#serve();
  }

  play(): void {
    if (this.#playing || !this.frame || this.frame.done || this.phase === 'diverged') return;
    this.#playing = true;
    this.#enter('running');
    if (!this.#busy) void this.#serve();
  }

  pause(): void {
    this.#playing = false;
    if (this.phase === 'running') this.#enter('paused');
  }

  /** One pass over the training rows: up to the end of the epoch under way. */
  async stepEpoch(): Promise<void> {
    this.pause();
    if (this.#busy || !this.frame || this.frame.done) return;
    const perEpoch = this.frame.steps / this.frame.epochs;
    const steps = perEpoch - (this.frame.step % perEpoch);
    await this.#occupy(() => this.#ask({ call: 'advance', steps, ms: Number.POSITIVE_INFINITY }));
    if (this.phase !== 'diverged' && this.phase !== 'broken') {
      this.#enter(this.frame.done ? 'done' : 'paused');
    }
    this.#tell('frame');
  }

  /** After a failed load: a new worker, the same wish. */
  retry(settings: Settings, steps: number): void {
    this.#worker.terminate();
    this.#worker = this.#start();
    this.#busy = false;
    this.#awaited = undefined;
    this.#enter('loading');
    this.configure(settings, steps);
  }

  async #serve(): Promise<void> {
    await this.#occupy(async () => {
      while (this.#wanted || this.#playing) {
        if (this.#wanted) await this.#setUp();
        else await this.#show();
      }
    });
  }

  async #occupy(work: () => Promise<unknown>): Promise<void> {
    this.#busy = true;
    try {
      await work();
    } finally {
      this.#busy = false;
    }
    if (this.#wanted) void this.#serve();
  }

  async #setUp(): Promise<void> {
    const { settings, steps, thenPlay } = this.#wanted as Wish;
    this.#wanted = undefined;
    const isWell = await this.#ask({ call: 'configure', settings, steps });
    if (!isWell || this.#wanted) return;
    this.failure = undefined;
    this.#enter(this.frame?.done ? 'done' : 'paused');
    this.#tell('data');
    this.#tell('frame');
    if (thenPlay) this.play();
  }

  /** Plays to the end or to a pause, one request for each animation frame. */
  async #show(): Promise<void> {
    let last = performance.now();
    let owed = 0;
    while (this.#playing && !this.#wanted && this.frame && !this.frame.done) {
      const isQuiet = this.#quiet();
      if (!isQuiet) await nextFrame();
      const now = performance.now();
      owed += (this.frame.steps * Math.min(now - last, 50)) / SHOW_MS;
      last = now;
      const steps = isQuiet ? this.frame.steps : Math.floor(owed);
      if (steps < 1) continue;
      owed -= steps;
      if (!(await this.#ask({ call: 'advance', steps, ms: isQuiet ? QUIET_SLICE_MS : SLICE_MS }))) return;
      if (!isQuiet && !this.frame.done) this.#tell('frame');
    }
    this.#playing = false;
    if (this.#wanted) return;
    this.#enter(this.frame?.done ? 'done' : 'paused');
    this.#tell('frame');
  }

  async #ask(request: Unnumbered<Request>): Promise<boolean> {
    const id = this.#nextId++;
    const reply = await new Promise<Reply>((resolve) => {
      this.#awaited = { id, resolve };
      this.#worker.postMessage({ ...request, id });
    });
    if ('failure' in reply) {
      this.#playing = false;
      this.failure = reply.failure;
      this.#enter(reply.failure.code === 'DIVERGED' ? 'diverged' : 'broken');
      return false;
    }
    if (reply.data) this.data = reply.data;
    this.frame = reply.frame;
    return true;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.id === this.#awaited?.id) this.#awaited.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const failure = { code: 'WASM_LOAD', message: event.message ?? '' };
      this.#awaited?.resolve({ id: -1, failure });
    };
    return worker;
  }

  #enter(phase: Phase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.#tell('phase');
  }
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
