// A rule's name, what it is about, and where it sends.

import { html } from "../../html.js";
import { Checkbox } from "../../parts/checkbox.js";
import { Field } from "../../parts/field.js";
import { Panel } from "../../parts/panel.js";
import { Select } from "../../parts/select.js";
import { wordOf } from "../../parts/status.js";
import { link } from "../../shell/router.js";
import { t } from "../../texts/t.js";

/**
 * @param {object} props
 * @param {import("./draft.js").Form} props.form
 * @param {(changed: Partial<import("./draft.js").Form>) => void} props.onChange
 * @param {any[]} props.types
 * @param {any[]} props.channels
 * @param {boolean} props.isNew
 * @param {import("./faults.js").Fault[]} props.faults
 * @param {boolean} props.disabled
 */
export function Basics({ form, onChange, types, channels, isNew, faults, disabled }) {
  const told = (/** @type {string} */ member) => faults.find(({ place }) => place === member)?.text;
  const type = types.find(({ name }) => name === form.rule_type);
  const typeOptions = [...(form.rule_type ? [] : [{ value: "", label: t("rule.choose") }]), ...types.map(({ name }) => ({ value: name, label: name }))];
  const isKnown = channels.some(({ id }) => id === form.channel_id);
  const channelOptions = [
    ...(isKnown ? [] : [{ value: form.channel_id, label: form.channel_id || t("rule.choose") }]),
    ...channels.map(({ id, name, enabled, channel_type: kind, spec }) => ({
      value: id,
      label: `${name} · ${spec?.preset ?? kind}${enabled ? "" : ` · ${t("status.disabled")}`}`,
    })),
  ];
  return html`
    <${Panel} title=${t("rule.basics")}>
      <${Field} label=${t("rule.name")} value=${form.name} onInput=${(/** @type {string} */ name) => onChange({ name })} problem=${told("name")} disabled=${disabled} />
      <${Field} label=${t("rule.description")} value=${form.description} onInput=${(/** @type {string} */ description) => onChange({ description })} problem=${told("description")} rows=${2} disabled=${disabled} />
      <div class="halves">
        ${isNew
          ? html`<${Select} label=${t("rule.type")} value=${form.rule_type} options=${typeOptions} onChange=${(/** @type {string} */ name) => onChange({ rule_type: name })} hint=${type?.description} problem=${told("rule_type")} disabled=${disabled} />`
          : html`<div class="field"><span class="label">${t("rule.type")}</span><a class="mono" href=${link(`/types/${encodeURIComponent(form.rule_type)}`)}>${form.rule_type}</a><p class="hint">${type?.description}</p></div>`}
        <${Select} label=${t("rule.channel")} value=${form.channel_id} options=${channelOptions} onChange=${(/** @type {string} */ id) => onChange({ channel_id: id })} problem=${told("channel_id")} hint=${channelHint(channels.find(({ id }) => id === form.channel_id))} disabled=${disabled} />
      </div>
      <div class="halves">
        <${Checkbox} label=${t("rule.enabled")} checked=${form.enabled} onChange=${(/** @type {boolean} */ enabled) => onChange({ enabled })} disabled=${disabled} />
        <${Checkbox} label=${t("rule.observes")} hint=${t("rule.observes_hint")} checked=${form.observe} onChange=${(/** @type {boolean} */ observe) => onChange({ observe })} disabled=${disabled} />
      </div>
    <//>
  `;
}

/** Say what of the channel matters to the rule. @param {any} channel */
function channelHint(channel) {
  if (!channel) return undefined;
  const told = [
    channel.state && channel.state !== "active" && wordOf(channel.state),
    channel.effective_rate && t("rule.paced", { rate: channel.effective_rate }),
  ];
  return told.filter(Boolean).join(" · ") || undefined;
}
