import { Failure } from "../failures/failure.ts";
import type { Api } from "./api-client.ts";

/** The part of a page that leads to the one after it; the last page has nothing there. */
interface Paged {
  readonly next?: string | null;
}

/** Every page of a list, from the cursor in `query` on, in order, one at a time. @throws Failure */
export async function* pages<Page extends Paged>(
  api: Api,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let cursor = query["cursor"];
  do {
    const page: Page = await api.send<Page>({ method: "GET", path, query: { ...query, cursor } });
    yield page;
    cursor = page.next ?? undefined;
    if (cursor === undefined) return;
    if (seen.has(cursor))
      throw new Failure("unexpected", "endless-list", {
        what: "The API answers the same page again and again.",
        notDone: "The list was not completed.",
        next: ["Next: report it to whoever runs Timelatch."],
      });
    seen.add(cursor);
  } while (cursor !== undefined);
}
