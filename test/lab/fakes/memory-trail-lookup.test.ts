import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { memoryTrailLookup } from "../../../lab/fakes/memory-trail-lookup.ts";
import { trailLookupContract } from "../../contracts/trail-lookup.contract.ts";

trailLookupContract("memoryTrailLookup", async () => {
  const clock = fixedClock();
  const { lookup, add } = memoryTrailLookup(clock);
  return { lookup, add, pass: clock.advance, now: clock.now };
});
