/**
 * Firefox as Debian ships it, without a window. It is driven by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/):
 * playwright-core drives only a Firefox of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eventually } from "./eventually.ts";

const PLACES = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** No call to the network: everything but loopback goes to a proxy that is not there. */
const PREFERENCES = `
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
`;

/**
 * Scrolls to an element, and waits until its middle is in the window and stays there from one frame to the next. A
 * page that grew since may have moved it out again, so each frame scrolls anew.
 */
const IN_PLACE = `(element) => new Promise((resolve) => {
  const look = (before) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width, height } = element.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2];
    const isIn = middle[0] > 0 && middle[0] < innerWidth && middle[1] > 0 && middle[1] < innerHeight;
    if (isIn && before === middle.join()) resolve();
    else requestAnimationFrame(() => look(middle.join()));
  };
  look();
})`;

type Json = Readonly<Record<string, unknown>>;

/** An element of a page, as the accessibility tree names it. */
interface Named {
  readonly role: "button" | "heading" | "link";
  readonly name: string;
}

export interface Firefox {
  goTo(url: string): Promise<void>;
  /** Waits until the page's text matches, and answers the match. */
  shows(text: RegExp): Promise<RegExpExecArray>;
  /** Waits for the element, and presses it with a mouse. */
  press(what: Named): Promise<void>;
  /** Runs an expression in the page, and answers its text; a promise is awaited. */
  evaluate(expression: string): Promise<string>;
  /** The errors that pages have logged so far. */
  readonly errors: () => readonly string[];
  close(): Promise<void>;
}

/** @throws where this machine has no Firefox; it says how to install one */
export async function startFirefox(): Promise<Firefox> {
  const program = PLACES.find((place) => existsSync(place));
  if (program === undefined)
    throw new Error(
      "Firefox is not installed. Nothing was run. Install it: apt-get install -y --no-install-recommends firefox-esr, or on macOS brew install --cask firefox.",
    );
  const profile = mkdtempSync(path.join(tmpdir(), "firefox-"));
  writeFileSync(path.join(profile, "user.js"), PREFERENCES);
  const options = ["--headless", "--no-remote", "--remote-debugging-port", "0"];
  const child = spawn(program, [...options, "--profile", profile], {
    env: { ...process.env, HOME: profile },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const errors: string[] = [];
  const { send, close } = await connect(`${await addressOf(child)}/session`, errors);
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", { events: ["log.entryAdded"] });
  const { contexts } = await send("browsingContext.getTree", {});
  const [{ context }] = contexts as [{ context: string }];
  return {
    ...page(send, context),
    errors: () => errors,
    async close() {
      close();
      child.kill("SIGTERM");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, address] = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once("close", () => reject(new Error(`Firefox ended before it was ready:\n${said}`)));
  });
}

type Send = (method: string, params: Json) => Promise<Json>;

/** @param errors gets the errors that pages log */
async function connect(address: string, errors: string[]) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const waiting = new Map<number, (answer: Json) => void>();
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data));
    if (message.type !== "event") waiting.get(message.id)?.(message);
    else if (message.params.level === "error") errors.push(message.params.text);
  });
  let id = 0;
  const send: Send = async (method, params) => {
    id += 1;
    const answered = new Promise<Json>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { type, error, message, result } = await answered;
    if (type === "error") throw new Error(`${method}: ${error}: ${message}`);
    return result as Json;
  };
  return { send, close: () => socket.close() };
}

function page(send: Send, context: string): Pick<Firefox, "goTo" | "shows" | "press" | "evaluate"> {
  const target = { context };
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await send("script.evaluate", {
      ...{ expression: `Promise.resolve(${expression}).then(String)`, target, awaitPromise: true },
    });
    if (result === undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value: string }).value;
  };
  const locate = async (value: Named) => {
    const locator = { type: "accessibility", value };
    const { nodes } = await send("browsingContext.locateNodes", { context, locator });
    return (nodes as readonly { readonly sharedId: string }[])[0];
  };
  return {
    evaluate,
    async goTo(url) {
      await send("browsingContext.navigate", { context, url, wait: "complete" });
    },
    async shows(text) {
      const match = async () => text.exec(await evaluate("document.body.innerText"));
      return (await eventually(match, (has) => has !== null, 60)) as RegExpExecArray;
    },
    async press(what) {
      const element = await eventually(
        () => locate(what),
        (found) => found !== undefined,
        60,
      ).catch(async () => {
        const text = await evaluate("document.body.innerText");
        throw new Error(`Firefox showed no ${what.role} ${what.name}, but:\n${text}`);
      });
      await send("script.callFunction", {
        ...{ functionDeclaration: IN_PLACE, arguments: [element], target, awaitPromise: true },
      });
      const origin = { type: "element", element };
      const actions = [
        { type: "pointerMove", x: 0, y: 0, origin },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ];
      await send("input.performActions", {
        ...{ context, actions: [{ type: "pointer", id: "mouse", actions }] },
      });
    },
  };
}
