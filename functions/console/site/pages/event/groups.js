// The rules of an event by what they made of it. What sends is open to view; a crowd that does not is folded up.

import { html, useState } from "../../html.js";
import { Button } from "../../parts/button.js";
import { Value } from "../../parts/value.js";
import { Verdict } from "../../parts/verdict.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { byLeaf, grouped } from "./grouping.js";
import { Rule } from "./rule.js";

const SHOWN = 10;

/** @param {{rules: any[], actions: any}} props */
export function Groups({ rules, actions }) {
  const groups = grouped(rules);
  if (!groups.length) return html`<p class="empty">${t("event.no_rules")}</p>`;
  return html`
    <div class="groups">
      ${groups.map((group) => (group.verdict === "unmet" ? html`<${Unmet} key="unmet" rules=${group.rules} />` : html`<${Group} key=${group.verdict} group=${group} actions=${actions} />`))}
    </div>
  `;
}

/** @param {{group: import("./grouping.js").Group, actions: any}} props */
function Group({ group: { verdict, rules }, actions }) {
  const [all, setAll] = useState(false);
  const shown = all ? rules : rules.slice(0, SHOWN);
  return html`
    <section>
      <h4><${Verdict} verdict=${verdict} /> ${t("event.rules", { count: rules.length })}</h4>
      <ul class="rules">${shown.map((rule) => html`<${Rule} key=${rule.rule_id} rule=${rule} actions=${actions} />`)}</ul>
      ${rules.length > shown.length && html`<${Button} kind="plain" onClick=${() => setAll(true)}>${t("event.more_rules", { count: rules.length - shown.length })}<//>`}
    </section>
  `;
}

/** @param {{rules: any[]}} props */
function Unmet({ rules }) {
  return html`
    <details class="unmet" open=${rules.length <= SHOWN}>
      <summary><${Verdict} verdict="unmet" /> ${t("event.rules", { count: rules.length })}</summary>
      ${byLeaf(rules).map(({ path, seen, rules: found, needs }) => html`
        <section key=${`${path} ${seen}`}>
          <h4>${path === null ? t("event.leaf_unknown") : html`<code><${Value} value=${path} most=${80} /></code> ${t("event.is")} <code><${Value} value=${seen} most=${120} /></code>`} <span class="soft">${t("event.rules", { count: found.length })}</span></h4>
          <ul class="needed">
            ${needs.map((need) => html`<${Needed} key=${need.clause} need=${need} />`)}
          </ul>
        </section>
      `)}
    </details>
  `;
}

/** @param {{need: import("./grouping.js").Need}} props */
function Needed({ need: { clause, rules } }) {
  return html`
    <li>
      <span class="soft">${clause === null ? html`<${Value} value=${rules[0].reason} />` : html`${t("event.needs")} <code><${Value} value=${clause} most=${160} /></code>`}</span>
      <span class="names">${rules.map((rule) => html`<a key=${rule.rule_id} href=${link(`/rules/${rule.rule_id}`)}><${Value} value=${rule.name ?? rule.rule_id} most=${80} /></a> `)}</span>
    </li>
  `;
}
