import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** Everyone who could reach a cluster at an instant: all pages in one. */
export type ReachThen = Omit<ReachAnswer, "next">;

/** For auditors and admins: every page. @param at ISO 8601 UTC @throws Failure */
export async function reachOf(api: Api, name: string, at: string): Promise<ReachThen> {
  let all: ReachThen | undefined;
  const path = `/v1/clusters/${encodeURIComponent(name)}/reach`;
  for await (const { next: _, ...page } of pages<ReachAnswer>(api, path, { at }))
    all = all ? together(all, page) : page;
  if (!all) throw new Error("The API answered no page.");
  return all;
}

const together = (all: ReachThen, page: ReachThen): ReachThen => ({
  ...all,
  grants: [...all.grants, ...page.grants],
  findings: [...all.findings, ...page.findings],
  entries: [...all.entries, ...page.entries],
  leftOut: all.leftOut + page.leftOut,
});
