/** The note of an end by people, and the answer where the end itself could not be stored. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { NonceUsed } from "../../../../shared/ports/request-store.ts";
import type { ChangedRequest } from "../../../../shared/usecases/requests/change-request.ts";
import { noted } from "../../../../shared/usecases/requests/note-ends.ts";

const ENDING: AccessRequest = { ...aRequest({ id: "g1" }), state: "ending" };
const NOTE = { actor: "alice", at: T0, verb: "return" } as const;
const CONFLICT = new BrokerError("version-conflict", "Somebody was first.");

/** Ends a grant whose notes take their time. @param refused ids that the table takes no note of */
async function ended(
  end: Promise<ChangedRequest>,
  refused: readonly string[] = [],
  request: AccessRequest = ENDING,
) {
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
  const trial = () => ({ id: "g1", request, links, note: NOTE });
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

  it.each<[string, Error]>([
    ["a table that is busy", new BrokerError("dependency-unavailable", "Too busy.")],
    ["an unexpected failure", new Error("A key is too long.")],
  ])("Where it meets %s, it is noted, and the failure is thrown as it is", async (_, failure) => {
    const { answer, done } = await ended(Promise.reject(failure));
    expect(done).toEqual(["g1", "g2", "returned"]);
    expect(answer).toBe(failure);
  });

  it("Where its record says that it is over, it is noted all the same, and the answer says so", async () => {
    const facts = { state: "ended", possible: [] };
    const over = new BrokerError("illegal-transition", "It is over.", facts);
    const { answer, done } = await ended(Promise.reject(over));
    expect(done).toEqual(["g1", "g2", "returned"]);
    expect(answer).toMatchObject({ code: "illegal-transition", facts });
    expect(answer.message).toContain("Your end is noted");
  });

  it.each<[string, Error, Partial<AccessRequest>]>([
    ["that acted before", new NonceUsed("It acted before."), {}],
    [
      "that its request's state does not allow, while it is open",
      new BrokerError("illegal-transition", "It is active."),
      { state: "active" },
    ],
  ])("One %s is not noted", async (_, failure, change) => {
    const request = { ...ENDING, ...change };
    expect(await ended(Promise.reject(failure), [], request)).toEqual({
      answer: failure,
      done: [],
    });
  });
});
