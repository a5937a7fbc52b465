// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// npm run calibration: do thresholds, reasons and repairs keep what they promise on fresh rows? --check fails when not.

import { init } from 'anomalens';
import { detectorAlarms } from './detector.mjs';
import { failures } from './print.mjs';
import { reasonsAndRepairs } from './reasons.mjs';
import { alarmsAfterCalibration, alarmsAfterTraining } from './rules.mjs';

await init();
await reasonsAndRepairs();
await alarmsAfterCalibration();
await alarmsAfterTraining();
await detectorAlarms();
if (failures.length > 0) console.log(`\nNot kept: ${failures.join('; ')}.`);
else console.log('\nEvery promise is kept.');
if (process.argv.includes('--check') && failures.length > 0) process.exitCode = 1;
