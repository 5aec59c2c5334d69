/** The line to type a command into, and the app's shortcuts. */
import { act } from "./act.mjs";
import { el, toast } from "./dom.mjs";

async function send(app, input) {
  const text = input.value.trim();
  const [command = "", ...rest] = text.split(" ");
  if (!app.state.commands.includes(command)) {
    toast(`People's own messages are not emulated. Type ${app.state.commands.join(" or ")}.`);
    return;
  }
  input.value = "";
  input.disabled = true;
  await act(app, {
    ...{ kind: "command", user: app.user, channel: app.channel },
    ...{ command, text: rest.join(" ").trim() },
  });
  input.disabled = false;
  input.focus();
}

const shortcut = (app, { callbackId, name }) =>
  el(
    "button",
    {
      ...{ type: "button", class: "button shortcut", title: "A shortcut of the app" },
      onclick: () => act(app, { kind: "shortcut", user: app.user, callback_id: callbackId }),
    },
    `⚡ ${name}`,
  );

/** Drawn once for each channel, so that what is being typed stays. */
export function drawComposer(app) {
  const input = el("input", {
    ...{ type: "text", "aria-label": "Message", placeholder: `${app.state.commands[0]} help` },
    onkeydown: (event) => {
      if (event.key === "Enter") send(app, input);
    },
  });
  return el(
    "div",
    { class: "composer" },
    input,
    ...app.state.shortcuts.map((each) => shortcut(app, each)),
  );
}
