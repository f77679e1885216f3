// The services that have a preset, and which of them a URL belongs to, as `core/presets` has it.

/** @typedef {{name: string, label: string, example: string, has: (host: string, path: string) => boolean}} Preset */

/** @type {Preset[]} in the order in which they are asked */
export const PRESETS = [
  {
    name: "slack",
    label: "Slack",
    example: "https://hooks.slack.com/services/T…/B…/…",
    has: (host) => among(host, ["hooks.slack.com", "hooks.slack-gov.com"]),
  },
  {
    name: "teams",
    label: "Teams",
    example: "https://….api.powerplatform.com/…/workflows/…",
    has: (host) =>
      below(host, ["outlook.office.com", "outlook.office365.com", "webhook.office.com"]) ||
      below(host, ["logic.azure.com", "api.powerplatform.com"]),
  },
  {
    name: "discord",
    label: "Discord",
    example: "https://discord.com/api/webhooks/…/…",
    has: (host, path) =>
      among(host, ["discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com"]) &&
      path.startsWith("/api/"),
  },
  {
    name: "pagerduty",
    label: "PagerDuty",
    example: "https://events.pagerduty.com/v2/enqueue",
    has: (host) => among(host, ["events.pagerduty.com", "events.eu.pagerduty.com"]),
  },
  {
    name: "mattermost",
    label: "Mattermost",
    example: "https://mattermost.example.com/hooks/…",
    has: (_, path) => /\/hooks\/[a-z0-9]{26}\/?$/.test(path),
  },
  {
    name: "google-chat",
    label: "Google Chat",
    example: "https://chat.googleapis.com/v1/spaces/…/messages?key=…&token=…",
    has: (host) => host === "chat.googleapis.com",
  },
  {
    name: "telegram",
    label: "Telegram",
    example: "https://api.telegram.org/bot…/sendMessage?chat_id=…",
    has: (host) => host === "api.telegram.org",
  },
  {
    name: "ntfy",
    label: "ntfy",
    example: "https://ntfy.sh/…",
    has: (host) => host === "ntfy.sh" || host.startsWith("ntfy."),
  },
];

/**
 * @param {string} url
 * @returns {string | null} the name of the preset that a URL suggests
 */
export function suggested(url) {
  let parts;
  try {
    parts = new URL(url);
  } catch {
    return null;
  }
  const host = parts.hostname.replace(/\.$/, "");
  return PRESETS.find((preset) => preset.has(host, parts.pathname))?.name ?? null;
}

/**
 * @param {string | null | undefined} name
 * @returns {string | null} what a service calls itself
 */
export function labelOf(name) {
  return PRESETS.find((preset) => preset.name === name)?.label ?? name ?? null;
}

/**
 * @param {string} host
 * @param {string[]} hosts
 */
function among(host, hosts) {
  return hosts.includes(host);
}

/**
 * @param {string} host
 * @param {string[]} ends
 */
function below(host, ends) {
  return ends.some((end) => host === end || host.endsWith(`.${end}`));
}
