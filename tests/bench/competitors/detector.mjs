// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Our package as built, with nothing but its defaults, in Node.

export async function open({ module }) {
  const { detect, train, version } = await import(module);
  const tables = new Map();

  const work = {
    async train(name) {
      (await train(tables.get(name))).dispose();
    },
    async detect(name) {
      const { model, findings } = await detect(tables.get(name));
      model.dispose();
      if (findings.length === 0) throw new Error('nothing was found');
    },
  };

  return {
    version,
    async prepare({ name, columns }, rows) {
      tables.set(name, { data: rows, columns });
    },
    ...work,
    block: (name, what) => longestBlock(() => work[what](name)),
  };
}

/** The longest time, in milliseconds, from one turn of the event loop to the next while `work` is under way. */
async function longestBlock(work) {
  let longest = 0;
  let last = performance.now();
  let going = true;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  going = false;
  turn();
  return longest;
}
