// What is seen first: the sign-in, or the frame with a page in it.

import { html, render } from "../html.js";
import { startLanguage } from "../texts/t.js";
import { Frame } from "./frame.js";
import { Session } from "./session.js";

/** @param {HTMLElement} place */
export async function show(place) {
  await startLanguage();
  place.textContent = "";
  render(html`<${Session}><${Frame} /><//>`, place);
}
