/** The note of an end by people, and the answer where the end itself could not be stored. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import type { ChangedRequest } from "../../../../shared/usecases/requests/change-request.ts";
import { noted } from "../../../../shared/usecases/requests/note-ends.ts";

const ENDING: AccessRequest = { ...aRequest({ id: "g1" }), state: "ending" };
const NOTE = { actor: "alice", at: T0, verb: "return" } as const;
const CONFLICT = new BrokerError("version-conflict", "Somebody was first.");

/** Ends a grant whose notes take their time. @param refused ids that the table takes no note of */
async function ended(end: Promise<ChangedRequest>, refused: readonly string[] = []) {
  const done: string[] = [];
  const later = async (what: string) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (refused.includes(what)) throw new Error("The table is full.");
    done.push(what);
  };
  const ports = {
    requests: { noteEnd: later },
    queue: { send: async (_: string, cause: string) => later(cause) },
  };
  const links = new Map([["g2", { ...ENDING, id: "g2", state: "active" } as const]]);
  const trial = () => ({ request: ENDING, links, note: NOTE });
  const answer = await noted(ports as never, "returned", trial, end).catch((error) => error);
  return { answer, done: [...done] };
}

describe("An end by people", () => {
  it("It is answered once the whole chain has its note, since Lambda freezes what is not awaited", async () => {
    const { answer, done } = await ended(Promise.resolve({ request: ENDING, isStored: true }));
    expect(answer).toBe(ENDING);
    expect(done).toEqual(["g1", "g2"]);
  });

  it("Where it conflicts, it is noted, converge is woken, and the answer says so", async () => {
    const { answer, done } = await ended(Promise.reject(CONFLICT));
    expect(done).toEqual(["g1", "g2", "returned"]);
    expect(answer).toMatchObject({ code: "version-conflict", cause: CONFLICT });
    expect(answer.message).toContain("Its end is noted");
  });

  it("Where not all of it could be noted, the answer claims no note", async () => {
    const { answer, done } = await ended(Promise.reject(CONFLICT), ["g2"]);
    expect(done).toEqual(["g1", "returned"]);
    expect(answer).toBe(CONFLICT);
  });

  it("Any other failure is thrown, and nothing is noted", async () => {
    const busy = new Error("busy");
    expect(await ended(Promise.reject(busy))).toEqual({ answer: busy, done: [] });
  });
});
