import type { FindingList } from "../../../shared/http/contract/answers.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import type { SeenFinding } from "../judge/seen.ts";
import { read } from "./read.ts";

const LATER = "2100-01-01";
const DAY_LENGTH = "2026-11-24".length;

/** Every finding since a day, as an auditor reads them. @param since milliseconds since 1970 */
export async function readFindings(
  sandbox: SandboxAddresses,
  since: number,
): Promise<readonly SeenFinding[]> {
  const from = new Date(since).toISOString().slice(0, DAY_LENGTH);
  const path = `/v1/findings?view=all&from=${from}&to=${LATER}&limit=100`;
  const found: SeenFinding[] = [];
  let cursor: string | undefined;
  do {
    const more = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await read<FindingList>(sandbox, "dave", `${path}${more}`);
    found.push(...page.findings);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}
