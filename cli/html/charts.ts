/** Charts as SVG inside the page: no script, no network. Each says in words what it shows. */
import { type Markup, markup } from "./markup.ts";

/** A part of a column or of a bar, by its place in the legend. */
interface Series {
  readonly name: string;
  /** A colour of the page's style. */
  readonly tone: "one" | "two" | "three" | "four";
}

interface Column {
  readonly label: string;
  /** One value for each series. */
  readonly values: readonly number[];
}

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 36;
const BOTTOM = 26;
const TOP = 12;
const MOST_LABELS = 12;
const WIDEST = 64;

const total = ({ values }: Column) => values.reduce((sum, value) => sum + value, 0);

/** Stacked columns, oldest first. @param said what the chart shows, for who cannot see it */
export function columnChart(
  caption: string,
  said: string,
  series: readonly Series[],
  columns: readonly Column[],
): Markup {
  const most = Math.max(1, ...columns.map(total));
  const top = niceTop(most);
  const step = (WIDTH - LEFT) / Math.max(1, columns.length);
  const width = Math.min(step * 0.76, WIDEST);
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const every = Math.ceil(columns.length / MOST_LABELS);
  const rules = [0, top / 2, top].map(
    (value) =>
      markup`<line class="rule" x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}"/><text class="soft" x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const bars = columns.map((column, at) => {
    const x = LEFT + at * step;
    const label =
      at % every === 0
        ? markup`<text class="soft" x="${round(x + step / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${column.label}</text>`
        : null;
    return markup`${stack(column, series, { x: x + (step - width) / 2, width, y })}${label}
`;
  });
  return figure(
    caption,
    series,
    markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${said}">
${rules}
${bars}</svg>`,
  );
}

interface Place {
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
}

function stack({ label, values }: Column, series: readonly Series[], { x, width, y }: Place) {
  let below = 0;
  return series.map(({ name, tone }, at) => {
    const value = values[at] ?? 0;
    const [from, to] = [y(below), y(below + value)];
    below += value;
    return value === 0
      ? markup``
      : markup`<rect class="${tone}" x="${round(x)}" y="${round(to)}" width="${round(width)}" height="${round(from - to)}"><title>${label}: ${value} ${name}</title></rect>`;
  });
}

const ROW = 30;
const NAMES = 150;
const COUNTS = 60;

/** Stacked bars from left to right, one a row, with their sums. */
export function barChart(
  caption: string,
  said: string,
  series: readonly Series[],
  rows: readonly Column[],
): Markup {
  const most = Math.max(1, ...rows.map(total));
  const scale = (WIDTH - NAMES - COUNTS) / most;
  const height = rows.length * ROW;
  const bars = rows.map((row, at) => {
    let x = NAMES;
    const parts = series.map(({ name, tone }, index) => {
      const value = row.values[index] ?? 0;
      const from = x;
      x += value * scale;
      return value === 0
        ? markup``
        : markup`<rect class="${tone}" x="${round(from)}" y="${at * ROW + 6}" width="${round(value * scale)}" height="${ROW - 12}"><title>${row.label}: ${value} ${name}</title></rect>`;
    });
    const middle = at * ROW + ROW / 2 + 4;
    return markup`<text x="${NAMES - 8}" y="${middle}" text-anchor="end">${shortened(row.label)}</text>${parts}<text class="soft" x="${round(x + 6)}" y="${middle}">${total(row)}</text>
`;
  });
  return figure(
    caption,
    series,
    markup`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${said}">
${bars}</svg>`,
  );
}

const LONGEST_LABEL = 20;
const shortened = (label: string) =>
  label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;

const figure = (caption: string, series: readonly Series[], svg: Markup): Markup =>
  markup`<figure>
<figcaption>${caption}<span class="legend">${series.map(
    ({ name, tone }) =>
      markup`<svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="${tone}" width="10" height="10"/></svg>${name} `,
  )}</span></figcaption>
${svg}
</figure>
`;

const round = (number: number) => Math.round(number * 10) / 10;

/** An even number that is easy to halve: 2, 4, 10, 20, 40, 100 … */
function niceTop(most: number): number {
  let top = 2;
  for (let power = 1; top < most; power *= 10)
    for (const step of [2, 4, 10]) {
      top = step * power;
      if (top >= most) return top;
    }
  return top;
}
