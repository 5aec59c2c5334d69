import type { PartOf } from "./pass.ts";

/**
 * Stores each call that EKS answered as an item of its own. Its key is EKS's request id, so that CloudTrail's event
 * can be compared with it. It comes after calls, and before each step that lists them: a call in a history is then
 * on record, and is looked up if CloudTrail is silent. A failure stops nothing. The journal keeps the call, and the
 * end of the run tries once more, also where the run failed. A run that breaks off before this stores no call; an
 * intent or the grant's end then explains the events.
 */
export async function storeCalls({
  ports,
  journal,
  run,
  binding,
}: PartOf<"journal" | "run" | "binding", "evidence">): Promise<void> {
  const calls = journal.takeAnswered();
  const results = await Promise.allSettled(calls.map((call) => ports.evidence.putCall(call)));
  for (const [at, result] of results.entries()) {
    const call = calls[at];
    if (result.status === "fulfilled" || !call) continue;
    run.log("call not stored", { binding, call, error: String(result.reason) });
    journal.answered(call);
  }
}
