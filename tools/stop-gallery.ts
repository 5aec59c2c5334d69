/** A suspension, a drain and the lift of each, as notices for the gallery. */
import type { StopNotice } from "../shared/domain/notices/notice.ts";
import { stopNotices } from "../shared/domain/notices/stop-notices.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";
import { NO_STOPS, type Stops, stopRecord, stopsAfter } from "../shared/domain/stops/stops.ts";

const AT = "2026-11-24T10:00:00.000Z";

const STEPS = [
  { type: "suspend", actor: "carol", person: "alice", reason: "her laptop was stolen" },
  { type: "lift", actor: "heidi", person: "alice", reason: "" },
  { type: "drain", actor: "carol", person: null, reason: "INC-4712 a strange finding" },
  { type: "undrain", actor: "heidi", person: null, reason: "" },
] as const;

/** Each with the name of its file. */
export function galleryStops(
  policy: AccessPolicy,
): readonly (readonly [name: string, notice: StopNotice])[] {
  let stops: Stops = NO_STOPS;
  return STEPS.flatMap(({ type, actor, person, reason }) => {
    const details = { person, reason, surface: "api", proof: {} } as const;
    const record = stopRecord(stops, { type, actor, at: AT, policyHash: policy.hash, details });
    stops = stopsAfter(record);
    return stopNotices(policy, record, AT).notices.map(
      (notice) => [`${type}-${notice.key.replace("@", "-")}`, notice] as const,
    );
  });
}
