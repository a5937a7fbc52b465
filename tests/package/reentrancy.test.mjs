// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Getters among the caller's rows and options, and his callbacks, may call the package again in the middle of a call.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AnomalensError, Autoencoder, detect, metrics, train } from 'anomalens';
import { error, noise } from './support.mjs';

const rows = noise(160, 3);
const few = rows.slice(0, 5);
/** What is scored in between must not look like them. */
const others = noise(160, 3, 77);
const small = { hidden: [4], latent: 2, epochs: 1, seed: 1 };

/** The rows with a getter in row 1 that first does `act`, and then gives what is there. */
function acting(act, table = few) {
  const own = table.map((row) => [...row]);
  const value = own[1][1];
  Object.defineProperty(own[1], 1, {
    get() {
      act();
      return value;
    },
  });
  return own;
}

/** What does `act` once. */
const once = (act) => {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
};

/** Makes the heap grow, which detaches every view of it, and fills what has been freed. */
function stir() {
  for (const size of [2, 9, 60, 1000])
    metrics.auroc(new Float32Array(size).fill(1e38), [1, ...Array(size - 1).fill(0)]);
}
function grow() {
  const count = Math.ceil(single.memoryUsage().reservedBytes / 5);
  metrics.confusion(new Float32Array(count), new Uint8Array(count).fill(1, 0, 1), 0);
}

/** Everything that reads rows of a single net. */
const operations = {
  score: (model, table) => model.score(table),
  scorer: (model, table) => model.scorer()(table[1]),
  predict: (model, table) => model.predict(table),
  pValues: (model, table) => model.pValues(table),
  reconstruct: (model, table) => model.reconstruct(table),
  encode: (model, table) => model.encode(table),
  featureErrors: (model, table) => model.featureErrors(table),
  explain: (model, table) => model.explain(table[1]),
  repair: (model, table) => model.repair(table[1]),
  findings: (model, table) => model.findings(table),
  activations: (model, table) => model.activations(table[1]),
  calibrate: (model, table) => model.calibrate(table, { rule: 'mad' }),
  trainer: (model, table) => model.trainer(table, { epochs: 1 }).finish().threshold,
};
const anatomy = (model, table) => model.anatomy(table[1]);

let single;
let committee;
before(async () => {
  [single, committee] = await Promise.all([train(rows, small), train(rows, { epochs: 1, members: 3 })]);
});
after(() => {
  single.dispose();
  committee.dispose();
});
const again = (model) => Autoencoder.load(model.toJSON());

/** Enough to see it: every time the heap grows by a fifth at least. */
const growing = new Set(['score', 'encode', 'findings', 'trainer', 'score of a committee']);

function outcome(work) {
  try {
    return work();
  } catch (thrown) {
    assert.ok(thrown instanceof AnomalensError, `expected an AnomalensError, got ${thrown?.stack ?? thrown}`);
    return thrown.code;
  }
}

const cases = [
  ...Object.entries(operations).map(([name, work]) => [name, work, () => single]),
  ['anatomy', anatomy, () => committee],
  ['score of a committee', operations.score, () => committee],
  ['findings of a committee', operations.findings, () => committee],
  ['repair of a committee', operations.repair, () => committee],
  ['trainer of a committee', (model, table) => model.trainer(table, { epochs: 1 }).finish().threshold, () => committee],
];

describe('a getter among the rows', () => {
  for (const [name, work, origin] of cases) {
    test(`that disposes the model is told so by ${name}`, async () => {
      const model = await again(origin());
      const table = acting(
        once(() => {
          model.dispose();
          stir();
        }),
      );
      assert.equal(
        outcome(() => work(model, table)),
        'DISPOSED',
      );
      assert.equal(origin().memoryUsage().stackAddress, single.memoryUsage().stackAddress);
    });

    test(`may score other rows and make the heap grow: ${name} gives what it gives without`, async () => {
      const [model, other] = [await again(origin()), await again(origin())];
      const expected = work(other, few);
      const stirring = () => {
        model.score(others);
        committee.score(others);
        if (growing.has(name)) grow();
      };
      assert.deepEqual(work(model, acting(once(stirring))), expected);
      assert.deepEqual(
        work(other, few),
        work(
          await again(other),
          acting(() => other.score(others)),
        ),
      );
    });

    test(`that trains the model gets a typed error from ${name}, or what the trained model says`, async () => {
      const model = await again(origin());
      const table = acting(once(() => model.trainer(noise(40, 3, 9), { epochs: 3 }).finish()));
      const found = outcome(() => work(model, table));
      if (typeof found !== 'string') assert.deepEqual(found, work(model, few));
      model.score(few);
    });
  }

  test('that scores the same rows again without an end is refused', () => {
    const table = acting(() => single.score(table));
    assert.equal(
      outcome(() => single.score(table)),
      'SHAPE',
    );
    assert.deepEqual(single.score(few), single.score(acting(() => {})));
  });

  test('among codes may dispose the model', async () => {
    const model = await again(single);
    const codes = acting(
      once(() => model.dispose()),
      [
        [1, 2],
        [3, 4],
      ],
    );
    assert.equal(
      outcome(() => model.decode(codes)),
      'DISPOSED',
    );
  });

  test('may dispose or train the model in fit and partialFit', async () => {
    for (const method of ['fit', 'partialFit']) {
      const model = await again(single);
      const gone = acting(
        once(() => model.dispose()),
        rows,
      );
      await assert.rejects(model[method](gone, { epochs: 1 }), error('DISPOSED', /disposed/));
      const other = await again(single);
      const trained = acting(
        once(() => other.trainer(rows, { epochs: 1 }).finish()),
        rows,
      );
      await assert.rejects(other[method](trained, { epochs: 1 }), error('DISPOSED', /another training/));
      assert.ok(other.fitted);
    }
  });

  test('may score in train and detect', async () => {
    const reading = acting(() => committee.score(others), rows);
    assert.equal((await train(reading, small)).fingerprint(), (await train(rows, small)).fingerprint());
    const [one, other] = [await detect(reading, small), await detect(rows, small)];
    assert.deepEqual(one.findings, other.findings);
  });
});

describe('a getter in options', () => {
  const holding = (name, value, act) =>
    Object.defineProperty({}, name, {
      enumerable: true,
      get() {
        act();
        return value;
      },
    });

  test('may dispose the model or its training', async () => {
    const calls = {
      findings: (model, act) => model.findings(few, holding('top', 1, act)),
      repair: (model, act) => model.repair(few[0], holding('most', 1, act)),
      trainer: (model, act) => model.trainer(rows, holding('epochs', 1, act)),
      run: (model, act) => model.trainer(rows, { epochs: 2 }).run(holding('steps', 1, act)),
      set: (model, act) => model.trainer(rows, { epochs: 2 }).set(holding('l1', 0.1, act)),
    };
    for (const [name, call] of Object.entries(calls)) {
      const model = await again(single);
      assert.equal(
        outcome(() => call(model, () => model.dispose())),
        'DISPOSED',
        name,
      );
    }
    const model = await again(single);
    const rule = Object.defineProperty({ rule: 'quantile' }, 'q', {
      enumerable: true,
      get: () => {
        model.dispose();
        return 0.5;
      },
    });
    assert.equal(
      outcome(() => model.calibrate(few, rule)),
      'DISPOSED',
    );
  });

  test('is asked once, labels too', async () => {
    const asked = [];
    const labels = new Proxy(
      rows.map((_, row) => Number(row < 5)),
      {
        get(target, name) {
          if (name === '7') asked.push(name);
          return target[name];
        },
      },
    );
    const options = holding('threshold', { rule: 'labels', labels, goal: 'bestF1' }, () => asked.push('threshold'));
    const model = await again(single);
    await model.fit(rows, options);
    assert.deepEqual(asked, ['threshold', '7']);
    asked.length = 0;
    model.calibrate(rows, { rule: 'labels', labels, goal: 'bestF1' });
    assert.deepEqual(asked, ['7']);
  });
});

describe('onProgress', () => {
  test('may dispose the model, train it or stop the training', async () => {
    const model = await again(single);
    await assert.rejects(
      model.fit(rows, { epochs: 1e6, onProgress: () => model.dispose() }),
      error('DISPOSED', /disposed/),
    );
    const other = await again(single);
    let next;
    const onProgress = once(() => {
      next = other.fit(rows, { epochs: 1 });
    });
    await assert.rejects(other.fit(rows, { epochs: 1e6, sliceMs: 1, onProgress }), error('DISPOSED', /another/));
    assert.equal((await next).epochs, 1);
    const stop = new AbortController();
    const aborting = { epochs: 1e6, signal: stop.signal, onProgress: () => stop.abort('enough') };
    await assert.rejects(other.fit(rows, aborting), (reason) => reason === 'enough');
  });

  test('ends the training with whatever it throws', async () => {
    const model = await again(single);
    const fingerprint = model.fingerprint();
    const dead = Proxy.revocable({}, {});
    dead.revoke();
    for (const thrown of [null, undefined, 'text', dead.proxy]) {
      const onProgress = () => {
        throw thrown;
      };
      const found = await model.fit(rows, { epochs: 5, onProgress }).then(assert.fail, (reason) => ({ reason }));
      assert.ok(Object.is(found.reason, thrown));
      assert.equal(model.fingerprint(), fingerprint);
    }
  });
});

describe('a training', () => {
  const many = noise(60_000, 3);

  test('goes on when another one is refused, in intake and while it trains', async () => {
    const bad = [
      ['partialFit', [...few, [1, Number.NaN, 3]]],
      ['partialFit', 'no table'],
      ['partialFit', rows, { epochs: 2e9 }],
      ['partialFit', rows, { epochs: 'many' }],
      ['fit', [...few, [1, Number.NaN, 3]]],
      ['fit', rows, { learningRate: -1 }],
    ];
    for (const waits of [1, 30]) {
      const model = await again(single);
      let steps = 0;
      const onProgress = () => steps++;
      const training = model.fit(many, { epochs: 3, batchSize: 64, sliceMs: 1, onProgress });
      for (let turn = 0; turn < waits; turn++) await new Promise(setImmediate);
      for (const [method, ...asked] of bad) await assert.rejects(model[method](...asked), AnomalensError);
      assert.throws(() => model.trainer([[1, 2], [3]]), error('SHAPE', /Row 1/));
      assert.equal((await training).epochs, 3);
      assert.ok(steps > 1);
    }
  });

  test('on from a model that is trained meanwhile goes on from the newer one', async () => {
    const model = await again(single);
    const training = model.fit(noise(40, 2), { epochs: 1 });
    const slow = model.partialFit(many, { epochs: 1, sliceMs: 1 });
    await Promise.all([training, assert.rejects(slow, error('SHAPE', /2 columns/))]);
    const other = await again(single);
    const first = other.fit(rows, { epochs: 1 });
    const later = other.partialFit(many, { epochs: 1, sliceMs: 1 });
    await first;
    assert.equal((await later).epochs, 1);
    assert.ok(other.fitted);
  });

  test('that diverged says so, though the model is disposed while it keeps what was good', async () => {
    const model = await Autoencoder.create({ hidden: [64, 64], latent: 4, activation: 'linear' });
    const data = Float32Array.from({ length: 1_200_000 }, (_, index) => Math.sin(index));
    const wild = { learningRate: 10, optimizer: 'sgd', momentum: 0.99, batchSize: 1, epochs: 1, sliceMs: 300 };
    const training = model.fit({ data, columns: 4 }, { ...wild, threshold: { rule: 'quantile', q: 0.5 } });
    const refused = assert.rejects(training, error('DIVERGED', /diverged/));
    let over = false;
    refused.finally(() => {
      over = true;
    });
    while (model.features.length === 0 && !over) await new Promise(setImmediate);
    model.dispose();
    await refused;
  });
});

describe('scorer', () => {
  test('takes a typed array for as long as it is', () => {
    const scoreOf = single.scorer();
    for (const Type of [Float32Array, Float64Array, Uint8Array]) {
      const long = new Type(30);
      Object.defineProperty(long, 'length', { value: 3 });
      assert.throws(() => scoreOf(long), error('SHAPE', /3 columns.*30/));
      class Short extends Type {
        get length() {
          return 3;
        }
      }
      assert.throws(() => scoreOf(new Short(30)), error('SHAPE', /3 columns.*30/));
      const lying = Object.defineProperty(new Type([1, 2, 3]), 'length', { value: 2 ** 32 - 1 });
      assert.equal(scoreOf(lying), scoreOf([1, 2, 3]));
    }
    const gone = new Float64Array(3);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    assert.throws(() => scoreOf(gone), AnomalensError);
    assert.throws(() => scoreOf(Object.create(Float64Array.prototype)), AnomalensError);
    assert.equal(scoreOf(new BigInt64Array(3)), scoreOf([0, 0, 0]));
  });

  test('reads a row again when its getters got in the way', async () => {
    const model = await again(single);
    const scoreOf = model.scorer();
    const expected = scoreOf(few[1]);
    assert.equal(scoreOf(acting(() => model.score(others))[1]), expected);
    assert.equal(scoreOf(acting(() => scoreOf(others[9]))[1]), expected);
    assert.equal(scoreOf(acting(once(grow))[1]), expected);
  });
});
