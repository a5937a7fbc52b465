// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT

export interface TableContent {
  readonly caption?: string;
  readonly head: readonly string[];
  /** The first cell of every row is its header. */
  readonly rows: readonly (readonly string[])[];
}

/** Fills a real table; an existing one of the same shape keeps its cells, so that focus and selection stay. */
export function fillTable(table: HTMLTableElement, { caption, head, rows }: TableContent): void {
  const shape = `${head.length}x${rows.length}${caption === undefined ? '' : 'c'}`;
  if (table.dataset.shape !== shape) build(table, head.length, rows.length, caption !== undefined);
  table.dataset.shape = shape;
  const texts = [...(caption === undefined ? [] : [caption]), ...head, ...rows.flat()];
  const cells = table.querySelectorAll('caption, th, td');
  texts.forEach((text, i) => {
    const cell = cells[i] as HTMLElement;
    if (cell.textContent !== text) cell.textContent = text;
  });
}

function build(table: HTMLTableElement, columns: number, rows: number, hasCaption: boolean): void {
  table.replaceChildren();
  if (hasCaption) table.createCaption();
  const headRow = table.createTHead().insertRow();
  for (let i = 0; i < columns; i++) headRow.append(header('col'));
  const body = table.createTBody();
  for (let i = 0; i < rows; i++) {
    const row = body.insertRow();
    row.append(header('row'));
    for (let j = 1; j < columns; j++) row.insertCell();
  }
}

function header(scope: string): HTMLElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  return cell;
}
