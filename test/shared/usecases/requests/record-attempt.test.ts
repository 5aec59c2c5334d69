/** Attempts that were refused, and that a history keeps. */
import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { NonceUsed } from "../../../../shared/ports/request-store.ts";
import { recordAttempt } from "../../../../shared/usecases/requests/record-attempt.ts";

const ATTEMPT = {
  ...({ tried: "approve", why: "forbidden", who: "mallory", surface: "slack" } as const),
  proof: {},
  nonce: "one",
};

/** Records an attempt at a request. @param failures what its saves throw, in turn */
async function recorded(failures: readonly Error[], request: Partial<AccessRequest> = {}) {
  const { front } = memoryBroker();
  const left = [...failures];
  let saves = 0;
  const requests = {
    ...front.requests,
    load: async () => ({ ...aRequest(), ...request }),
    history: async () => [],
    save: async () => {
      saves += 1;
      const failure = left.shift();
      if (failure) throw failure;
    },
  };
  const result = recordAttempt({ ...front, requests }, "r", ATTEMPT);
  return { result: await result.catch((error: unknown) => error), saves };
}

describe("An attempt that was refused", () => {
  const conflict = new BrokerError("version-conflict", "Somebody was first.");

  it("It is recorded while the request can still be decided or ended, and later no more", async () => {
    expect(await recorded([])).toEqual({ result: true, saves: 1 });
    expect(await recorded([], { state: "denied" })).toEqual({ result: false, saves: 0 });
  });

  it("A message that acted before records nothing", async () => {
    expect(await recorded([new NonceUsed()])).toEqual({ result: false, saves: 1 });
  });

  it("One message is recorded once, also where it is sent again for another request", async () => {
    const { front, ask } = memoryBroker();
    const first = await ask();
    const other = await ask({ access: edit("payments-web") });
    expect(await recordAttempt(front, first.id, ATTEMPT)).toBe(true);
    expect(await recordAttempt(front, other.id, ATTEMPT)).toBe(false);
    expect(await recordAttempt(front, other.id, { ...ATTEMPT, nonce: "two" })).toBe(true);
  });

  it("It is tried three times beside other steps, and any other failure is thrown at once", async () => {
    expect(await recorded([conflict, conflict])).toEqual({ result: true, saves: 3 });
    expect(await recorded([conflict, conflict, conflict, conflict])).toEqual({
      result: conflict,
      saves: 3,
    });
    const busy = new Error("busy");
    expect(await recorded([busy])).toEqual({ result: busy, saves: 1 });
  });
});
