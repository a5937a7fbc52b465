// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// What the columns of a table with names are: numbers in texts, dates, identifiers, categories, and what is said of them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Autoencoder, detect, train } from 'anomalens';
import { error, generator } from './support.mjs';

const quick = { seed: 1, epochs: 2 };
const plain = { hidden: [4], latent: 1, epochs: 2, seed: 1 };
const noise = (rows, seed = 1) => {
  const { normal } = generator(seed);
  return Array.from({ length: rows }, () => normal());
};
/** A column of these cells beside one of numbers. */
const beside = (cells, name = 'x') => cells.map((cell, row) => ({ [name]: cell, other: Math.sin(row * 7.3) }));
const kindsOf = ({ report }) =>
  Object.fromEntries(report.notes.filter(({ column }) => column).map(({ column, kind }) => [column, kind]));
const kindOf = async (cells, name = 'x', options = quick) => {
  const model = await train(beside(cells, name), options);
  const kind = kindsOf(model)[name];
  model.dispose();
  return kind;
};
/** Both ways of reading: scores are the same bits. */
async function assertSame(texts, numbers, options = quick) {
  const [one, other] = [await train(beside(texts), options), await train(beside(numbers), options)];
  assert.deepEqual(one.score(beside(texts)), other.score(beside(numbers)));
  assert.equal(one.fingerprint(), other.fingerprint());
}

describe('texts that are numbers', () => {
  const numbers = noise(60).map((cell) => Math.round(cell * 1e5) / 100);
  const inGroups = (number, thousands, decimal) => {
    const [whole, fraction] = Math.abs(number).toFixed(2).split('.');
    return `${number < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, thousands)}${decimal}${fraction}`;
  };
  const hands = {
    'as they are': String,
    'with spaces around and a plus': (number) => ` ${number < 0 ? '' : '+'}${number} `,
    'with an exponent': (number) => number.toExponential(),
    'with commas between thousands': (number) => inGroups(number, ',', '.'),
    'with points between thousands and a decimal comma': (number) => inGroups(number, '.', ','),
    'with spaces between thousands': (number) => inGroups(number, ' ', '.'),
    'with narrow spaces and a decimal comma': (number) => inGroups(number, '\u202f', ','),
    'with apostrophes': (number) => inGroups(number, "'", '.'),
    'with a currency before': (number) => `${number < 0 ? '-' : ''}$${inGroups(Math.abs(number), ',', '.')}`,
    'with a currency behind': (number) => `${inGroups(number, '.', ',')} €`,
    'with a percent sign': (number) => `${number} %`,
    'with a long minus': (number) => String(number).replace('-', '−'),
    'in parentheses where negative': (number) => (number < 0 ? `(${-number})` : String(number)),
  };
  for (const [how, write] of Object.entries(hands)) {
    test(`${how}, in the detector and in a single net`, async () => {
      for (const options of [quick, plain]) await assertSame(numbers.map(write), numbers, options);
    });
  }

  test('where nothing but three digits follow, commas separate thousands, unless another column has decimal commas', async () => {
    const thousands = numbers.map((_, row) => `${1 + (row % 9)},${String(100 + row * 3)}`);
    const alone = await train(beside(thousands), quick);
    assert.equal(alone.explain({ x: '1,100', other: 0 }).find(({ feature }) => feature === 'x').value, 1100);
    assert.match(alone.report.notes.map(({ text }) => text).join(), /decimal point; commas separate thousands/);
    const german = thousands.map((x, row) => ({ x, other: `${row},5` }));
    const model = await train(german, quick);
    assert.equal(model.explain(german[0]).find(({ feature }) => feature === 'x').value, 1.1);
    assert.match(
      model.report.notes.map(({ text }) => text).join(),
      /x: 60 texts read as numbers, with a decimal comma/,
    );
  });

  test('words for nothing are missing', async () => {
    const words = ['', ' ', 'NA', 'n/a', 'NaN', 'null', 'NULL', 'None', '-', '?'];
    const texts = numbers.map((number, row) => (row % 4 === 0 ? words[(row / 4) % words.length] : String(number)));
    await assertSame(
      texts,
      numbers.map((number, row) => (row % 4 === 0 ? null : number)),
    );
    const model = await train(beside(texts), quick);
    assert.equal(model.report.notes.find(({ what }) => what === 'missing').count, 15);
  });

  test('zeros in front make texts of them', async () => {
    const zips = numbers.map((_, row) => ['00501', '10001', '94103', '60601'][row % 4]);
    assert.equal(await kindOf(zips), 'category');
  });

  test('a stray text is named with its row, the first one included, and so is the cure', async () => {
    for (const typed of [false, true]) {
      for (const row of [0, 17, 59]) {
        const cells = numbers.map((number, at) => (at === row ? 'oops' : typed ? number : String(number)));
        for (const options of [quick, plain]) {
          await assert.rejects(
            train(beside(cells), options),
            error('SHAPE', new RegExp(`Row ${row}, column 0 \\("x".*"oops".*number.*columns: \\{ x: 'category' \\}`), {
              row,
              column: 0,
            }),
          );
        }
      }
    }
    // Numbers that count up are no identifier as long as a text is among them.
    const counting = noise(60).map((_, row) => row);
    for (const row of [0, 5])
      await assert.rejects(train(beside(counting.with(row, '')), quick), error('SHAPE', /is "".*Put null/, { row }));
    const model = await train(beside(numbers.map(String)), quick);
    assert.throws(() => model.score(beside(['1', 'oops'])), error('SHAPE', /Row 1.*"oops"/, { row: 1, column: 0 }));
    const share = numbers.map((number) => `${Math.abs(number)}%`);
    await assert.rejects(train(beside(share.with(8, '5')), quick), error('SHAPE', /sign %/, { row: 8 }));
  });

  test('a planted number leads, whatever hand wrote the column', async () => {
    const cells = noise(300, 3).map((cell) => (10 + cell).toFixed(2));
    const { findings } = await detect(beside(cells.with(77, '999.00')), { seed: 1 });
    const [{ row, reasons }] = findings;
    assert.deepEqual([row, reasons[0].feature, reasons[0].value], [77, 'x', 999]);
  });
});

describe('identifiers and empty columns are left out, and said to be', () => {
  const cases = {
    'different texts': [(row) => `order ${row}`, 'x', 'id'],
    'numbers that count up': [(row) => 1000 + row, 'x', 'id'],
    'the same, as texts': [(row) => String(5 + row * 10), 'x', 'id'],
    'whole numbers that do not count up row by row': [(row) => 5 + ((row * 37) % 100) * 10, 'x', 'number'],
    'different whole numbers named as an identifier': [(row) => row * row + 7, 'customerId', 'id'],
    'the same with the word behind an underscore': [(row) => row * row + 7, 'order_number', 'id'],
    'large integers named as an identifier': [(row) => 2n ** 60n + BigInt(row * row), 'key', 'id'],
    'different whole numbers with another name': [(row) => row * row + 7, 'amount', 'number'],
    'decimals that count up': [(row) => row / 4 + 0.1, 'id', 'number'],
    'texts of which each comes twice': [(row) => `shop ${row >> 1}`, 'x', 'category'],
    'nothing at all': [() => null, 'x', 'empty'],
    'nothing but words for it': [() => 'NA', 'x', 'empty'],
    'one number in all rows': [() => 7, 'x', 'constant'],
    'one text in all rows': [() => 'a', 'x', 'constant'],
    'two numbers': [(row) => (row % 3 ? 5 : 8), 'x', 'category'],
    'yes and no': [(row) => row % 3 === 0, 'x', 'category'],
    'plus and minus': [(row) => (row % 3 ? '+' : '-'), 'x', 'category'],
  };
  for (const [name, [cell, column, kind]] of Object.entries(cases)) {
    test(`${name}: ${kind}`, async () => {
      const cells = Array.from({ length: 100 }, (_, row) => cell(row));
      for (const options of [quick, plain]) assert.equal(await kindOf(cells, column, options), kind);
    });
  }

  test('scoring does not ask for them, and their cells do not count', async () => {
    const rows = beside(noise(100)).map((row, at) => ({ ...row, id: `u${at}`, note: null }));
    const model = await train(rows, quick);
    assert.deepEqual(
      [model.features, model.skipped],
      [
        ['x', 'other'],
        ['id', 'note'],
      ],
    );
    const bare = rows.map(({ x, other }) => ({ x, other }));
    assert.deepEqual(model.score(rows), model.score(bare));
    assert.deepEqual(model.score(rows.map((row) => ({ ...row, id: {}, note: () => 1 }))), model.score(bare));
  });

  test('the option columns overrules', async () => {
    const rows = Array.from({ length: 100 }, (_, row) => ({ id: row, name: `n${row}`, x: Math.sin(row), y: row % 7 }));
    const model = await train(rows, { ...quick, columns: { id: 'number', name: 'category', y: 'ignore' } });
    assert.deepEqual(model.features, ['id', 'name', 'x']);
    assert.deepEqual(kindsOf(model), { id: 'number', name: 'category', x: 'number', y: 'ignored' });
    assert.equal(model.explain({ ...rows[3], name: 'new' }).find(({ feature }) => feature === 'name').kind, 'unseen');
    const bad = (columns, sentence) =>
      assert.rejects(train(rows, { ...quick, columns }), error('BAD_OPTION', sentence));
    await bad({ z: 'number' }, /columns names "z".*id, name, x, y/);
    await bad({ x: 'numbers' }, /columns\.x must be one of 'number'/);
    await bad('number', /columns must be an object/);
    await assert.rejects(
      train(rows, { ...quick, columns: { id: 'ignore', name: 'ignore', x: 'ignore', y: 'ignore' } }),
      error('SHAPE', /nothing to learn from/),
    );
  });

  test('numbers may be said to be a category, and are found as numbers and as texts', async () => {
    const rows = Array.from({ length: 200 }, (_, row) => ({ zip: [501, 10001, 94103][row % 3], x: Math.sin(row) }));
    const model = await train(rows, { ...quick, columns: { zip: 'category' } });
    assert.deepEqual(model.score([{ zip: '501', x: 0 }]), model.score([{ zip: 501, x: 0 }]));
    assert.equal(model.explain({ zip: 60601, x: 0 })[0].kind, 'unseen');
  });
});

describe('dates', () => {
  const { uniform } = generator(4);
  const day = 86_400_000;
  const start = Date.UTC(2025, 0, 6); // a Monday
  /** Rows of office hours, Monday to Friday, 9 to 17. */
  const office = (rows, seed) => {
    const { uniform: u, normal } = generator(seed);
    return Array.from({ length: rows }, () => {
      const date = start + (7 * Math.floor(u() * 20) + Math.floor(u() * 5)) * day + (9 + 8 * u()) * 3_600_000;
      return { when: new Date(date), amount: 50 + 10 * normal(), city: ['a', 'b', 'c'][Math.floor(u() * 3)] };
    });
  };
  const at = (hour, weekday = 2) => new Date(start + weekday * day + hour * 3_600_000);

  test('a row at three in the night has that column as its first reason', async () => {
    let found = 0;
    for (let seed = 0; seed < 20; seed++) {
      const rows = office(1000, seed + 1);
      rows[500] = { ...rows[500], when: at(3) };
      const { model, findings } = await detect(rows, { seed, top: 1 });
      const [{ row, reasons }] = findings;
      if (row === 500 && reasons[0].feature === 'when' && reasons[0].part === 'hour') found++;
      model.dispose();
    }
    assert.ok(found >= 19, `${found} of 20`);
  });

  test('hour and weekday are one reason each, told in words; the running time is none', async () => {
    const rows = office(1000, 30);
    const model = await train(rows, { seed: 1 });
    assert.deepEqual(model.columns, ['when=hour', 'when=weekday', 'amount', 'city']);
    assert.deepEqual(model.features, ['when', 'amount', 'city']);
    assert.equal(model.featureErrors(rows).length, 3 * 1000);
    const [night] = model.explain({ ...rows[0], when: at(3.5) });
    assert.deepEqual([night.feature, night.part, night.value], ['when', 'hour', '03:30']);
    assert.match(night.expected, /^(09|1[0-6]):\d\d$/);
    const [sunday] = model.explain({ ...rows[0], when: at(12, 6) });
    assert.deepEqual([sunday.feature, sunday.part, sunday.value], ['when', 'weekday', 'Sunday']);
    assert.match(sunday.expected, /^(Mon|Tues|Wednes|Thurs|Fri)day$/);
    const later = rows.slice(0, 200).map((row) => ({ ...row, when: new Date(row.when.getTime() + 700 * day) }));
    assert.deepEqual(model.score(later), model.score(rows.slice(0, 200)));
    const repaired = model.repair({ ...rows[0], when: at(3) });
    assert.deepEqual(
      [repaired.feature, repaired.part, repaired.from, repaired.normal],
      ['when', 'hour', '03:00', true],
    );
  });

  test('the hour does not follow when the column is ignored, or shuffled in time', async () => {
    const rows = office(1000, 31);
    rows[500] = { ...rows[500], when: at(3) };
    const { findings } = await detect(rows, { seed: 1, columns: { when: 'ignore' } });
    assert.ok(findings.every(({ row, reasons }) => row !== 500 && reasons.every(({ feature }) => feature !== 'when')));
  });

  test('a single net takes hours, weekdays and months as categories', async () => {
    const rows = office(600, 32);
    const model = await train(rows, { hidden: [16], latent: 8, epochs: 60, seed: 1 });
    assert.ok(model.columns.includes('when=Monday') && model.columns.includes('when=09:00'));
    const ordinary = model.score([{ ...rows[0], when: at(12) }])[0];
    assert.ok(model.score([{ ...rows[0], when: at(3, 6) }])[0] > ordinary);
    const again = await Autoencoder.load(JSON.parse(JSON.stringify(model)));
    assert.deepEqual(again.score(rows), model.score(rows));
  });

  const pad = (number) => String(number).padStart(2, '0');
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const fields = (date) => ({
    y: date.getUTCFullYear(),
    m: date.getUTCMonth(),
    d: date.getUTCDate(),
    time: `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`,
  });
  const hands = {
    'ISO with T and Z': (date) => date.toISOString(),
    'ISO with a space': (date) => date.toISOString().slice(0, 16).replace('T', ' '),
    'with an offset: the clock on the wall counts': (date) => date.toISOString().replace('Z', '+02:00'),
    'year with slashes': (date) => date.toISOString().slice(0, 16).replace('T', ' ').replaceAll('-', '/'),
    'day first with points': (date) => `${fields(date).d}.${fields(date).m + 1}.${fields(date).y} ${fields(date).time}`,
    'month first with slashes': (date) =>
      `${fields(date).m + 1}/${fields(date).d}/${fields(date).y} ${fields(date).time}`,
    'day first with slashes': (date) =>
      `${fields(date).d}/${fields(date).m + 1}/${fields(date).y} ${fields(date).time}`,
    'the name of the month first': (date) =>
      `${months[fields(date).m]} ${fields(date).d}, ${fields(date).y} ${fields(date).time}`,
    'the name of the month in the middle': (date) =>
      `${fields(date).d}-${months[fields(date).m]}-${fields(date).y} ${fields(date).time}`,
    'as mail has it': (date) => date.toUTCString(),
    'with am and pm': (date) => {
      const hour = date.getUTCHours();
      return `${date.toISOString().slice(0, 10)} ${((hour + 11) % 12) + 1}:${pad(date.getUTCMinutes())} ${hour < 12 ? 'am' : 'PM'}`;
    },
  };
  for (const [how, write] of Object.entries(hands)) {
    test(how, async () => {
      const minutes = office(300, 33).map((row) => ({
        ...row,
        when: new Date(Math.floor(row.when.getTime() / 60_000) * 60_000),
      }));
      const texts = minutes.map((row) => ({ ...row, when: write(row.when) }));
      const [one, other] = [await train(texts, quick), await train(minutes, quick)];
      assert.deepEqual(one.score(texts), other.score(minutes));
    });
  }

  test('times of the day alone, whole years of days, and dates too close together', async () => {
    const times = noise(100).map((_, row) => `${9 + (row % 8)}:${pad(row % 60)}`);
    assert.deepEqual((await train(beside(times), quick)).columns, ['x=hour', 'other']);
    const days = noise(900).map((_, row) => new Date(start + row * day).toISOString().slice(0, 10));
    const model = await train(beside(days), quick);
    assert.deepEqual(model.columns, ['x=weekday', 'x=day', 'other']);
    assert.equal(model.explain(beside(days)[59]).find(({ part }) => part === 'day').value, 'March 6');
    const close = noise(30).map((_, row) => new Date(start + (row % 3) * day));
    assert.equal(await kindOf(close), 'date');
    assert.deepEqual((await train(beside(close), quick)).skipped, ['x']);
  });

  test('dates that number months are left out, and taken in when they are asked for', async () => {
    const monthly = noise(60).map((_, row) => `${months[row % 12]} 1 ${2000 + Math.floor(row / 12)}`);
    const left = await train(beside(monthly), quick);
    assert.deepEqual([left.skipped, kindsOf(left).x], [['x'], 'date']);
    assert.match(left.report.notes.map(({ text }) => text).join(), /x: left out.*columns: \{ x: 'date' \}/);
    assert.deepEqual((await train(beside(monthly), { ...quick, columns: { x: 'date' } })).columns, ['x=day', 'other']);
  });

  test('the running time is taken when it is asked for', async () => {
    const rows = noise(200).map((x, row) => ({ x, when: new Date(start + row * day) }));
    const model = await train(rows, { seed: 1, columns: { when: 'time' } });
    const [first] = model.explain({ x: 0, when: new Date(start + 5000 * day) });
    assert.deepEqual([first.feature, first.value], ['when', '2038-09-15']);
    assert.match(first.expected, /^2025-/);
  });

  test('what is no date names its cell', async () => {
    const texts = noise(60).map((_, row) => new Date(start + row * day).toISOString().slice(0, 10));
    for (const stray of ['2025-02-30', 'soon']) {
      await assert.rejects(
        train(beside(texts.with(4, stray)), quick),
        error('SHAPE', new RegExp(`Row 4.*"${stray}".*a date`), { row: 4, column: 0 }),
      );
    }
    assert.ok(uniform() < 1);
  });
});

describe('what is said', () => {
  const rows = beside(noise(100).map((cell) => cell.toFixed(2))).map((row, at) => ({ ...row, id: `u${at}` }));

  test('notes name column, kind and count; the report of the model holds them and is saved', async () => {
    const model = await Autoencoder.create({ seed: 3 });
    assert.equal(model.report, undefined);
    const report = await model.fit([...rows, { x: '', other: undefined, id: '' }], { epochs: 2 });
    const said = report.notes.map(({ what, column, kind, count }) => [what, column, kind, count]);
    assert.deepEqual(said, [
      ['skipped', undefined, undefined, 1],
      ['read', 'x', 'number', 100],
      ['converted', 'x', 'number', 100],
      ['read', 'other', 'number', 100],
      ['leftOut', 'id', 'id', 100],
    ]);
    assert.ok(report.notes.every(({ text }) => /^[^\n]+\.$/.test(text)));
    assert.deepEqual(model.report.notes, report.notes);
    assert.deepEqual([model.report.rows, model.report.rule], [100, report.rule]);
    assert.deepEqual(model.report.options, { seed: 3, epochs: 2 });
    assert.ok(Math.abs(Date.parse(model.report.when) - Date.now()) < 60_000);
    const again = await Autoencoder.load(JSON.parse(JSON.stringify(model)));
    assert.deepEqual(again.report, model.report);
    assert.deepEqual(
      (
        await train(
          [
            [1, 2],
            [2, 1],
            [3, 5],
          ],
          quick,
        )
      ).report.notes,
      [],
    );
    assert.deepEqual(again.score(rows), model.score(rows));
    assert.deepEqual(again.skipped, ['id']);
    await again.partialFit(rows, { epochs: 1 });
    assert.deepEqual(again.report.notes, model.report.notes);
  });

  test('a blank last row is skipped in scoring too, a row of missing numbers is not', async () => {
    const model = await train(rows, quick);
    const blank = { x: '', other: '', id: '' };
    assert.deepEqual(model.score([...rows, blank]), model.score(rows));
    assert.equal(model.score([...rows, { x: null, other: null }]).length, 101);
  });

  test('decimal commas, dates and words are read again in the same way after loading', async () => {
    const table = Array.from({ length: 200 }, (_, row) => ({
      price: `${row % 13},${row % 7}0 €`,
      when: `${1 + (row % 28)}/${1 + (row % 12)}/2024 ${row % 24}:00`,
    }));
    for (const options of [quick, plain]) {
      const model = await train(table, options);
      const again = await Autoencoder.load(JSON.parse(JSON.stringify(model)));
      assert.deepEqual(again.score(table), model.score(table));
      assert.equal(again.explain(table[3])[0]?.feature, model.explain(table[3])[0]?.feature);
      assert.throws(() => again.score([{ price: '1.5', when: 'soon' }]), error('SHAPE', /Row 0/));
    }
  });
});
