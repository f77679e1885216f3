// The state machine of a channel: all states, which one it is in, since when and why, and what comes next.

import { html } from "../../html.js";
import { authorOf } from "../../parts/author.js";
import { Facts } from "../../parts/facts.js";
import { useLoaded } from "../../parts/loaded.js";
import { useNow } from "../../parts/now.js";
import { Panel } from "../../parts/panel.js";
import { Reason } from "../../parts/reason.js";
import { Time } from "../../parts/time.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import * as states from "./states.js";

/** How often it is looked whether something is due. */
const SECOND = 1_000;

/** What is told of each state besides its name. */
const LIMITS = {
  failures: states.SUSPEND_AFTER_FAILURES,
  days: states.SUSPEND_AFTER_DAYS,
  least: states.MIN_FAILURES,
  first: states.FIRST_PROBE_MINUTES,
  last: states.LAST_PROBE_MINUTES,
  held: states.MAX_HELD_DAYS,
};

/** @param {{channel: any, client: import("../../service/client.js").Client}} props */
export function Health({ channel, client }) {
  const now = useNow(SECOND);
  const standing = states.standing(channel, now);
  const { health } = channel;
  return html`
    <${Panel} title=${t("channel.health")}>
      <ol class="states" aria-label=${t("channel.states")}>
        ${states.CYCLE.map((state) => html`<${State} key=${state} state=${state} standing=${standing} />`)}
        <${State} state="disabled" standing=${standing} />
      </ol>
      <${Facts}
        facts=${[
          { name: t("channel.state_now"), value: html`<strong>${t(`channel.state.${standing.state}`)}</strong>` },
          { name: t("channel.since"), value: standing.since && html`<${Time} at=${standing.since} exact />` },
          { name: t("channel.failures"), value: health?.failures > 0 && String(health.failures) },
          { name: t("channel.probes"), value: health?.suspended_at && String(health.probes) },
          { name: t("channel.why"), value: standing.why && html`<${Reason} reason=${standing.why} />` },
          { name: t("channel.next"), value: html`<${Next} standing=${standing} />` },
          { name: t("channel.waits_until"), value: channel.held_back_until && html`<${Time} at=${channel.held_back_until} exact />` },
          { name: t("channel.paced_until"), value: channel.paced_until && html`<${Time} at=${channel.paced_until} exact />` },
          { name: t("channel.lane"), value: health?.slow && t("channel.slow") },
        ].filter(({ value }) => value)}
      />
      ${standing.state === "disabled" && html`<${Disabling} channel=${channel} client=${client} />`}
      <p><a href=${link("/deliveries", { channel: channel.id })}>${t("channel.deliveries")}</a></p>
    <//>
  `;
}

/** @param {{state: states.State, standing: states.Standing}} props */
function State({ state, standing }) {
  const isNow = state === standing.state;
  const isNext = state === standing.next;
  return html`
    <li class=${`state ${state} ${isNext ? "next" : ""}`} aria-current=${isNow ? "step" : undefined}>
      <span class="state-name">
        ${isNow && html`<span class="sign" aria-hidden="true">◉</span>`}${t(`channel.state.${state}`)}
        ${isNow && html`<span class="state-mark">${t("channel.is_now")}</span>`}
        ${isNext && html`<span class="state-mark">${t("channel.is_next")}</span>`}
      </span>
      <span class="state-what">${t(`channel.what.${state}`, LIMITS)}</span>
    </li>
  `;
}

/** @param {{standing: states.Standing}} props */
function Next({ standing }) {
  const text = t(`channel.then.${standing.state}`, LIMITS);
  return standing.at ? html`${text} <${Time} at=${standing.at} exact />` : text;
}

/** Who disabled it, and when: that is in its history.
 * @param {{channel: any, client: import("../../service/client.js").Client}} props */
function Disabling({ channel, client }) {
  const path = `/notifications/channels/${channel.id}/revisions`;
  const found = useLoaded((signal) => client.get(path, { limit: 100 }, { signal }), [path, channel.updated_at]);
  const change = states.disabling(found.value?.revisions ?? []);
  if (!change) return null;
  return html`<p>${t("channel.disabled_by", { who: authorOf(change) })} <${Time} at=${change.created_at} exact /></p>`;
}
