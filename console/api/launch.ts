/** Lets the page in: by the token of another tab, or by digits that the person types. */
import { token } from "./client.ts";

/** The stages of a page that waits to be let in. */
export type Waiting =
  | { readonly state: "starting" }
  | { readonly state: "digits"; readonly digits: string }
  | { readonly state: "over"; readonly why: string };

const CHANNEL = "timelatch-console";
const TAB_MS = 200;

/** Gives other tabs of this console the token, for as long as the page lives. */
export function shareToken(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }) => {
    const kept = token.kept();
    if (data === "token?" && kept !== null) channel.postMessage({ token: kept });
  });
}

/** The token of another tab that is open; undefined where there is no such tab. */
export function tokenOfTab(): Promise<string | undefined> {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), TAB_MS);
    channel.addEventListener("message", ({ data }) => {
      if (typeof data?.token !== "string") return;
      clearTimeout(timer);
      resolve(data.token);
    });
    channel.postMessage("token?");
  }).finally(() => channel.close());
}

const OVER: Readonly<Record<string, string>> = {
  late: "Nobody typed the digits within a minute.",
  refused: "Wrong digits were typed three times, so every page that waited was refused.",
};

/**
 * Asks for digits, and waits until the person has typed them.
 *
 * @returns the token; undefined where the wait is over
 */
export async function askForDigits(
  show: (waiting: Waiting) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const response = await fetch("/launch", { method: "POST", signal });
  if (!response.ok || !response.body) {
    const { detail = "" } = await response.json().catch(() => ({}));
    show({ state: "over", why: String(detail) });
    return undefined;
  }
  for await (const line of linesOf(response.body)) {
    const said = JSON.parse(line) as { digits?: string; token?: string; end?: string };
    if (said.digits !== undefined) show({ state: "digits", digits: said.digits });
    if (said.token !== undefined) return said.token;
    if (said.end !== undefined) show({ state: "over", why: OVER[said.end] ?? "" });
  }
  return undefined;
}

/** Not every browser iterates over a stream by itself. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
    if (done) return;
  }
}
