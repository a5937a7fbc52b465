// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Models as JSON: every bit comes back, and nothing damaged is let in.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Autoencoder, train } from 'anomalens';
import { article, articleModel, articleTraining, error, noise, onlyLeft, root } from './support.mjs';

const goods = noise(40, 2).map(([size], row) => ({
  size,
  colour: ['red', 'green', 'blue'][row % 3],
  sold: row % 2 === 0,
}));

let model;
let text;
before(async () => {
  model = await train(goods, { hidden: [5], latent: 2, epochs: 5, activation: 'tanh', seed: 9 });
  text = JSON.stringify(model);
});

const load = (saved) => Autoencoder.load(saved);
const copy = () => JSON.parse(text);

test('a model comes back from JSON text the same to the last bit', async () => {
  const again = await load(copy());
  assert.equal(again.fingerprint(), model.fingerprint());
  assert.equal(again.threshold, model.threshold);
  assert.deepEqual(again.features, model.features);
  assert.deepEqual(again.columns, model.columns);
  assert.deepEqual(again.layers(), model.layers());
  for (const method of ['score', 'predict', 'featureErrors', 'reconstruct', 'encode']) {
    assert.deepEqual(again[method](goods), model[method](goods), method);
  }
  assert.ok(again.fitted);
  assert.equal(JSON.stringify(again), text);
});

test('a single net saved by version 0.1.0 is loaded, judges in the same bits and is saved unchanged', async () => {
  const { rows, model: saved, scores } = JSON.parse(readFileSync(join(root, 'tests/data/single_net.json'), 'utf8'));
  const old = await load(saved);
  assert.deepEqual([...old.score(rows)], scores);
  assert.deepEqual(JSON.parse(JSON.stringify(old)), saved);
});

test('a loaded model trains again as the first one did', async () => {
  const again = await load(copy());
  await again.fit(goods, { epochs: 5 });
  assert.equal(again.fingerprint(), model.fingerprint());
});

test('the article’s model survives a round trip', async () => {
  const first = await train(article.Xtrain, { ...articleModel, ...articleTraining });
  const again = await load(JSON.parse(JSON.stringify(first)));
  assert.deepEqual(again.score(article.Xtest), first.score(article.Xtest));
  assert.equal(again.fingerprint(), first.fingerprint());
});

test('a model without hidden layers and one sized from the data come back too', async () => {
  for (const options of [{ hidden: [], latent: 1 }, {}]) {
    const first = await train(noise(20, 5), { ...options, epochs: 1 });
    const again = await load(first.toJSON());
    assert.equal(again.fingerprint(), first.fingerprint());
  }
});

test('the file is plain JSON with a format and a version', () => {
  const { format, version } = copy();
  assert.equal(format, 'anomalens/1');
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(model.toJSON(), copy());
});

test('what toJSON gave can be changed without changing the model', () => {
  const saved = model.toJSON();
  saved.options.hidden.push(3);
  saved.features.length = 0;
  assert.equal(JSON.stringify(model), text);
});

test('parameters are little-endian float32 in base64', () => {
  const bytes = Buffer.from(copy().parameters, 'base64');
  const flat = model.layers().flatMap(({ weights, bias }) => [...weights, ...bias]);
  assert.deepEqual(
    flat,
    flat.map((_, index) => bytes.readFloatLE(index * 4)),
  );
  assert.equal(bytes.length, flat.length * 4);
});

describe('a damaged file is refused with the reason', () => {
  /** Changes a copy of the file and expects this reason. */
  const damaged = (title, change, reason) =>
    test(title, async () => {
      const saved = copy();
      await assert.rejects(load(change(saved) ?? saved), error('BAD_FILE', reason));
    });
  const parameters = (edit) => (saved) => {
    const bytes = Buffer.from(saved.parameters, 'base64');
    saved.parameters = (edit(bytes) ?? bytes).toString('base64');
  };

  damaged('not a model at all', () => 'text', /expected the object that toJSON\(\) gave, but got "text"/);
  damaged('a list', () => [], /but got an empty array/);
  damaged('an empty object', () => ({}), /expected the format 'anomalens\/1' or 'anomalens\/2', but got undefined/);
  damaged(
    'another format',
    (saved) => {
      saved.format = 'anomalens/3';
    },
    /but got "anomalens\/3"/,
  );
  damaged(
    'the format of the detector',
    (saved) => {
      saved.format = 'anomalens/2';
    },
    /its format is 'anomalens\/2', but it is a single net/,
  );
  damaged(
    'a number of decimals out of range',
    (saved) => {
      saved.features[0].written = { decimals: -1, digits: 2 };
    },
    /features\[0\].written must be from 0/,
  );
  damaged(
    'a committee of an earlier version',
    (saved) => {
      saved.options = { members: 9 };
    },
    /committee of an earlier version.*train again/,
  );
  for (const field of [
    'options',
    'features',
    'center',
    'scale',
    'threshold',
    'parameters',
    'fingerprint',
    'checksum',
  ]) {
    damaged(
      `${field} missing`,
      (saved) => {
        delete saved[field];
      },
      field === 'options' ? /options are wrong/ : new RegExp(field),
    );
    damaged(
      `${field} of another type`,
      (saved) => {
        saved[field] = { a: 1 };
      },
      field === 'options' ? /no option 'a'/ : new RegExp(field),
    );
    damaged(
      `${field} null`,
      (saved) => {
        saved[field] = null;
      },
      new RegExp(field),
    );
  }
  damaged(
    'a width that is too large',
    (saved) => {
      saved.options.hidden = [4096];
    },
    /checksum|must have \d+ numbers/,
  );
  damaged(
    'a width out of range',
    (saved) => {
      saved.options.hidden = [-5];
    },
    /hidden must be 1 or more/,
  );
  damaged(
    'an unknown activation',
    (saved) => {
      saved.options.activation = 'sine';
    },
    /activation must be one of/,
  );
  damaged(
    'latent left out',
    (saved) => {
      delete saved.options.latent;
    },
    /must say hidden and latent/,
  );
  damaged(
    'a feature too many',
    (saved) => {
      saved.features.push({ name: 'x' });
    },
    /center must hold 7 numbers/,
  );
  damaged(
    'a feature twice',
    (saved) => {
      saved.features[2] = { name: 'size' };
    },
    /two features have the same name/,
  );
  damaged(
    'a category twice',
    (saved) => {
      saved.features[1].categories = ['a', 'b', 'a'];
    },
    /categories holds a value twice/,
  );
  damaged(
    'a category that is a list',
    (saved) => {
      saved.features[1].categories[0] = [3];
    },
    /list of texts, numbers and booleans/,
  );
  damaged(
    'no features',
    (saved) => {
      saved.features = [];
    },
    /features must be a list/,
  );
  damaged(
    'a centre that is null, as NaN becomes in JSON',
    (saved) => {
      saved.center[1] = null;
    },
    /center\[1\] must be a finite number, but it is null/,
  );
  damaged(
    'a scale of zero',
    (saved) => {
      saved.scale[0] = 0;
    },
    /every scale must be above 0/,
  );
  damaged(
    'a threshold of infinity',
    (saved) => {
      saved.threshold = Infinity;
    },
    /threshold must be a finite number/,
  );
  damaged(
    'parameters cut short',
    parameters((bytes) => bytes.subarray(0, -4)),
    /checksum|must have \d+ numbers/,
  );
  damaged(
    'parameters that are not base64',
    (saved) => {
      saved.parameters = '%%%';
    },
    /must be base64/,
  );
  damaged(
    'a parameter that is NaN',
    parameters((bytes) => {
      bytes.writeFloatLE(Number.NaN, 8);
    }),
    /number 2 of parameters is NaN/,
  );
  damaged(
    'a weight altered by one bit',
    parameters((bytes) => {
      bytes[0] ^= 1;
    }),
    /altered/,
  );
  damaged(
    'a scale altered',
    (saved) => {
      saved.scale[0] *= 1.0000001;
    },
    /checksum.*altered/,
  );
  damaged(
    'a threshold altered',
    (saved) => {
      saved.threshold += 1;
    },
    /checksum.*altered/,
  );
  damaged(
    'a name altered',
    (saved) => {
      saved.features[0].name = 'other';
    },
    /checksum.*altered/,
  );

  test('no single letter of the parameters can be changed unnoticed', async () => {
    const { length } = copy().parameters;
    for (let at = 0; at < length - 4; at += 37) {
      const saved = copy();
      saved.parameters = `${saved.parameters.slice(0, at)}${saved.parameters[at] === 'B' ? 'C' : 'B'}${saved.parameters.slice(at + 1)}`;
      await assert.rejects(load(saved), error('BAD_FILE', /altered|NaN|Infinity/));
    }
  });

  test('a file that was refused leaves no model behind', async () => {
    await onlyLeft(model);
    const { heapBytes, models } = model.memoryUsage();
    await assert.rejects(load({ ...copy(), checksum: 'x' }), error('BAD_FILE', /checksum/));
    assert.equal(model.memoryUsage().models, models);
    assert.equal(model.memoryUsage().heapBytes, heapBytes);
  });
});
