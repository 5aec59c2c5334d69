/** How long a replay of many requests takes, and whether each comes out as it was decided. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readRecord } from "../../../cli/policy/recorded-files.ts";
import { archiveLine } from "../../../shared/domain/evidence/archive/archived-record.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { chained } from "../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { canonicalJson } from "../../../shared/domain/values/canonical-json.ts";
import { replayPolicy } from "../../../shared/policy-tools/replay/replay-policy.ts";
import { ALICE, aPolicy } from "../../fakes/builders.ts";
import { stepsOf } from "../audit/stored-grant.ts";
import { rounded } from "../statistics.ts";

const REQUESTS = 100_000;
/** Seconds of processor for all of them. */
const MOST_SECONDS = 20;
/** Characters that are written at once. */
const BLOCK = 1_000_000;

export function benchReplay(progress: (line: string) => void) {
  progress(`a replay of ${REQUESTS} requests`);
  return replayOf(REQUESTS);
}

/** Writes an archive of a number of grants, reads it, and judges each again under its own policy. */
export async function replayOf(requests: number) {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  try {
    const policy = aPolicy();
    writeArchive(folder, policy, requests);
    const began = process.cpuUsage();
    const record = await readRecord([folder], ["AUDIT", "DELEG"]);
    const { replays, contradictions } = replayPolicy(policy, record, () => true);
    const { user, system } = process.cpuUsage(began);
    const seconds = (user + system) / 1_000_000;
    const isRight = replays.length === requests && contradictions.length === 0;
    const holds = isRight && seconds <= MOST_SECONDS;
    const line = `to replay ${requests} requests: ${rounded(seconds)} s of processor (at most ${MOST_SECONDS} s), ${contradictions.length} come out otherwise`;
    return { holds, seconds, lines: [`${holds ? "holds" : "FAILS"}  ${line}`] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeArchive(folder: string, { hash, ...compiled }: AccessPolicy, requests: number): void {
  for (const name of ["records", "policies"]) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, "policies", `${hash}.json`), `${canonicalJson(compiled)}\n`);
  const file = openSync(path.join(folder, "records", "0001.ndjson"), "w");
  let block = "";
  for (let index = 0; index < requests; index += 1) {
    for (const record of historyOf(index, hash))
      block += `${archiveLine({ chain: `AUDIT#${record.requestId}`, record })}\n`;
    if (block.length < BLOCK) continue;
    writeSync(file, block);
    block = "";
  }
  writeSync(file, block);
  closeSync(file);
}

/** The history of a grant that bob approved, under a policy of this hash. */
function historyOf(index: number, policyHash: string): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (const { event, request } of stepsOf(index, ALICE)) {
    const { hash: _, ...body } = event;
    const by = { person: "bob", surface: "api", at: event.at, digest: request.digest, proof: {} };
    const details = event.type === "approve" ? { ...event.details, ...by } : event.details;
    const previousHash = events.at(-1)?.hash ?? body.previousHash;
    events.push(chained({ ...body, policyHash, previousHash, details } as AuditEvent));
  }
  return events;
}
