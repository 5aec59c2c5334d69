import { askerName } from "../../shared/domain/requests/asker-text.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestList } from "../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { answer, type Context } from "../context.ts";
import type { Stream } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { blockLines, elsewhereLines, waitingLines } from "../text/blocks-text.ts";
import { accessColumns, unknownLines } from "../text/person-access-text.ts";
import { spanText } from "../text/time-text.ts";

export interface StatusOptions {
  readonly cluster?: string;
}

/**
 * `timelatch status`: what a person can do now by grants, and on a named cluster by standing access too. Beside
 * it: what keeps access from them, and which of their requests wait. For oneself, also what waits for one's own
 * decision, and where the command is.
 *
 * @param person the caller, by default
 */
export async function status(
  context: Context,
  person: string | undefined,
  { cluster }: StatusOptions,
): Promise<void> {
  const api = await context.api();
  const name =
    person ?? (await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" })).person;
  const isOwn = person === undefined;
  const [found, toDo] = await Promise.all([
    readPersonAccess(api, name, cluster),
    isOwn ? toDoLines(api) : [],
  ]);
  answer(context, found, () => {
    const { out } = context.screen;
    const now = context.now();
    const who = visible(askerName({ requester: name, ...found }));
    const none = isOwn
      ? "No grant gives you access now."
      : `No grant gives ${who} access that you may see.`;
    const rows = found.access;
    const table = rows.length === 0 ? none : renderTable(rows, accessColumns(now), out).trimEnd();
    const blocks = blockLines(found, now).map((each) => out.paint("red", wrapped(each, out)));
    const beside = [
      ...(found.machine ? [`${visible(name)} is a machine: it asks, and people decide.`] : []),
      ...waitingLines(found, now),
      ...toDo,
      ...unknownLines(found, now),
      ...elsewhereLines(found),
      ...(isOwn ? [placeText(name, api, found.at, now)] : []),
    ];
    return [...blocks, table, ...beside.map((each) => wrapped(each, out)), ""].join("\n");
  });
}

const wrapped = (text: string, { columns }: Stream): string => wrapLines(text, columns);

/** The decisions and reviews that wait for the caller; empty where the API does not say. */
async function toDoLines(api: Api): Promise<readonly string[]> {
  const texts = TO_DO.map(async ([view, one, several, command]) => {
    const query = { view, limit: String(MOST) };
    const list = await api
      .send<RequestList>({ method: "GET", path: "/v1/requests", query })
      .catch(() => undefined);
    const count = list?.requests.length ?? 0;
    const many = list?.next === undefined ? String(count) : `${count} or more`;
    return count === 0 ? [] : [`${count === 1 ? one : `${many} ${several}`}:\n  ${command}`];
  });
  return (await Promise.all(texts)).flat();
}

/** Nobody counts further in a line. */
const MOST = 20;

const TO_DO = [
  [
    "to-approve",
    "1 request waits for your decision",
    "requests wait for your decision",
    "timelatch approve",
  ],
  ["to-review", "1 review waits for you", "reviews wait for you", "timelatch review"],
] as const;

/** Beyond this, instants that people type mean others than they think. */
const CLOCKS_APART_SECONDS = 60;

/** The person, the API, and a clock of this machine that differs from the API's. */
function placeText(name: string, { address }: Api, at: string, now: string): string {
  const ahead = secondsBetween(at, now);
  const apart = Math.abs(ahead);
  const clock = `This machine's clock is ${spanText(apart)} ${ahead > 0 ? "ahead" : "behind"}: set it.`;
  const place = `You are ${visible(name)} at ${visible(address)}.`;
  return apart > CLOCKS_APART_SECONDS ? `${place} ${clock}` : place;
}
