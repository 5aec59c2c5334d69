/** Calls of the console's own server, which forwards them to the API. */
import { tellChanged } from "./changes.ts";
import { Problem, problemOf } from "./problem.ts";

const KEY = "timelatch-token";
const HEADER = "x-timelatch-console";

/** The token by which the server knows this page. It is of this tab, and of this server's process. */
export const token = {
  kept: (): string | null => sessionStorage.getItem(KEY),
  keep: (text: string): void => sessionStorage.setItem(KEY, text),
  forget: (): void => sessionStorage.removeItem(KEY),
};

/** Called when the server is gone, or no longer knows the page. */
let ended: () => void = () => undefined;

export const onEnd = (call: () => void): void => {
  ended = call;
};

interface Sending {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * The answer to a call of the server, as JSON.
 *
 * @param path below the server's address: `/session`, or `/api/v1/…`
 * @throws Problem
 */
export async function call<Answer>(path: string, sending: Sending = {}): Promise<Answer> {
  const { method = "GET", body, signal } = sending;
  const response = await fetch(path, {
    method,
    headers: {
      [HEADER]: token.kept() ?? "",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    ended();
    throw new Problem(0, "gone", "The console does not answer. It may have made the change.");
  });
  const document: unknown = await response.json().catch(() => undefined);
  if (response.ok) return document as Answer;
  if (response.status === 401) ended();
  throw problemOf(response.status, document);
}

/** A read of the API. @throws Problem */
export const read = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> =>
  call<Answer>(`/api${path}`, signal ? { signal } : {});

/** The most rows of a list that a view reads: it shows no more than it can hold. */
const MOST_ROWS = 500;
/** A page of the API searches a hundred hours, and may be empty: 90 days have 22 of them. */
const MOST_PAGES = 40;

/**
 * The first pages of a list, until they have `most` rows. The last one has a `next` where the list may go on.
 *
 * @throws Problem
 */
export async function readPages<Page extends { readonly next?: string }>(
  path: string,
  signal?: AbortSignal,
  most = MOST_ROWS,
): Promise<readonly Page[]> {
  const found: Page[] = [];
  let rows = 0;
  for (
    let next: string | undefined = "";
    next !== undefined && rows < most && found.length < MOST_PAGES;
  ) {
    const cursor: string =
      next === "" ? "" : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next)}`;
    const page: Page = await read<Page>(`${path}${cursor}`, signal);
    found.push(page);
    rows += rowsOn(page);
    next = page.next;
  }
  return found;
}

/** The rows of a page: it may have several lists. */
const rowsOn = (page: object): number =>
  Object.values(page).reduce((sum, part) => sum + (Array.isArray(part) ? part.length : 0), 0);

/** A change at the API. Every view reads again, also where no answer says whether it was made. @throws Problem */
export async function change<Answer>(
  path: string,
  body?: unknown,
  method: "POST" | "DELETE" = "POST",
): Promise<Answer> {
  try {
    return await call<Answer>(
      `/api${path}`,
      method === "DELETE" ? { method } : { method, body: body ?? {} },
    );
  } finally {
    tellChanged();
  }
}

/** A question that has a body, and changes nothing. @throws Problem */
export const question = <Answer>(path: string, body: unknown): Promise<Answer> =>
  call<Answer>(`/api${path}`, { method: "POST", body });
