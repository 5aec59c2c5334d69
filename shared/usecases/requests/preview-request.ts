import type { Actor } from "../../domain/policy/actor.ts";
import { blockedForProgram } from "../../domain/policy/agent-approval.ts";
import { type Preview, previewOf } from "../../domain/policy/preview.ts";
import { shortShift } from "../../domain/policy/shift-end.ts";
import type { DryAsk } from "../../domain/requests/ask.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { lookAgainFor, readForAsker } from "../facts/read-schedules.ts";
import { stoppedAsk } from "../stops/may-act.ts";
import { alreadyThere } from "./already-there.ts";
import { withoutRoom } from "./entry-room.ts";
import { knownOf } from "./judge-request.ts";
import { neededBefore } from "./needed-before.ts";
import { blockedByGlass } from "./open-glass.ts";
import { blockedByReview } from "./overdue-reviews.ts";

/** The decision of `createRequest` on the same ask now, by the same code. Stores nothing. It needs no reason. */
export async function previewRequest(
  ports: FrontPorts,
  { member }: Actor,
  ask: DryAsk,
): Promise<Preview> {
  const now = ports.clock.now();
  const [known, { readings, onCall }] = await Promise.all([
    knownOf(ports, ask),
    readForAsker(ports, member, now),
  ]);
  const preview = previewOf(ports.policy, member, ask, now, { known, readings, onCall });
  if (!preview.allowed) {
    await lookAgainFor(ports, preview);
    return preview;
  }
  const refusal =
    blockedForProgram(preview.rule, ask) ??
    shortShift(preview, ask.startsAt ?? now, ports.settings) ??
    (await stoppedAsk(ports, member)) ??
    (await blockedByReview(ports, member, preview, now)) ??
    (await blockedByGlass(ports, member, preview, now)) ??
    (await withoutRoom(ports, member.name, ask, preview));
  if (refusal) return refusal;
  const there = await alreadyThere(ports, member, ask, preview, now);
  const less = await neededBefore(ports, member, ask, preview);
  const told = [there, less].filter((one) => one !== undefined);
  return told.length > 0 ? { ...preview, warnings: [...told, ...preview.warnings] } : preview;
}
