/** Whether each request of an archive comes out as it did, judged again by `timelatch policy replay`. */
import path from "node:path";
import { type ClientResult, runClient } from "../stage/clients.ts";
import type { SandboxControl } from "../stage/sandbox-control.ts";

/** Any policy does: each request is judged under those of the archive first. */
const POLICY = path.resolve(import.meta.dirname, "../../../access.yaml");

/** @param env of the command @returns what differs, in words; empty if nothing does */
export async function replayed(
  { addresses }: SandboxControl,
  copy: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const words = ["policy", "replay", POLICY, "--archive", copy, "--json"];
  return replayFaults(await runClient(addresses, "dave", "timelatch", words, env));
}

interface Answer {
  readonly requests: number;
  readonly contradictions: readonly { readonly id: string; readonly verdict: string }[];
}

/** Exit code 8 follows an answer with contradictions or broken histories: verification says which are broken. */
export function replayFaults({
  code,
  stdout,
  stderr,
}: Pick<ClientResult, "code" | "stdout" | "stderr">): readonly string[] {
  if (code !== 0 && code !== 8) return [`timelatch policy replay ended with ${code}: ${stderr}`];
  const { requests, contradictions } = JSON.parse(stdout) as Answer;
  if (requests === 0) return ["timelatch policy replay judged no request of the archive."];
  const count = contradictions.length;
  if (count === 0) return [];
  const lines = contradictions.map(({ id, verdict }) => `AUDIT#${id}: ${verdict}`);
  return [
    [
      `timelatch policy replay does not hold: ${count} fault${count === 1 ? "" : "s"}`,
      ...lines,
    ].join("\n"),
  ];
}
