import { describe, expect, it } from "vitest";
import { aRequest } from "../../../lab/fakes/builders.ts";
import { requestSays } from "../../../lab/simulation/oracle/stored-subject.ts";
import { removalsWithoutSlack } from "../../../lab/simulation/scenarios/notices.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";

const SEEDS = 25;

describe("the life of messages, whatever happens", () => {
  it(
    `in ${SEEDS} seeds access ends at the same instants with Slack and without it`,
    async () => {
      let removals = 0;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const count = await removalsWithoutSlack(seed);
        expect(count, `seed ${seed}`).toBeDefined();
        removals += count ?? 0;
      }
      expect(removals).toBeGreaterThan(2 * SEEDS);
    },
    5 * 60_000,
  );

  it("an end that moves is other news of an active grant only", () => {
    const isNews = (state: AccessRequest["state"]) => {
      const says = (revokeAt: string) => requestSays({ ...aRequest(), state, revokeAt });
      return says("2026-11-24T10:41:00.000Z") !== says("2026-11-24T10:43:00.000Z");
    };
    expect(isNews("approved")).toBe(false);
    expect(isNews("active")).toBe(true);
  });
});
