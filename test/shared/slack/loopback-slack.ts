/** A Slack on the loopback interface: keeps messages, and fails as it is asked to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface SlackCall {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}

interface Shown {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly threadTs?: string;
}

/** The failure of the next call, in place of Slack's answer. */
type Failure =
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "body"; readonly body: string; readonly status?: number }
  /** The call takes effect, and the connection breaks. */
  | { readonly kind: "answer-lost" }
  /** The call takes effect, and nothing is ever answered. */
  | { readonly kind: "silence" };

export interface LoopbackSlack {
  readonly baseUrl: string;
  readonly calls: readonly SlackCall[];
  readonly shown: readonly Shown[];
  fail(failure: Failure): void;
  close(): Promise<void>;
}

export async function loopbackSlack(): Promise<LoopbackSlack> {
  const calls: SlackCall[] = [];
  const shown: Shown[] = [];
  const failures: Failure[] = [];
  let posted = 0;

  const effectOf = ({ method, form }: SlackCall): object => {
    const { channel = "", text: said = "", ts = "" } = form;
    if (method === "chat.postMessage") {
      const { thread_ts: threadTs } = form;
      if (threadTs !== undefined && !shown.some((each) => each.ts === threadTs))
        return { ok: false, error: "thread_not_found" };
      posted += 1;
      const message = {
        channel: channel.replace(/^U/, "D"),
        ts: `1764064800.00000${posted}`,
        text: said,
        ...(threadTs === undefined ? {} : { threadTs }),
      };
      shown.push(message);
      return { ok: true, channel: message.channel, ts: message.ts };
    }
    if (method !== "chat.update" && method !== "chat.delete") return { ok: true };
    const at = shown.findIndex((each) => each.channel === channel && each.ts === ts);
    const message = shown[at];
    if (!message) return { ok: false, error: "message_not_found" };
    if (method === "chat.delete") {
      shown.splice(at, 1);
      return { ok: true, channel, ts };
    }
    shown[at] = { ...message, text: said };
    return { ok: true, channel, ts, text: said };
  };

  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const method = request.url?.replace("/api/", "") ?? "";
    const call = { method, headers: request.headers, form };
    calls.push(call);
    answer(response, failures.shift(), () => effectOf(call));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    calls,
    shown,
    fail: (failure) => failures.push(failure),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, failure: Failure | undefined, effect: () => object) {
  if (failure?.kind === "status") {
    const { status, retryAfter } = failure;
    response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end();
  } else if (failure?.kind === "redirect")
    response.writeHead(307, { location: failure.location }).end();
  else if (failure?.kind === "body") response.writeHead(failure.status ?? 200).end(failure.body);
  else if (failure?.kind === "error")
    response.end(JSON.stringify({ ok: false, error: failure.error }));
  else {
    const body = effect();
    if (failure?.kind === "answer-lost") response.destroy();
    else if (failure?.kind !== "silence") response.end(JSON.stringify(body));
  }
}
