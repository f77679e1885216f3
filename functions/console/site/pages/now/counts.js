// How many there were in an hour and in a day, by outcome; each leads to the list.

import { html } from "../../html.js";
import { Panel } from "../../parts/panel.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { link } from "../../shell/router.js";
import { language, t } from "../../texts/t.js";
import { OUTCOMES } from "./series.js";

/** @param {{status: any}} props */
export function Counts({ status }) {
  const rows = /** @type {const} */ (["deliveries", "events"]).flatMap((kind) =>
    OUTCOMES[kind].filter((outcome) => status[kind].day[outcome]).map((outcome) => ({ kind, outcome, counts: status[kind] })),
  );
  const columns = [
    { name: "kind", title: t("now.what"), render: (/** @type {any} */ { kind }) => t(`now.${kind}`) },
    {
      name: "outcome",
      title: t("now.outcome"),
      wide: true,
      render: (/** @type {any} */ { kind, outcome }) => html`<a href=${link(`/${kind}`, { status: outcome })}><${Status} value=${outcome} /></a>`,
    },
    { name: "hour", title: t("now.hour"), numeric: true, render: (/** @type {any} */ { counts, outcome }) => written(counts.hour[outcome]) },
    { name: "day", title: t("now.day"), numeric: true, render: (/** @type {any} */ { counts, outcome }) => written(counts.day[outcome]) },
  ];
  return html`
    <${Panel} title=${t("now.counts")}>
      <${Table}
        caption=${t("now.counts")}
        columns=${columns}
        rows=${rows}
        rowKey=${(/** @type {any} */ { kind, outcome }) => `${kind} ${outcome}`}
        empty=${t("now.nothing_came")}
      />
    <//>
  `;
}

/** @param {number | undefined} count */
function written(count) {
  return (count ?? 0).toLocaleString(language());
}
