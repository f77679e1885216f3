// What became of deliveries, or of events, in each minute of the last hours.

import { html, useMemo } from "../../html.js";
import { Bars } from "../../parts/bars.js";
import { Panel } from "../../parts/panel.js";
import { toneOf, wordOf } from "../../parts/status.js";
import { byClock } from "../../parts/time.js";
import { language, t } from "../../texts/t.js";
import { OUTCOMES, timeline } from "./series.js";

/** @param {{kind: "deliveries" | "events", status: any}} props */
export function Outcomes({ kind, status }) {
  const points = useMemo(
    () => timeline(status.minutes ?? [], kind, new Date(status.at), minuteOf),
    [status, kind, language()],
  );
  const series = OUTCOMES[kind].map((name) => ({ name, label: wordOf(name), tone: toneOf(name) }));
  const since = new Date(status[kind].since);
  const isCut = since.getTime() > Date.parse(status.at) - points.length * 60_000;
  return html`
    <${Panel} title=${t(`now.${kind}_by_minute`)}>
      <${Bars} title=${t(`now.${kind}_by_minute`)} first=${t("now.minute")} series=${series} points=${points} />
      ${isCut && html`<p class="hint">${t("now.counted_since", { time: byClock(since) })}</p>`}
    <//>
  `;
}

/** @param {Date} time */
function minuteOf(time) {
  return time.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
