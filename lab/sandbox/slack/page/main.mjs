/** Slack's client, as far as an app's approvals need it: one person at a time, chosen in the sidebar. */
import { act, blockUse } from "./act.mjs";
import { drawBlocks } from "./blocks.mjs";
import { fetchState } from "./client.mjs";
import { drawComposer } from "./composer.mjs";
import { el } from "./dom.mjs";
import { drawMessages } from "./messages.mjs";
import { drawModal } from "./modal.mjs";
import { drawSidebar, markSeen, unreadCounts } from "./sidebar.mjs";

const POLL_MS = 600;
const FIRST_PERSON = "U0001";
const FIRST_PLACE = "C0001";

const sidebar = el("nav", { "aria-label": "Workspace" });
const title = el("h1");
const pane = el("div", { class: "pane", tabindex: "0" });
const foot = el("div", { class: "foot" });
document.getElementById("workspace").append(sidebar, el("main", {}, title, pane, foot));
const dialogs = document.getElementById("dialogs");

/** The state that all parts of the page work on. */
const app = {
  user: FIRST_PERSON,
  /** A channel's id, `messages` (the app's direct messages) or `home`. */
  place: FIRST_PLACE,
  /** The channel that `place` shows; empty for App Home. */
  channel: FIRST_PLACE,
  /** The `ts` of the message that a link led to. */
  linked: undefined,
  state: undefined,
  /** People and channels by id. */
  names: () =>
    Object.fromEntries(
      [...app.state.people, ...app.state.channels].map(({ id, name }) => [id, name]),
    ),
  async refresh() {
    const asked = app.user;
    const state = await fetchState(asked);
    document.body.classList.toggle("offline", state === undefined);
    if (state === undefined || asked !== app.user) return;
    const changed = JSON.stringify(state) !== JSON.stringify(app.state);
    app.state = state;
    if (changed) app.draw();
  },
  draw,
};

const titleOf = () => {
  if (app.place === "home") return `${app.state.app.name}: Home`;
  if (app.place === "messages") return app.state.app.name;
  const channel = app.state.channels.find(({ id }) => id === app.place);
  return channel ? `# ${channel.name}` : "";
};

function drawHome() {
  const { home } = app.state;
  if (!home) return [el("p", { class: "empty" }, "The app has published no Home for you yet.")];
  return [
    el(
      "div",
      { class: "home" },
      ...drawBlocks(home.blocks, blockUse(app, home.id, { view: home.id })),
    ),
  ];
}

/** The last drawing, so that only changes are drawn again. */
const drawn = new Map();

/** Draws `nodes()` into `parent` where `key` is another than last time. */
function drawInto(parent, key, nodes) {
  const text = JSON.stringify(key);
  if (drawn.get(parent) === text) return false;
  drawn.set(parent, text);
  parent.replaceChildren(...nodes());
  return true;
}

/** @param all whether the open form is drawn again although its view is the same */
function draw(all = true) {
  const { user, place, state } = app;
  app.channel = place === "home" ? "" : place === "messages" ? state.directChannel : place;
  const messages = state.messages.filter(({ channel }) => channel === app.channel);
  title.textContent = titleOf();
  const isAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
  const key =
    place === "home" ? [user, state.home] : [user, place, messages, state.people, app.linked];
  const changed = drawInto(pane, key, () =>
    place === "home" ? drawHome() : drawMessages(app, app.channel),
  );
  if (changed && (isAtEnd || messages.length < 2)) pane.scrollTop = pane.scrollHeight;
  drawInto(foot, [user, place, state.commands, state.shortcuts], () =>
    place === "home" ? [] : [drawComposer(app)],
  );
  if (document.hasFocus() || changed) markSeen(app, app.channel);
  drawInto(sidebar, [user, place, state.channels, state.people, unreadCounts(app)], () =>
    drawSidebar(app),
  );
  if (all) drawn.delete(dialogs);
  drawModalOver(state.modal);
}

/** The field that had the focus has it again after the form was drawn. */
function drawModalOver(modal) {
  const focused = document.activeElement?.getAttribute("aria-label");
  const scroll = dialogs.querySelector(".body")?.scrollTop ?? 0;
  if (!drawInto(dialogs, modal, () => drawModal(app))) return;
  const body = dialogs.querySelector(".body");
  if (!body) return;
  body.scrollTop = scroll;
  const again =
    focused &&
    [...body.querySelectorAll("[aria-label]")].find(
      (node) => node.getAttribute("aria-label") === focused,
    );
  const wrong = body.querySelector(".wrong :is(input, select, textarea)");
  (wrong ?? again ?? body.querySelector("input, select, textarea"))?.focus();
}

async function go() {
  const [user = FIRST_PERSON, place = FIRST_PLACE, ts] = location.hash.slice(1).split("/");
  const cameHome = place === "home" && (app.place !== "home" || app.user !== user);
  app.user = user || FIRST_PERSON;
  app.place = place;
  app.linked = ts;
  app.state = undefined;
  await app.refresh();
  if (app.state && !isPlace(place)) location.hash = `#${app.user}/messages`;
  pane.querySelector(".linked")?.scrollIntoView({ block: "center" });
  if (cameHome) await act(app, { kind: "app_home_opened", user: app.user });
}

const isPlace = (place) =>
  place === "home" || place === "messages" || app.state.channels.some(({ id }) => id === place);

addEventListener("hashchange", go);
await go();
setInterval(() => app.refresh(), POLL_MS);
