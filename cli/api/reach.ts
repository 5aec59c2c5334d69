import { type ReachAnswer, reachOfPages } from "../../shared/http/contract/reach-answer.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** For auditors and admins: all pages in one. @param at ISO 8601 UTC @throws Failure */
export async function reachOf(api: Api, name: string, at: string): Promise<ReachAnswer> {
  const path = `/v1/clusters/${encodeURIComponent(name)}/reach`;
  const found: ReachAnswer[] = [];
  for await (const page of pages<ReachAnswer>(api, path, { at })) found.push(page);
  const all = reachOfPages(found);
  if (!all) throw new Error("The API answered no page.");
  return all;
}
