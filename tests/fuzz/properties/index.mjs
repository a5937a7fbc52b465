// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// All properties: { name, weight: cases of a round, input: what comes in, run: fails where something is wrong }.

import { files } from './files.mjs';
import { interleaved } from './interleaved.mjs';
import { judgements } from './judgements.mjs';
import { judging } from './judging.mjs';
import { sequences } from './sequences.mjs';
import { training } from './training.mjs';

export const properties = [...judging, ...training, ...sequences, ...interleaved, ...files, ...judgements];
