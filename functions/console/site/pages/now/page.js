// What is happening now: whether all is well, and what is not.

import { html } from "../../html.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { usePolled } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Panel } from "../../parts/panel.js";
import { Status } from "../../parts/status.js";
import { Table } from "../../parts/table.js";
import { Time } from "../../parts/time.js";
import { t } from "../../texts/t.js";

const SECONDS = 15;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Now({ client }) {
  const { value: status, problem, reload } = usePolled((signal) => client.get("/notifications/status", {}, { signal }), SECONDS, [client]);
  return html`
    <${Heading} title=${t("now.menu")} />
    <${Fault} problem=${problem} retry=${reload} />
    ${status ? html`<${Channels} channels=${status.channels} />` : problem || html`<${Loading} />`}
  `;
}

/** @param {{channels: any[]}} props */
function Channels({ channels }) {
  const columns = [
    { name: "name", title: "Name", wide: true },
    { name: "state", title: "State", render: (/** @type {any} */ row) => html`<${Status} value=${row.state} />` },
    { name: "last", title: "Last", render: (/** @type {any} */ row) => html`<${Time} at=${row.last_success_at} />` },
  ];
  return html`<${Panel} title="Channels"><${Table} caption="Channels" columns=${columns} rows=${channels} rowKey=${(/** @type {any} */ row) => row.id} empty="None" /><//>`;
}
