import { visible } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { answer, type Context } from "../context.ts";
import { renderTable } from "../terminal/table.ts";
import { accessColumns, unknownLines } from "../text/person-access-text.ts";

export interface StatusOptions {
  readonly cluster?: string;
}

/**
 * `timelatch status`: what a person can do now by grants, and on a named cluster by standing access too.
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
    const none = `No grant gives ${visible(name)} access that you may see.\n`;
    const table =
      found.access.length === 0 ? none : renderTable(found.access, accessColumns(now), out);
    return `${table}${unknownLines(found, now).join("\n")}\n`;
  });
}
