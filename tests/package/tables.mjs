// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Tables of several kinds of columns for the tests of the default detector.

import { noise } from './support.mjs';

export const colours = ['blue', 'green', 'red'];
const cells = noise(900, 4, 5);

/** Orders: the weight and the colour follow from the size, the note from nothing; every order has a number of its own. */
export const orders = cells.map(([size, spread, coin, gap], row) => ({
  id: `order ${row}`,
  size: Math.round(100 * (10 + 4 * size)) / 100,
  weight: Math.round(50 + 20 * size + spread),
  colour: colours[Math.min(2, Math.floor((size + 1) * 1.5))],
  paid: coin > -0.8,
  note: gap > 0.7 ? null : Math.round(10 * (gap + 2)) / 10,
  branch: 7,
}));

/** The same without what no other column knows of. */
export const plainOrders = orders.map(({ size, weight, colour, paid }) => ({ size, weight, colour, paid }));
