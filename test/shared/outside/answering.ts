/** A fetch that answers by path, and keeps what it was asked. */
import { NoAnswer } from "../../../shared/outside/no-answer.ts";
import { onCallSource } from "../../../shared/outside/on-call-source.ts";
import { outsideClient } from "../../../shared/outside/outside-client.ts";
import type { Secret } from "../../../shared/ports/secret.ts";

export const NOW = "2026-05-01T17:30:00Z";

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body?: unknown;
}

interface Asked {
  readonly url: URL;
  readonly headers: Headers;
}

/** Answers by the path of the address; 404 for every other path. A function makes an answer each time. */
function answering(answers: Readonly<Record<string, Answer | (() => Answer)>>) {
  const asked: Asked[] = [];
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    asked.push({ url, headers: new Headers(init?.headers) });
    const found = answers[url.pathname] ?? { status: 404, body: { error: { code: 2100 } } };
    const { status = 200, headers = {}, body } = typeof found === "function" ? found() : found;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status, headers });
  };
  return { asked, send };
}

export const secretOf = (...values: readonly string[]): Secret => {
  let at = 0;
  return {
    read: async () => values[Math.min(at, values.length - 1)] ?? "",
    forget() {
      at += 1;
    },
  };
};

/** A source whose services answer so, at `NOW`. */
export function sourceOf(
  answers: Readonly<Record<string, Answer | (() => Answer)>>,
  token: Secret = secretOf("token-of-tests"),
) {
  const { asked, send } = answering(answers);
  const clock = { now: () => NOW };
  const source = onCallSource({ token: () => token, clock, origin: "https://", fetch: send });
  return { asked, source };
}

/** A client of one service that answers so. */
export function clientOf(answers: Readonly<Record<string, Answer | (() => Answer)>>) {
  const { asked, send } = answering(answers);
  const client = outsideClient({
    baseUrl: "https://service.example",
    token: secretOf("token-of-tests"),
    headers: () => ({}),
    clock: { now: () => NOW },
    fetch: send,
  });
  return { asked, client };
}

/** The reason for which nothing is known. */
export const whyUnknown = (looking: Promise<unknown>): Promise<unknown> =>
  looking.then(
    (told) => told,
    (error: unknown) => (error instanceof NoAnswer ? error.why : error),
  );
