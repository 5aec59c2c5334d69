import { afterEach, expect, it, vi } from "vitest";
import { readPages } from "../../../console/api/client.ts";
import { counterText, emptyText } from "../../../console/parts/list-words.ts";

interface Page {
  readonly rows: readonly number[];
  readonly next?: string;
}

/** An API whose pages have these numbers of rows. */
function apiOf(sizes: readonly number[]) {
  vi.stubGlobal("sessionStorage", { getItem: () => "token" });
  const answer = vi.fn(async (path: string) => {
    const at = Number(new URL(path, "http://console").searchParams.get("cursor") ?? 0);
    const rows = Array.from({ length: sizes[at] ?? 0 }, (_, row) => row);
    return Response.json({ rows, ...(at + 1 < sizes.length ? { next: String(at + 1) } : {}) });
  });
  vi.stubGlobal("fetch", answer);
  return answer;
}
afterEach(() => vi.unstubAllGlobals());

const empties = (count: number) => Array.from({ length: count }, () => 0);

it("Empty pages that go on are no end of a list: it is read until there", async () => {
  const api = apiOf([...empties(21), 2]);
  const pages = await readPages<Page>("/v1/findings?view=all");
  expect(api).toHaveBeenCalledTimes(22);
  expect(pages.flatMap(({ rows }) => rows)).toHaveLength(2);
  expect(pages.at(-1)).not.toHaveProperty("next");
});

it("A list of more rows than are wanted is read to the page that has enough, and goes on", async () => {
  const api = apiOf([300, 300, 300]);
  const pages = await readPages<Page>("/v1/grants");
  expect(api).toHaveBeenCalledTimes(2);
  expect(pages.at(-1)?.next).toBe("2");
  await readPages<Page>("/v1/grants", undefined, 700);
  expect(api).toHaveBeenCalledTimes(2 + 3);
});

it("A list of nothing but empty pages is given up in the end, and then counts nothing", async () => {
  const api = apiOf(empties(100));
  const pages = await readPages<Page>("/v1/findings?view=all");
  expect(api).toHaveBeenCalledTimes(40);
  const listed = {
    rows: pages.flatMap(({ rows }) => rows),
    isCut: pages.at(-1)?.next !== undefined,
  };
  expect(counterText(listed)).toBe("");
  expect(emptyText(listed, "No finding is on record.")).toContain("Not all was read.");
});
