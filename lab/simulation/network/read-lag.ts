import { placeOf } from "../../fakes/eks-names.ts";
import type { ArrivingCall } from "../../fakes/memory-eks-calls.ts";
import type { Tally } from "../oracle/tally.ts";
import type { Profile } from "../profile.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";

export interface ReadLagOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly profile: Pick<Profile, "readLagSeconds" | "readsGoBack">;
  readonly tally: Tally;
  readonly note: (what: () => string) => void;
}

/**
 * The age of the state that a call sees, in milliseconds. It is up to the profile's lag, and often
 * exactly nothing or all of it. If reads do not go back in time, each operation sees an entry only
 * move forward.
 */
export function readLag({
  time,
  random,
  profile,
  tally,
  note,
}: ReadLagOptions): (call: ArrivingCall) => number {
  const lag = profile.readLagSeconds * 1_000;
  const seen = new Map<string, number>();
  return ({ operation, address }) => {
    if (lag === 0) return 0;
    const key = `${operation} ${placeOf(address)}`;
    const oldest = time.now - lag;
    const from = profile.readsGoBack ? oldest : Math.max(oldest, seen.get(key) ?? oldest);
    const moment = random.pick([from, random.between(from, time.now), time.now]);
    if (moment < time.now) tally.count("reads", "stale");
    if (moment < (seen.get(key) ?? 0)) tally.count("reads", "goBack");
    seen.set(key, moment);
    const age = time.now - moment;
    note(() => `${operation} sees the state of ${(age / 1_000).toFixed(1)} s ago`);
    return age;
  };
}
