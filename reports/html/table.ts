import { type Fragment, type Html, html } from './markup.js';

export interface Column {
  readonly head: string;
  /** Set flush left; numbers, the default, are set flush right. */
  readonly isText?: boolean;
  /** Place of the transport that the column hides with. */
  readonly transport?: number;
}

export interface TableRow {
  /** Scope of the row. */
  readonly head: Fragment;
  readonly cells: readonly Fragment[];
  /** Place of the transport that the row hides with. */
  readonly transport?: number;
}

export interface Table {
  readonly caption: string;
  /** The first is the head of the row heads. */
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  readonly note?: string;
}

const tag = (transport: number | undefined): Html | null =>
  transport === undefined ? null : html` data-transport="${transport}"`;

const align = (column: Column | undefined): Html | null => (column?.isText ? html` class="text"` : null);

/** With more columns a table is set smaller on paper. */
const MANY_COLUMNS = 10;

/** A table in a box of its own, which scrolls when the table is wider than the page. */
export function renderTable({ caption, columns, rows, note }: Table): Html {
  const [first, ...others] = columns;
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table${columns.length > MANY_COLUMNS ? html` class="wide"` : null}>
<caption><span>${caption}</span></caption>
<thead><tr><th scope="col" class="text">${first?.head ?? ''}</th>${others.map(
    (column) => html`<th scope="col"${align(column)}${tag(column.transport)}>${column.head}</th>`,
  )}</tr></thead>
<tbody>
${rows.map(
  (
    row,
  ) => html`<tr${tag(row.transport)}><th scope="row"${row.transport === undefined ? null : html` class="name"`}>${row.head}</th>${row.cells.map(
    (cell, at) => html`<td${align(others[at])}${tag(others[at]?.transport)}>${cell}</td>`,
  )}</tr>
`,
)}</tbody></table></div>${note === undefined ? null : html`<p class="note">${note}</p>`}`;
}
