import { trailLookupContract } from "../contracts/trail-lookup.contract.ts";
import { fixedClock } from "./fixed-clock.ts";
import { memoryTrailLookup } from "./memory-trail-lookup.ts";

trailLookupContract("memoryTrailLookup", async () => {
  const clock = fixedClock();
  const { lookup, add } = memoryTrailLookup(clock);
  return { lookup, add, pass: clock.advance, now: clock.now };
});
