// One channel: how its receiver is, what it is configured to do, which rules use it, and what was changed. Or a new one.

import { html, useState } from "../../html.js";
import { Command, shellLine } from "../../parts/command.js";
import { Fault } from "../../parts/fault.js";
import { Heading } from "../../parts/heading.js";
import { History } from "../../parts/history.js";
import { useLoaded, usePolled } from "../../parts/loaded.js";
import { Loading } from "../../parts/loading.js";
import { Managed } from "../../parts/managed.js";
import { Needed } from "../../parts/needed.js";
import { Panel } from "../../parts/panel.js";
import { RulesTable, rulesOf } from "../../parts/rules-of.js";
import { Status } from "../../parts/status.js";
import { Value } from "../../parts/value.js";
import { visible } from "../../parts/visible.js";
import { go } from "../../shell/router.js";
import { t } from "../../texts/t.js";
import { Actions } from "./actions.js";
import { ChannelForm } from "./form.js";
import { Health } from "./health.js";
import { Settings } from "./settings.js";
import { NewSecret } from "./secret.js";

const NEW = "new";
/** How often the state is asked for, in seconds: that of a receiver that is not well changes by itself. */
const STATE_SECONDS = 10;

/** @param {import("../../shell/pages.js").PageProps} props */
export default function ChannelPage(props) {
  return props.id === NEW ? html`<${Creation} ...${props} />` : html`<${Present} ...${props} />`;
}

/** @param {import("../../shell/pages.js").PageProps} props */
function Creation({ client, can }) {
  const [made, setMade] = useState(/** @type {any} */ (null));
  if (!can("editor")) return html`<${Heading} title=${t("channel.new")} /><${Needed} role="editor" />`;
  if (!made) {
    return html`
      <${Heading} title=${t("channel.new")} />
      <${ChannelForm} client=${client} stored=${null} onSaved=${setMade} onClose=${() => go("/channels")} />
    `;
  }
  const { channel, warnings = [] } = made;
  return html`
    <${Heading} title=${t("channel.created", { name: channel.name })} />
    <${Warnings} texts=${warnings} />
    ${channel.signing_secret && html`<${NewSecret} secret=${channel.signing_secret} preset=${channel.spec.preset} />`}
    <p><a class="button primary" href=${`#/channels/${channel.id}`}>${t("channel.go")}</a></p>
  `;
}

/** @param {import("../../shell/pages.js").PageProps} props */
function Present({ client, can, id, params, setParams }) {
  const path = `/notifications/channels/${id}`;
  const found = usePolled((signal) => client.get(path, {}, { signal }), STATE_SECONDS, [path]);
  const rules = useLoaded((signal) => rulesOf(client, { channel_id: id }, signal), [id]);
  const [told, setTold] = useState(/** @type {any} */ (null));
  const channel = found.value?.channel;
  if (!channel) {
    return html`
      <${Heading} title=${t("channel.title")} />
      ${found.problem ? html`<${Fault} problem=${found.problem} retry=${found.reload} />` : html`<${Loading} />`}
    `;
  }
  const changed = async (/** @type {any} */ outcome) => {
    setTold(outcome);
    await found.reload();
  };
  if (params.form === "edit" && can("editor")) {
    const close = () => {
      setParams({ form: null });
      found.reload(); // somebody else may have changed it
    };
    const saved = async (/** @type {any} */ response) => {
      close();
      await changed({ saved: response });
    };
    return html`
      <${Heading} title=${t("channel.edit_title", { name: channel.name })} />
      <${Managed} managed=${channel.managed} />
      <${ChannelForm} client=${client} stored=${channel} onSaved=${saved} onClose=${close} />
    `;
  }
  return html`
    <${Heading} title=${visible(channel.name)} lead=${html`<${Value} value=${channel.description} />`}>
      <${Status} value=${channel.state} />
      <${Actions} client=${client} can=${can} channel=${channel} rules=${rules.value} onDone=${changed} onEdit=${() => setParams({ form: "edit" })} />
    <//>
    <${Outcome} told=${told} />
    <${Managed} managed=${channel.managed} />
    <${Fault} problem=${found.problem} retry=${found.reload} />
    <${Health} channel=${channel} client=${client} />
    <${Settings} channel=${channel} />
    <${Panel} title=${t("channel.rules")}>
      <${Fault} problem=${rules.problem} retry=${rules.reload} />
      ${rules.value && html`<${RulesTable} rules=${rules.value} caption=${t("channel.rules")} empty=${t("channel.no_rules")} of="type" />`}
      <${Command} line=${shellLine("rule", "list", "--channel", id)} />
    <//>
    <${History}
      client=${client}
      path=${path}
      command="channel"
      id=${id}
      mayRevert=${can("editor")}
      onReverted=${() => changed({ text: t("channel.reverted") })}
      version=${channel.updated_at}
    />
  `;
}

/** @param {{told: any}} props what the last action did */
function Outcome({ told }) {
  if (!told) return html`<div role="status" class="visually-hidden"></div>`;
  if (told.secret) return html`<${NewSecret} ...${told} />`;
  const { saved } = told;
  return html`
    <div role="status" class="outcome stack">
      <p>${told.text ?? t("channel.saved")}</p>
      ${saved?.dropped_credentials?.length > 0 && html`<p class="warning">${t("channel.dropped", { names: saved.dropped_credentials.join(", ") })}</p>`}
      <${Warnings} texts=${saved?.warnings ?? []} />
    </div>
  `;
}

/** @param {{texts: string[]}} props */
function Warnings({ texts }) {
  return texts.map((text) => html`<p class="warning" key=${text}>${text}</p>`);
}
