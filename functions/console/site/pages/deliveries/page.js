// Deliveries, the newest first: by status, channel, rule, type and time; and a retry of all that match.

import { html, useState } from "../../html.js";
import { Action } from "../../parts/action.js";
import { Button } from "../../parts/button.js";
import { Command } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { Loading } from "../../parts/loading.js";
import { Pager } from "../../parts/pager.js";
import { isPeriod } from "../../parts/period.js";
import { t } from "../../texts/t.js";
import { Filters } from "./filters.js";
import { List } from "./list.js";
import { useDeliveries } from "./listing.js";
import { useNames } from "./names.js";
import { command, isFiltered } from "./query.js";
import { RetryAll } from "./retry-all.js";

/** @param {import("../../shell/pages.js").PageProps} props */
export default function Deliveries({ client, params, setParams, can }) {
  const [retrying, setRetrying] = useState(false);
  const names = useNames(client);
  const isReadable = isPeriod(params);
  const deliveries = useDeliveries(client, isReadable ? params : null);
  const because = !isReadable ? t("part.no_time") : isFiltered(params) ? null : t("deliveries.retry_needs_filter");
  const close = () => {
    setRetrying(false);
    deliveries.reload();
  };
  return html`
    <${Heading} title=${t("deliveries.menu")} lead=${t("deliveries.lead")}>
      <${Button} busy=${deliveries.loading} onClick=${deliveries.reload}>${t("deliveries.reload")}<//>
      <${Action} can=${can} because=${because} onClick=${() => setRetrying(true)}>${t("deliveries.retry_all")}<//>
    <//>
    <section class="panel" aria-label=${t("deliveries.filters")}>
      <${Filters} client=${client} params=${params} setParams=${setParams} names=${names} />
      <${Command} line=${command("list", params)} />
    </section>
    <${Fault} problem=${deliveries.problem} retry=${deliveries.reload} />
    ${deliveries.rows.length || !deliveries.loading ? html`<${List} rows=${deliveries.rows} names=${names} empty=${isReadable ? t("deliveries.none") : t("part.no_time")} />` : html`<${Loading} />`}
    <${Pager} shown=${deliveries.rows.length} more=${deliveries.next !== null} loading=${deliveries.loading} onMore=${deliveries.more} />
    ${retrying && html`<${RetryAll} client=${client} params=${params} names=${names} onClose=${close} />`}
  `;
}
