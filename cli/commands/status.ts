import { askerName } from "../../shared/domain/requests/asker-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { answer, type Context } from "../context.ts";
import type { Stream } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { blockLines, elsewhereLines, waitingLines } from "../text/blocks-text.ts";
import { accessColumns, unknownLines } from "../text/person-access-text.ts";

export interface StatusOptions {
  readonly cluster?: string;
}

/**
 * `timelatch status`: what a person can do now by grants, and on a named cluster by standing access too. Beside
 * it: what keeps access from them, and which of their requests wait.
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
  const found = await readPersonAccess(api, name, cluster);
  answer(context, found, () => {
    const { out } = context.screen;
    const now = context.now();
    const who = visible(askerName({ requester: name, ...found }));
    const none = `No grant gives ${who} access that you may see.`;
    const rows = found.access;
    const table = rows.length === 0 ? none : renderTable(rows, accessColumns(now), out).trimEnd();
    const blocks = blockLines(found, now).map((each) => out.paint("red", wrapped(each, out)));
    const beside = [
      ...(found.machine ? [`${visible(name)} is a machine: it asks, and people decide.`] : []),
      ...waitingLines(found, now),
      ...unknownLines(found, now),
      ...elsewhereLines(found),
    ];
    return [...blocks, table, ...beside.map((each) => wrapped(each, out)), ""].join("\n");
  });
}

const wrapped = (text: string, { columns }: Stream): string => wrapLines(text, columns);
