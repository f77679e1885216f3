// The console's mark: a bell.

import { html } from "../html.js";

export function Mark() {
  return html`
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M9 21h14l-2-3v-5a5 5 0 0 0-10 0v5z" />
      <circle cx="16" cy="24" r="2" />
    </svg>
  `;
}
