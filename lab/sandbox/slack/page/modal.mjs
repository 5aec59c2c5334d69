/** The form that the person has open. */
import { act, blockUse } from "./act.mjs";
import { drawBlocks } from "./blocks.mjs";
import { el } from "./dom.mjs";
import { draftValues, dropDraft } from "./draft.mjs";
import { plainText } from "./mrkdwn.mjs";

/** The app's errors at fields, until the view changes or is sent again. */
let errors = {};
let errorsOf = "";

const actOn = (app, view, kind) =>
  act(app, { kind, user: app.user, view: view.id, values: draftValues(view.id) });

async function submit(app, view, button) {
  button.disabled = true;
  button.classList.add("busy");
  const answer = await actOn(app, view, "view_submission");
  errors = answer.errors ?? {};
  errorsOf = view.id;
  if (answer.ok && Object.keys(errors).length === 0) dropDraft(view.id);
  app.draw();
}

async function close(app, view) {
  await actOn(app, view, "view_closed");
  dropDraft(view.id);
}

function footer(app, view) {
  const closing = el(
    "button",
    { type: "button", class: "button", onclick: () => close(app, view) },
    plainText(view.close) || (view.submit ? "Cancel" : "Close"),
  );
  if (!view.submit) return el("footer", {}, closing);
  const sending = el("button", { type: "button", class: "button primary" }, plainText(view.submit));
  sending.addEventListener("click", () => submit(app, view, sending));
  return el("footer", {}, closing, sending);
}

/** @returns the overlay with the uppermost form, or nothing */
export function drawModal(app) {
  const { modal: view, modalDepth } = app.state;
  if (!view) return [];
  const use = blockUse(app, view.id, { view: view.id }, errorsOf === view.id ? errors : {});
  const title = plainText(view.title);
  return [
    el(
      "div",
      { class: "overlay" },
      el(
        "section",
        { class: "modal", role: "dialog", "aria-label": title },
        el(
          "header",
          {},
          el("h2", {}, modalDepth > 1 && "‹ ", title),
          el(
            "button",
            { class: "close", "aria-label": "Close", onclick: () => close(app, view) },
            "×",
          ),
        ),
        el("div", { class: "body" }, ...drawBlocks(view.blocks, use)),
        footer(app, view),
      ),
    ),
  ];
}
