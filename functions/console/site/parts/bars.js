// Counts over time as stacked bars, with a legend, what the pointed-at bar has in words, and a table of the same.

import { html, useId, useState } from "../html.js";
import { language, t } from "../texts/t.js";
import { Table } from "./table.js";

const HEIGHT = 100;

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {string} label
 * @property {import("./status.js").Tone} tone
 */

/**
 * @typedef {object} Point
 * @property {string} label when it was
 * @property {Record<string, number>} values by the names of the series; those that are not there are 0
 */

/**
 * @param {object} props
 * @param {string} props.title what is counted, for those who do not see it
 * @param {string} props.first the table's first column, like "Minute"
 * @param {Series[]} props.series from the bottom to the top
 * @param {Point[]} props.points all of them, also those with nothing
 */
export function Bars({ title, first, series, points }) {
  const id = useId();
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null));
  const top = scaleOf(Math.max(0, ...points.map((point) => sum(series, point))));
  const shown = series.filter(({ name }) => points.some((point) => point.values[name]));
  const point = pointed === null ? null : points[pointed];
  const pointAt = (/** @type {PointerEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    setPointed(Math.min(points.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * points.length))));
  };
  return html`
    <figure class="bars" aria-labelledby=${id}>
      <figcaption class="row spread">
        <span id=${id} class="visually-hidden">${title}</span>
        <${Legend} series=${shown} />
        <span class="reading">${point ? reading(series, point) : ""}</span>
      </figcaption>
      <div class="plot">
        <div class="scale" aria-hidden="true"><span>${top.toLocaleString(language())}</span><span>0</span></div>
        <svg
          role="img"
          aria-label=${`${title}. ${summary(shown, points)}`}
          viewBox=${`0 0 ${points.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          onPointerMove=${pointAt}
          onPointerLeave=${() => setPointed(null)}
        >
          ${[0.5, 1].map((part) => html`<line class="grid" x1="0" x2=${points.length} y1=${HEIGHT * (1 - part)} y2=${HEIGHT * (1 - part)} />`)}
          ${pointed !== null && html`<rect class="pointed" x=${pointed} y="0" width="1" height=${HEIGHT} />`}
          ${points.map((one, number) => stack(series, one, number, top))}
        </svg>
        <div class="ticks" aria-hidden="true">${ticks(points).map((label) => html`<span>${label}</span>`)}</div>
      </div>
      <details>
        <summary>${t("part.as_table")}</summary>
        <${Numbers} caption=${title} first=${first} series=${shown} points=${points} />
      </details>
    </figure>
  `;
}

/** @param {{series: Series[]}} props */
function Legend({ series }) {
  return html`
    <ul class="legend">
      ${series.map(({ name, label, tone }) => html`<li key=${name}><svg class="swatch" viewBox="0 0 1 1" aria-hidden="true"><rect class=${tone} width="1" height="1" /></svg>${label}</li>`)}
    </ul>
  `;
}

/** @param {{caption: string, first: string, series: Series[], points: Point[]}} props */
function Numbers({ caption, first, series, points }) {
  const columns = [
    { name: "label", title: first, wide: true },
    ...series.map(({ name, label }) => ({
      name,
      title: label,
      numeric: true,
      render: (/** @type {Point} */ { values }) => (values[name] ?? 0).toLocaleString(language()),
    })),
  ];
  const rows = points.filter((point) => sum(series, point) > 0).reverse();
  return html`<${Table} caption=${caption} columns=${columns} rows=${rows} rowKey=${(/** @type {Point} */ { label }) => label} empty=${t("part.nothing")} />`;
}

/**
 * @param {Series[]} series
 * @param {Point} point
 * @param {number} number
 * @param {number} top
 */
function stack(series, point, number, top) {
  let below = 0;
  return series.map(({ name, tone }) => {
    const height = ((point.values[name] ?? 0) / top) * HEIGHT;
    if (!height) return null;
    below += height;
    return html`<rect class=${tone} x=${number + 0.1} y=${HEIGHT - below} width="0.8" height=${height} />`;
  });
}

/**
 * @param {Series[]} series
 * @param {Point} point
 */
function sum(series, point) {
  return series.reduce((total, { name }) => total + (point.values[name] ?? 0), 0);
}

/**
 * @param {Series[]} series
 * @param {Point} point
 */
function reading(series, point) {
  const parts = series.filter(({ name }) => point.values[name]).map(({ name, label }) => `${label} ${point.values[name].toLocaleString(language())}`);
  return `${point.label}: ${parts.join(", ") || t("part.nothing")}`;
}

/**
 * @param {Series[]} series
 * @param {Point[]} points
 */
function summary(series, points) {
  const parts = series.map(({ name, label }) => `${label} ${points.reduce((total, { values }) => total + (values[name] ?? 0), 0).toLocaleString(language())}`);
  return parts.join(", ") || t("part.nothing");
}

/**
 * Round up to what is easily read, and its half too: 2, 4, 6, 8, 10, 12, 16, 20 ...
 * @param {number} most
 */
function scaleOf(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= most && step % 2 === 0) ?? Math.max(2, most);
}

/**
 * @param {Point[]} points
 * @returns {string[]} the labels of the first, the last, and those between at equal distances
 */
function ticks(points) {
  const last = points.length - 1;
  return [...new Set([0, 1, 2, 3, 4].map((part) => Math.round((part * last) / 4)))].map((number) => points[number]?.label ?? "");
}
