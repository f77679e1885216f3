// What is around each page: the menu, who is signed in, the language; and the page itself, loaded when it is first shown.

import { html, useEffect, useErrorBoundary, useRef, useState } from "../html.js";
import { Button } from "../parts/button.js";
import { Fault } from "../parts/fault.js";
import { Loading } from "../parts/loading.js";
import { t, useLanguage } from "../texts/t.js";
import { Language } from "./language.js";
import { Mark } from "./mark.js";
import { PAGES, pageAt } from "./pages.js";
import { link, useRoute } from "./router.js";
import { SIGNING_OUT, useSession } from "./session.js";

export function Frame() {
  const route = useRoute();
  const found = pageAt(route.path);
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const place = `${route.path} ${route.params.form ?? ""}`;
  const shown = useRef(place);
  useLanguage();

  useEffect(() => {
    if (shown.current === place) return; // the first page, or only its filters, leave the focus where it is
    shown.current = place; // what opened or closed a form is gone, and the focus with it
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);

  const skip = (/** @type {Event} */ event) => {
    event.preventDefault(); // a link would change the fragment, which is the view
    main.current?.focus();
  };
  return html`
    <a class="skip" href="#main" onClick=${skip}>${t("app.skip")}</a>
    <div class="frame">
      <${Menu} current=${found?.page.menu} />
      <main id="main" tabindex="-1" ref=${main}>
        ${found ? html`<${Loaded} ...${found} route=${route} key=${`${found.page.path} ${found.id}`} />` : html`<${Nowhere} />`}
      </main>
    </div>
  `;
}

/** @param {{current: string | undefined}} props */
function Menu({ current }) {
  const { who, role, signOut } = useSession();
  const [open, setOpen] = useState(false);
  const entries = PAGES.filter((page) => !page.path.includes(":"));
  return html`
    <header class="menu" data-open=${open}>
      <div class="brand">
        <a href="#/"><${Mark} />${t("app.title")}</a>
        <button class="plain menu-button" aria-expanded=${open} aria-controls="menu" onClick=${() => setOpen(!open)}>
          ${t("app.menu")}
        </button>
      </div>
      <div id="menu" class="menu-content">
        <nav aria-label=${t("app.pages")}>
          ${entries.map(
            (page) => html`
              <a href=${link(page.path)} aria-current=${page.name === current ? "page" : undefined} onClick=${() => setOpen(false)}>
                ${t(`${page.name}.menu`)}
              </a>
            `,
          )}
        </nav>
        <div class="who">
          <span class="mono">${location.host}</span>
          <span class="mono" title=${t("app.access_key")}>${who.name ?? who.access_key}</span>
          <span>${t(`role.${role}`)} · ${t("app.version", { version: who.service_version })}</span>
          <${Language} />
          <${Button} onClick=${() => dispatchEvent(new Event(SIGNING_OUT, { cancelable: true })) && signOut()}>${t("app.sign_out")}<//>
        </div>
      </div>
    </header>
  `;
}

/** @param {{page: import("./pages.js").Page, id: string | undefined, route: import("./router.js").Route}} props */
function Loaded({ page, id, route }) {
  const { client, can } = useSession();
  const [Page, setPage] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState(false);
  const [broken, showAgain] = useErrorBoundary((/** @type {unknown} */ error) => reportError(error));
  useEffect(() => {
    page.load().then(
      (module) => setPage(() => module.default),
      () => setFailed(true), // most often because the console was updated, and its former files are gone
    );
  }, [page]);
  if (broken) return html`<${Fault} problem=${t("app.broken")} retry=${showAgain} />`;
  if (failed) return html`<${Fault} problem=${t("app.updated")} retry=${() => location.reload()} />`;
  if (!Page) return html`<${Loading} />`;
  return html`<${Page} client=${client} can=${can} id=${id} params=${route.params} setParams=${route.setParams} />`;
}

function Nowhere() {
  return html`<h1>${t("app.nowhere")}</h1><p><a href="#/">${t("app.nowhere_back")}</a></p>`;
}
