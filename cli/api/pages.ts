import { Failure } from "../failures/failure.ts";
import type { Api } from "./api-client.ts";

/** Every page of a list, in order, one at a time. @throws Failure */
export async function* pages<Page extends { readonly cursor?: string }>(
  api: Api,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<Page> {
  let cursor: string | undefined;
  do {
    const page: Page = await api.send<Page>({ method: "GET", path, query: { ...query, cursor } });
    yield page;
    if (page.cursor !== undefined && page.cursor === cursor)
      throw new Failure("unexpected", "endless-list", {
        happened: "The API answers the same page again and again.",
        undone: "The list was not completed.",
        next: ["Next: report it to who runs Timelatch."],
      });
    cursor = page.cursor;
  } while (cursor !== undefined);
}
