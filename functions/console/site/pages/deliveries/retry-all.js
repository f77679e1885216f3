// Retries all that match: first it shows which these are, then it sends, and tells how far it is.

import { html, useEffect, useRef, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Command } from "../../parts/command.js";
import { Dialog } from "../../parts/dialog.js";
import { Fault } from "../../parts/fault.js";
import { groupBy } from "../../parts/group-by.js";
import { Live } from "../../parts/live.js";
import { MessageChoice } from "../../parts/resend.js";
import { Status } from "../../parts/status.js";
import { Value } from "../../parts/value.js";
import { serverNow } from "../../service/clock.js";
import { t } from "../../texts/t.js";
import { command, query } from "./query.js";
import { found, retryAll } from "./retrying.js";

const FAILURES_SHOWN = 10;

/** @typedef {import("./retrying.js").Delivery} Delivery */
/** @typedef {import("./retrying.js").Progress} Progress */

/** @param {{client: any, params: Record<string, string>, names: import("./names.js").Names, onClose: () => void}} props */
export function RetryAll({ client, params, names, onClose }) {
  const { listed, matching, problem } = useMatching(client, params);
  const [message, setMessage] = useState("recorded");
  const [progress, setProgress] = useState(/** @type {Progress | null} */ (null));
  const [ended, setEnded] = useState(false);
  const running = useRef(new AbortController());
  useEffect(() => () => running.current.abort(), []);
  const start = async () => {
    if (!matching) return;
    const dialog = document.activeElement?.closest("dialog");
    dialog?.querySelector(/** @type {"button"} */ (".end button"))?.focus(); // the button that was pressed goes
    setProgress({ done: 0, of: matching.length, failures: [] });
    setProgress(await retryAll(client, matching, message, running.current.signal, setProgress));
    setEnded(true);
  };
  const isSending = progress !== null && !ended;
  const leave = isSending ? () => running.current.abort() : onClose;
  const actions = html`
    <${Button} onClick=${leave}>${t(isSending ? "deliveries.stop" : progress ? "part.close" : "part.cancel")}<//>
    ${!progress && matching && matching.length > 0 && html`<${Button} kind="primary" onClick=${start}>${t("deliveries.retry_n", { count: matching.length })}<//>`}
  `;
  return html`
    <${Dialog} title=${t("deliveries.retry_all")} onClose=${leave} actions=${actions}>
      <${Fault} problem=${problem} />
      <${Live} visible>${progress ? told(progress, ended) : matching ? t("deliveries.would", { count: matching.length }) : t("deliveries.counting", { count: listed })}<//>
      ${progress && html`<${Running} progress=${progress} />`}
      ${!progress && matching && html`
        <${Matching} matching=${matching} names=${names} />
        <p class="hint">${t("deliveries.left_out")}</p>
        <${MessageChoice} message=${message} onChange=${setMessage} />
        <${Command} line=${command("retry", params, "--dry-run")} />
      `}
      <${Command} line=${command("retry", params, message === "rendered" && "--render", "--yes")} />
    <//>
  `;
}

/**
 * List what would be retried.
 * @param {any} client
 * @param {Record<string, string>} params
 */
function useMatching(client, params) {
  const [listed, setListed] = useState(0);
  const [matching, setMatching] = useState(/** @type {Delivery[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  useEffect(() => {
    const mine = new AbortController();
    found(client, query(params, serverNow()), mine.signal, setListed).then(setMatching, (error) => mine.signal.aborted || setProblem(error));
    return () => mine.abort();
  }, []);
  return { listed, matching, problem };
}

/**
 * @param {Progress} progress
 * @param {boolean} ended
 */
function told({ done, of, failures }, ended) {
  const name = ended && done + failures.length < of ? "stopped" : ended ? "ended" : "sending";
  return t(`deliveries.${name}`, { count: done, total: of, failed: failures.length });
}

/** @param {{progress: Progress}} props */
function Running({ progress: { done, of, failures } }) {
  return html`
    <progress class="progress" max=${of} value=${done + failures.length} aria-label=${t("deliveries.progress")}></progress>
    ${failures.length > 0 && html`
      <ul class="failures">
        ${failures.slice(0, FAILURES_SHOWN).map(({ id, problem }) => html`<li key=${id}><code><${Value} value=${id} /></code> <span class="wrong"><${Value} value=${problem.detail || problem.message} /></span></li>`)}
        ${failures.length > FAILURES_SHOWN && html`<li>${t("deliveries.more_failures", { count: failures.length - FAILURES_SHOWN })}</li>`}
      </ul>
    `}
  `;
}

/**
 * What would be retried, in numbers by status, rule and channel.
 * @param {{matching: Delivery[], names: import("./names.js").Names}} props
 */
function Matching({ matching, names }) {
  const groups = groupBy(matching, ({ status, rule_id, channel_id }) => JSON.stringify([status, rule_id, channel_id]));
  const rows = [...groups].map(([key, all]) => ({ key, count: all.length, values: JSON.parse(key) }));
  return html`
    <ul class="matching">
      ${rows.toSorted((one, other) => other.count - one.count).map(({ key, count, values: [status, rule, channel] }) => html`
        <li key=${key}><span class="numeric">${count}</span> <${Status} value=${status} /> <span><${Value} value=${names.of(rule)} most=${60} /> <span class="soft">→ <${Value} value=${names.of(channel)} most=${60} /></span></span></li>
      `)}
    </ul>
  `;
}
