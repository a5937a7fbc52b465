// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// npm run calibration: do thresholds, reasons and repairs keep what they promise on fresh rows? --check fails when not.

import { buildPackage } from '../../bindings/tools/build/build.mjs';
import { main } from '../../bindings/tools/shared/terminal.mjs';
import { ensurePackages } from '../../bindings/tools/toolchain/packages.mjs';

await main(async () => {
  await ensurePackages();
  await buildPackage();
  const { init } = await import('anomalens');
  const { detectorAlarms } = await import('./detector.mjs');
  const { failures } = await import('./print.mjs');
  const { reasonsAndRepairs } = await import('./reasons.mjs');
  const { alarmsAfterCalibration, alarmsAfterTraining } = await import('./rules.mjs');

  await init();
  await reasonsAndRepairs();
  await alarmsAfterCalibration();
  await alarmsAfterTraining();
  await detectorAlarms();
  if (failures.length > 0) console.log(`\nNot kept: ${failures.join('; ')}.`);
  else console.log('\nEvery promise is kept.');
  if (process.argv.includes('--check') && failures.length > 0) process.exitCode = 1;
});
