// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Bad input gets a clear error and changes nothing.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { AnomalensError, Autoencoder, init, score, train } from 'anomalens';
import { error, noise, onlyLeft } from './support.mjs';

const rows = noise(30, 3);
const options = { hidden: [4], latent: 2, epochs: 2 };

let model;
let state;
before(async () => {
  model = await train(rows, options);
  state = JSON.stringify(model);
});
after(() => {
  assert.equal(JSON.stringify(model), state, 'an error has changed the model');
});

/** The rows with one cell replaced. */
const broken = (row, column, value) =>
  rows.map((cells, index) => (index === row ? Object.assign([...cells], { [column]: value }) : cells));

test('a model made with new is refused, with the cure', () => {
  assert.throws(() => new Autoencoder(), error('BAD_OPTION', /call await Autoencoder\.create/, { option: 'model' }));
});

/** Both training and scoring must refuse this table. */
async function refused(table, check) {
  await assert.rejects(model.fit(table), check);
  await assert.rejects(train(table, options), check);
  assert.throws(() => model.trainer(table), check);
  for (const method of ['score', 'predict', 'featureErrors', 'reconstruct', 'encode']) {
    assert.throws(() => model[method](table), check, method);
  }
  assert.throws(() => model.calibrate(table, { rule: 'quantile', q: 0.5 }), check);
}

describe('cells', () => {
  for (const value of [Number.NaN, Infinity, -Infinity, null, undefined]) {
    test(`${value} names its row and column`, async () => {
      const check = error('NON_FINITE', new RegExp(`Row 17, column 1 \\("f2".*${value}`), { row: 17, column: 1 });
      await refused(broken(17, 1, value), check);
    });
  }

  test('NaN in a flat table names its row and column', async () => {
    for (const Type of [Float32Array, Float64Array]) {
      const data = Type.from(rows.flat());
      data[29 * 3 + 2] = Number.NaN;
      await refused({ data, columns: 3 }, error('NON_FINITE', /Row 29, column 2 \("f3"/, { row: 29, column: 2 }));
    }
  });

  test('NaN in a later chunk is found where it is', () => {
    const data = new Float64Array(3 * 100_000);
    data[3 * 80_000 + 1] = Infinity;
    assert.throws(
      () => model.score({ data, columns: 3 }),
      error('NON_FINITE', /Row 80000, column 1/, { row: 80_000, column: 1 }),
    );
    assert.throws(
      () => model.trainer({ data, columns: 3 }),
      error('NON_FINITE', /Row 80000, column 1/, { row: 80_000, column: 1 }),
    );
  });

  test('what is no number is refused among rows of numbers', async () => {
    for (const [value, shown] of [
      ['big', '"big"'],
      [true, 'true'],
      [2n ** 53n + 1n, '9007199254740993n'],
      [[1], 'an array of 1'],
      [{}, 'an object'],
    ]) {
      await refused(
        broken(2, 0, value),
        error('SHAPE', new RegExp(`Row 2, column 0 .* is ${shown}`), { row: 2, column: 0 }),
      );
    }
  });
});

describe('shapes', () => {
  test('ragged rows name the row', async () => {
    const longer = [...rows.slice(0, 5), [1, 2, 3, 4], ...rows.slice(5)];
    await refused(longer, error('SHAPE', /Row 5 has 4 cells, but row 0 has 3/, { row: 5 }));
    await refused([...rows, []], error('SHAPE', /Row 30 has 0 cells/, { row: 30 }));
    await refused([...rows, null], error('SHAPE', /Row 30 must be an array.*null/, { row: 30 }));
    await refused([...rows, 7], error('SHAPE', /Row 30 must be an array.*7/, { row: 30 }));
  });

  test('zero rows and zero columns are refused', async () => {
    for (const table of [{ a: [] }, { data: new Float32Array(0), columns: 3 }])
      await refused(table, error('SHAPE', /no rows/));
    await assert.rejects(train([], options), error('SHAPE', /no rows/));
    for (const table of [[[], []], {}, [{}], { data: new Float32Array(3), columns: 0 }]) {
      await refused(table, error('SHAPE', /no columns/));
    }
  });

  test('one row is too little to train on', async () => {
    await assert.rejects(train([[1, 2, 3]], options), error('SHAPE', /two rows.*one/));
    await assert.rejects(model.fit([{ a: 1 }]), error('SHAPE', /two rows/));
  });

  test('another width than in training is refused', () => {
    assert.throws(() => model.score([[1, 2]]), error('SHAPE', /must have 3 columns \(f1, f2, f3\), but they have 2/));
    assert.throws(() => model.predict({ data: new Float32Array(8), columns: 4 }), error('SHAPE', /3 columns.*4/));
    assert.throws(() => model.activations([1, 2, 3, 4]), error('SHAPE', /3 columns/));
  });

  test('flat tables that do not come out even are refused', async () => {
    await refused(
      { data: new Float64Array(10), columns: 3 },
      error('SHAPE', /whole rows of 3 numbers, but it holds 10: 1/),
    );
    await refused({ data: new Float64Array(9), columns: 1.5 }, error('SHAPE', /columns must be a whole number/));
    await refused({ data: [1, 2, 3], columns: 2 }, error('SHAPE', /whole rows of 2 numbers, but it holds 3: 1/));
  });

  test('columns of different lengths are refused by name', async () => {
    await refused(
      { a: [1, 2], b: [1, 2, 3] },
      error('SHAPE', /Column "b" has 3 cells, but column "a" has 2/, { column: 1 }),
    );
    await refused({ a: 1, b: 2 }, error('SHAPE', /column "a" must be an array/, { column: 0 }));
  });

  test('one flat array is answered with how to wrap it', async () => {
    await refused([1, 2, 3], error('SHAPE', /wrap it in an array/));
    await refused(Float32Array.of(1, 2, 3), error('SHAPE', /wrap a single row in an array/));
    assert.throws(() => score(model, [1, 2, 3]), error('SHAPE', /wrap it in an array/));
  });

  test('what is no table at all is refused', async () => {
    for (const table of [undefined, null, 5, 'rows', true])
      await refused(table, error('SHAPE', /A table is an array of rows/));
    await refused(['a', 'b'], error('SHAPE', /Row 0 must be/, { row: 0 }));
  });
});

describe('options', () => {
  const bad = async (options_, sentence, option) => {
    const check = error('BAD_OPTION', sentence, { option });
    await assert.rejects(train(rows, options_), check);
  };

  test('unknown keys are refused with what there is and what may be meant', async () => {
    await bad({ epoch: 3 }, /no option 'epoch'\. Did you mean epochs\? There are: hidden, decoder, latent/, 'epoch');
    await bad({ learning_rate: 3 }, /Did you mean learningRate\?/, 'learning_rate');
    await bad({ zzzzzzzzz: 3 }, /no option 'zzzzzzzzz'\. There are/, 'zzzzzzzzz');
    await assert.rejects(
      Autoencoder.create({ epochs: 3 }),
      error('BAD_OPTION', /no option 'epochs'/, { option: 'epochs' }),
    );
    await assert.rejects(
      model.fit(rows, { latent: 3 }),
      error('BAD_OPTION', /no option 'latent'/, { option: 'latent' }),
    );
    await assert.rejects(init({ wsam: 1 }), error('BAD_OPTION', /no option 'wsam'/, { option: 'wsam' }));
  });

  test('numbers out of range name the range', async () => {
    await bad({ epochs: 0 }, /epochs must be 1 or more, but it is 0/, 'epochs');
    await bad({ epochs: 1_000_001 }, /epochs must be from 1 to 1e\+?0?6|1000000/, 'epochs');
    await bad({ batchSize: 0 }, /batchSize/, 'batchSize');
    await bad({ batchSize: 65_537 }, /batchSize must be from 1 to 65536, but it is 65537/, 'batchSize');
    await bad({ learningRate: 0 }, /learningRate must be above 0 and at most 10, but it is 0/, 'learningRate');
    await bad({ learningRate: 11 }, /learningRate/, 'learningRate');
    await bad({ weightDecay: -0.1 }, /weightDecay must be from 0 to 10/, 'weightDecay');
    await bad({ latent: 4097 }, /latent must be from 1 to 4096/, 'latent');
    await bad({ latent: 0 }, /latent must be 1 or more/, 'latent');
    await bad({ hidden: [4, 0] }, /hidden must be 1 or more/, 'hidden');
    await bad({ hidden: [5000] }, /hidden must be from 1 to 4096/, 'hidden');
    await bad({ hidden: Array(17).fill(2) }, /hidden must name at most 16 layers, but it names 17/, 'hidden');
    await bad({ seed: -1 }, /seed must be from 0 to 4294967295/, 'seed');
    await bad({ seed: 2 ** 32 }, /seed/, 'seed');
    await bad({ sliceMs: 0 }, /sliceMs must be from 1 to 1000/, 'sliceMs');
    await bad({ threshold: { rule: 'quantile', q: 1 } }, /threshold.q must be above 0 and below 1/, 'threshold.q');
  });

  test('values of the wrong type say what came', async () => {
    await bad({ epochs: '60' }, /epochs must be a number, but it is "60"/, 'epochs');
    await bad({ epochs: 2.5 }, /epochs must be a whole number, but it is 2.5/, 'epochs');
    await bad({ epochs: Number.NaN }, /epochs must be a finite number/, 'epochs');
    await bad({ learningRate: null }, /learningRate must be a number, but it is null/, 'learningRate');
    await bad({ hidden: 16 }, /hidden must be an array of layer widths, but it is 16/, 'hidden');
    await bad({ hidden: ['16'] }, /hidden\[0\] is "16"/, 'hidden');
    await bad(
      { activation: 'Relu' },
      /activation must be one of 'linear', 'relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'softplus', but it is "Relu"/,
      'activation',
    );
    await bad({ activation: 'toString' }, /activation must be one of/, 'activation');
    await bad({ scaler: 'maxabs' }, /scaler must be one of 'standard', 'robust', 'minmax', 'none'/, 'scaler');
    await bad({ compatibility: 'torch' }, /compatibility must be 'pytorch'/, 'compatibility');
    await bad({ threshold: 0.95 }, /threshold must be \{ rule/, 'threshold');
    await bad({ threshold: { rule: 'fixed', value: '1' } }, /threshold.value must be a number/, 'threshold.value');
    await bad({ threshold: { rule: 'quantile', q: 0.5, for: 'x' } }, /threshold has no field 'for'/, 'threshold');
    await bad({ onProgress: true }, /onProgress must be a function/, 'onProgress');
    await bad({ signal: {} }, /signal must be an AbortSignal/, 'signal');
    for (const nothing of [null, 5, 'fast', []])
      await assert.rejects(train(rows, nothing), error('BAD_OPTION', /Options must be an object/));
  });

  test('undefined means "not given"', async () => {
    const plain = await train(rows, options);
    const padded = await train(rows, { ...options, learningRate: undefined, signal: undefined, features: undefined });
    assert.equal(padded.fingerprint(), plain.fingerprint());
  });

  test('an option that changes later does not change the model', async () => {
    const given = { hidden: [4], features: ['a', 'b', 'c'] };
    const made = await Autoencoder.create(given);
    given.hidden.push(5000);
    given.features.pop();
    await made.fit(rows, { epochs: 1 });
    assert.equal(made.layers().length, 4);
  });
});

describe('the life of a model', () => {
  test('what needs a trained model says so', async () => {
    const fresh = await Autoencoder.create(options.hidden && { hidden: [4], latent: 2 });
    const check = error('NOT_FITTED', /call fit\(\) first/);
    for (const method of [
      'score',
      'predict',
      'featureErrors',
      'reconstruct',
      'encode',
      'decode',
      'activations',
      'fingerprint',
      'toJSON',
    ]) {
      assert.throws(() => fresh[method](rows), check, method);
    }
    assert.throws(() => fresh.calibrate(rows, { rule: 'fixed', value: 1 }), check);
    assert.deepEqual(
      [fresh.fitted, fresh.parameters, fresh.latent, fresh.features, fresh.layers()],
      [false, 0, 2, [], []],
    );
    assert.ok(Number.isNaN(fresh.threshold));
  });

  test('a disposed model can be disposed again and used no more', async () => {
    const gone = await train(rows, options);
    const trainer = gone.trainer(rows);
    gone.dispose();
    gone.dispose();
    assert.ok(gone.disposed);
    const check = error('DISPOSED', /model has been disposed/);
    const methods = [
      'score',
      'predict',
      'featureErrors',
      'reconstruct',
      'encode',
      'decode',
      'activations',
      'fingerprint',
      'toJSON',
      'layers',
      'trainer',
    ];
    for (const method of methods) assert.throws(() => gone[method](rows), check, method);
    for (const name of ['threshold', 'fitted', 'features', 'columns', 'latent', 'parameters'])
      assert.throws(() => gone[name], check, name);
    assert.throws(() => gone.calibrate(rows, { rule: 'fixed', value: 1 }), check);
    await assert.rejects(gone.fit(rows), check);
    for (const use of [
      () => trainer.run({ steps: 1 }),
      () => trainer.finish(),
      () => trainer.done,
      () => trainer.losses,
      () => trainer.set({}),
    ]) {
      assert.throws(use, check);
    }
    trainer.dispose();
  });

  test('Symbol.dispose gives model and trainer back', async () => {
    const gone = await train(rows, options);
    const trainer = gone.trainer(rows);
    trainer[Symbol.dispose]();
    assert.ok(gone.fitted);
    gone[Symbol.dispose]();
    assert.ok(gone.disposed);
  });

  test('arguments in the wrong order are answered with the right one', () => {
    assert.throws(
      () => score(rows, model),
      error('BAD_OPTION', /expects an Autoencoder first, but got an array of 30/),
    );
  });

  test('an error is an Error with a name and a code', () => {
    try {
      model.score({ a: [] });
      assert.fail('expected an error');
    } catch (thrown) {
      assert.ok(thrown instanceof Error && thrown instanceof AnomalensError);
      assert.match(String(thrown), /^AnomalensError: The table has no rows\.$/);
      assert.deepEqual(Object.keys(thrown).sort(), ['code', 'name']);
    }
  });
});

describe('memory that is not there', () => {
  beforeEach(() => onlyLeft(model));
  const gigantic = (length) => ({ a: { length }, b: { length }, c: { length } });

  test('a table too large for the heap is refused and nothing is lost', async () => {
    const check = error('OUT_OF_MEMORY', /not enough memory/);
    const { models } = model.memoryUsage();
    const used = [];
    for (let round = 0; round < 5; round++) {
      // Just under and far over what one array may hold: refused in C++, then before it.
      for (const length of [Math.floor(2 ** 29 / 3) - 1, 2 ** 29, 2 ** 40]) {
        await assert.rejects(model.fit(gigantic(length)), check);
        assert.throws(() => model.trainer(gigantic(length)), check);
        await assert.rejects(train(gigantic(length), options), check);
      }
      used.push(model.memoryUsage().heapBytes);
    }
    assert.deepEqual(used, Array(5).fill(used[0]));
    assert.equal(model.memoryUsage().models, models);
  });

  test('results too large for JavaScript are refused', async () => {
    const named = await train({ a: [1, 2, 3] }, { hidden: [], latent: 1, epochs: 1 });
    assert.throws(() => named.score({ a: { length: 2 ** 52 } }), error('OUT_OF_MEMORY', /not enough memory/));
    named.dispose();
  });

  test('a network too large for the heap is refused and nothing is lost', async () => {
    const { heapBytes, models } = model.memoryUsage();
    const wide = { data: new Float32Array(2 * 80_000), columns: 80_000 };
    const check = error('OUT_OF_MEMORY', /not enough memory/);
    // 33 layers of 4096 are over 2 GB; with 80,000 columns their bytes do not fit into 32 bits any more.
    for (const table of [rows, wide]) {
      await assert.rejects(train(table, { hidden: Array(16).fill(4096), latent: 4096 }), check);
    }
    // The work space for rows may have grown; what models own has not.
    assert.ok(model.memoryUsage().heapBytes - heapBytes <= 8 * 2 * 80_000);
    assert.equal(model.memoryUsage().models, models);
  });
});
