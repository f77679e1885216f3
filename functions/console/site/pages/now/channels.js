// The channels that are not well, and why.

import { html } from "../../html.js";
import { Panel } from "../../parts/panel.js";
import { Reason } from "../../parts/reason.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { Value } from "../../parts/value.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

const WELL = ["active", "disabled"];

/** @param {{channels: any[]}} props */
export function Channels({ channels }) {
  const unwell = channels.filter(({ state }) => !WELL.includes(state));
  const columns = [
    {
      name: "name",
      title: t("now.channel"),
      render: (/** @type {any} */ { id, name }) => html`<a href=${link(`/channels/${id}`)}><${Value} value=${name} /></a>`,
    },
    { name: "state", title: t("now.state"), render: (/** @type {any} */ { state }) => html`<${Status} value=${state} />` },
    { name: "state_reason", title: t("now.why"), wide: true, render: (/** @type {any} */ row) => html`<${Reason} reason=${row.state_reason} />` },
    { name: "last", title: t("now.last_success"), render: (/** @type {any} */ row) => html`<${Time} at=${row.last_success_at} />` },
  ];
  return html`
    <${Panel} title=${t("now.channels_not_well")} actions=${html`<a href="#/channels">${t("now.all_channels", { count: channels.length })}</a>`}>
      <${Table}
        caption=${t("now.channels_not_well")}
        columns=${columns}
        rows=${unwell}
        rowKey=${(/** @type {any} */ { id }) => id}
        empty=${channels.length ? t("now.channels_well") : t("now.no_channels")}
      />
    <//>
  `;
}
