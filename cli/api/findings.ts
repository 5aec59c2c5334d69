import type { FindingAnswer, FindingList } from "../../shared/http/contract/answers.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** When findings were recorded: `from` ≤ `recordedAt` < `to`. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

type OpenWindow = { readonly [Side in keyof Window]?: Window[Side] | undefined };

const PATH = "/v1/findings";

/** Findings that nobody has acknowledged, every page, in the order of their recording. @throws Failure */
export async function openFindings(
  api: Api,
  { from, to }: OpenWindow = {},
): Promise<readonly FindingAnswer[]> {
  const found: FindingAnswer[] = [];
  for await (const { findings } of pages<FindingList>(api, PATH, { view: "open", from, to }))
    found.push(...findings);
  return found;
}

/** All findings of a time, every page, and up to when they are complete. @throws Failure */
export async function findingsBetween(
  api: Api,
  { from, to }: Window,
): Promise<{ readonly findings: readonly FindingAnswer[]; readonly to: string }> {
  const found: FindingAnswer[] = [];
  let until = to;
  for await (const page of pages<FindingList>(api, PATH, { view: "all", from, to })) {
    found.push(...page.findings);
    until = page.to ?? until;
  }
  return { findings: found, to: until };
}
