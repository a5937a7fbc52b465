// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// How the package is asked, with its defaults.

/** Trained on `rows`, which are promised to be normal: the model, and its scores of `test`. */
export async function asTrain({ train }, rows, test, seed) {
  const model = await train(rows, { seed });
  return { model, scores: model.score(test) };
}

/** The same without the promise. */
export async function asTrainUnclean({ train }, rows, test, seed) {
  const model = await train(rows, { seed, clean: false });
  return { model, scores: model.score(test) };
}

/**
 * What `detect(rows)` ranks by: every row's score from nets that did not see it. `detect` gives them with the reasons of
 * its findings only; the report of the same training has them all.
 */
export async function asDetect({ Autoencoder }, rows, _test, seed) {
  const model = await Autoencoder.create({ seed });
  const { scores } = await model.fit(rows, { clean: false });
  return { model, scores };
}
