// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// The worker's front door: one request at a time, one frame back for each.
import { AnomalensError, init } from 'anomalens';
import type { Failure, Frame, Reply, Request } from './messages';
import { Session } from './session';

let session: Session | undefined;

async function answer(request: Request): Promise<Reply> {
  await init();
  if (request.call === 'configure') {
    session?.dispose();
    session = undefined;
    session = await Session.create(request.settings);
    session.advance(request.steps, Number.POSITIVE_INFINITY);
    return { id: request.id, data: session.data, frame: session.frame() };
  }
  if (!session) throw new Error('There is no model to train yet.');
  session.advance(request.steps, request.ms);
  return { id: request.id, frame: session.frame() };
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof AnomalensError ? error.code : 'UNKNOWN', message };
}

// The rows of `data` stay with the session and are copied; the frame is the page's alone.
const buffersOf = (frame: Frame) =>
  Object.values(frame).flatMap((value) => (ArrayBuffer.isView(value) ? [value.buffer] : []));

// Requests wait for each other: a model being set up must not be trained by the next message.
let queue: Promise<void> = Promise.resolve();
self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  queue = queue.then(async () => {
    try {
      const reply = await answer(request);
      const transfer = 'frame' in reply ? buffersOf(reply.frame) : [];
      self.postMessage(reply, { transfer: transfer as Transferable[] });
    } catch (error) {
      const reply: Reply = { id: request.id, failure: failureOf(error) };
      self.postMessage(reply);
    }
  });
};
