/** Dialogs that ask before an action is sent. */
import { el } from "./dom.mjs";
import { plainText, textObject } from "./mrkdwn.mjs";

/** Whether the person goes on; at once where nothing is asked. */
export function confirmed(dialog) {
  if (!dialog) return Promise.resolve(true);
  return new Promise((resolve) => {
    const close = (answer) => {
      overlay.remove();
      resolve(answer);
    };
    const style = dialog.style === "danger" ? "danger filled" : "primary";
    const overlay = el(
      "div",
      { class: "overlay" },
      el(
        "div",
        { class: "modal small", role: "alertdialog", "aria-label": plainText(dialog.title) },
        el("header", {}, el("h2", {}, plainText(dialog.title))),
        el("div", { class: "body" }, ...textObject(dialog.text, {})),
        el(
          "footer",
          {},
          el("button", { class: "button", onclick: () => close(false) }, plainText(dialog.deny)),
          el(
            "button",
            { class: `button ${style}`, onclick: () => close(true) },
            plainText(dialog.confirm),
          ),
        ),
      ),
    );
    document.body.append(overlay);
    overlay.querySelector("footer button:last-child").focus();
  });
}
