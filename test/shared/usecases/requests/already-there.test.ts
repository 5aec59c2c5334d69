/** The grants that lend a request's access already, on the same entry. */
import { describe, expect, it } from "vitest";
import { ALICE, aRequest, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { FrontPorts } from "../../../../shared/ports/function-ports.ts";
import { alreadyThere } from "../../../../shared/usecases/requests/already-there.ts";

const REVOKE_AT = "2026-11-24T11:00:00.000Z";
const grant = (
  id: string,
  access: AccessRequest["access"],
  more: Partial<AccessRequest> = {},
): AccessRequest => ({
  ...aRequest({ id, access }),
  state: "active",
  approvedAt: T0,
  effectiveAt: T0,
  revokeAt: REVOKE_AT,
  expiresAt: REVOKE_AT,
  ...more,
});
const alice = memoryBroker().actor("alice").member;

/** The answer to alice, who asks for edit in these namespaces. */
async function said(open: readonly AccessRequest[], ...namespaces: readonly string[]) {
  const asked: string[] = [];
  const openOn = async (binding: string) => {
    asked.push(binding);
    return open;
  };
  const requests = { openOn } as unknown as FrontPorts["requests"];
  const place = { cluster: PROD, principalArn: ALICE };
  const found = await alreadyThere({ requests }, alice, { access: edit(...namespaces) }, place, T0);
  expect(asked).toEqual([memoryBroker().binding]);
  return found?.detail;
}

describe("Access that is lent already", () => {
  it("All of it, or a part, by grants of the same policy that are there", async () => {
    const both = [grant("one", edit("payments-a")), grant("two", edit("payments-b"))];
    const by = (...ids: readonly string[]) =>
      `by ${ids.map((id) => `grant ${id} until ${REVOKE_AT}`).join(", and by ")}.`;
    expect(await said(both, "payments-a")).toBe(`All of it is lent already, ${by("one")}`);
    expect(await said(both, "payments-b", "payments-c")).toBe(
      `A part of it is lent already, ${by("two")}`,
    );
    expect(await said(both, "payments-a", "payments-b")).toMatch(
      /^All of it is lent already, by grant (one|two) until .*, and by grant (one|two) until /,
    );
    expect(await said([grant("all", edit("payments-*"))], "payments-a")).toContain(by("all"));
    expect(await said(both, "payments-c")).toBeUndefined();
  });

  it("Nothing by another policy, nor by a grant that begins later or is ending", async () => {
    expect(await said([grant("one", view("payments-a"))], "payments-a")).toBeUndefined();
    const others: readonly Partial<AccessRequest>[] = [
      { state: "approved", startsAt: "2026-11-24T10:30:00.000Z" },
      { state: "ending" },
      { revokeAt: T0 },
    ];
    for (const more of others)
      expect(await said([grant("one", edit("payments-a"), more)], "payments-a")).toBeUndefined();
    expect(await said([], "payments-a")).toBeUndefined();
  });

  it("A grant that is approved and has started may be there by now", async () => {
    const started = grant("one", edit("payments-a"), { state: "approved" });
    expect(await said([started], "payments-a")).toContain(
      "All of it is lent already, by grant one",
    );
  });

  it("The grant of somebody else is not named", async () => {
    const theirs = grant("theirs", edit("payments-a"), { requester: "dora" });
    const own = grant("own", edit("payments-a"));
    expect(await said([theirs], "payments-a")).toBe(
      `All of it is lent already, by a grant of somebody else until ${REVOKE_AT}.`,
    );
    expect(await said([own, theirs], "payments-a")).toContain("grant own until");
  });
});
