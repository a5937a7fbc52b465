// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Canvas cannot read CSS custom properties; these are their values of the moment, in any theme.

const TOKENS = ['paper', 'ink', 'quiet', 'faint', 'normal', 'anomaly', 'copy'] as const;
export type Palette = Record<(typeof TOKENS)[number], string>;

let known: Palette | undefined;

export function palette(): Palette {
  known ??= read();
  return known;
}

/** To be called when the theme, or the system's colours, have changed. */
export function forgetPalette(): void {
  known = undefined;
}

function read(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = TOKENS.map((token) => {
    probe.style.color = `var(--${token})`;
    return [token, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(colours) as Palette;
}
