// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// `npm run clean`: removes what was built in this checkout; the shared cache stays.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shared/places.mjs';

for (const folder of ['build', 'dist']) rmSync(join(root, folder), { recursive: true, force: true });
