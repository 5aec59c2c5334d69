/** Delegations of a real API: one life of one, and what is refused around it. */
import { expect, it } from "vitest";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { expectProblem } from "./abuse-sandbox.ts";
import { editIn } from "./api-person.ts";
import { alice, approval, bob, expectRefused, of, person } from "./misused-api.ts";

const PATH = "/v1/delegations";
const inAnHour = () => plusSeconds(new Date().toISOString(), 3_600);

/** Declares the tests, in the sandbox of `misused-api.ts`. */
export function misuseByDelegating(): void {
  it("A delegate approves what was open before, on somebody's behalf, until the delegation is ended", async () => {
    const [first, second] = [
      await alice().ask({ access: editIn("payments-lent") }),
      await alice().ask({ access: editIn("payments-kept") }),
    ];
    const mallory = person("mallory");
    await expectRefused(
      await mallory.post(of(first, "/decision"), approval(first)),
      "request-not-found",
    );
    const made = await bob().post(PATH, { to: "mallory", until: inAnHour() });
    expect(made).toMatchObject({ status: 201, body: { by: "bob", to: "mallory" } });
    const waiting = (await mallory.get("/v1/requests?view=to-approve")).body.requests;
    expect(waiting.map(({ id }: { readonly id: string }) => id)).toContain(first.id);
    const decided = await mallory.post(of(first, "/decision"), approval(first));
    expect(decided.body.approvals).toMatchObject([{ person: "mallory", onBehalfOf: "bob" }]);
    await alice().until(first, ["active"]);
    expect((await mallory.get(PATH)).body.delegations).toHaveLength(1);
    const one = `${PATH}/${made.body.id}`;
    expectProblem(await alice().call("DELETE", one), "delegation-not-found");
    expectProblem(await bob().call("DELETE", `${one}?now=1`), "invalid-request");
    expect((await bob().call("DELETE", one)).body.state).toBe("ended");
    await expectRefused(
      await mallory.post(of(second, "/decision"), approval(second)),
      "delegation-ended",
    );
    for (const request of [first, second]) await bob().post(of(request, "/revoke"), {});
    await alice().post(of(second, "/cancel"), {});
  });

  it("A delegation sent again under its key is the same one, and another body is refused", async () => {
    const headers = { "idempotency-key": "delegation-1" };
    const body = { to: "mallory", until: inAnHour() };
    const first = await bob().post(PATH, body, headers);
    const again = await bob().post(PATH, body, headers);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect((await bob().get(PATH)).body.delegations).toHaveLength(1);
    const other = await bob().post(PATH, { ...body, to: "carol" }, headers);
    await expectRefused(other, "idempotency-mismatch", "bob");
    await expectRefused(
      await bob().post(PATH, body, { "idempotency-key": "a b" }),
      "invalid-request",
      "bob",
    );
    const ended = (await bob().call("DELETE", `${PATH}/${first.body.id}`)).body;
    expect((await bob().post(PATH, body, headers)).body).toEqual(ended);
  });

  it("A delegation in a circle, to oneself, or of nothing is refused by its own code", async () => {
    const made = await bob().post(PATH, { to: "carol", until: inAnHour() });
    const back = await person("carol").post(PATH, { to: "bob", until: inAnHour() });
    await expectRefused(back, "delegation-circle", "carol");
    expect((await bob().call("DELETE", `${PATH}/${made.body.id}`)).status).toBe(200);
    await expectRefused(
      await bob().post(PATH, { to: "bob", until: inAnHour() }),
      "delegation-to-self",
      "bob",
    );
    await expectRefused(
      await alice().post(PATH, { to: "bob", until: inAnHour() }),
      "nothing-to-delegate",
      "alice",
    );
    expectProblem(await bob().post(PATH, { to: "carol", until: "friday" }), "invalid-request");
  });

  it("A flood of delegations is limited", async () => {
    const flood = Array.from({ length: 130 }, () => ({ to: "dave", until: inAnHour() }));
    const statuses: number[] = [];
    while (flood.length > 0 && !statuses.includes(429))
      for (const { status } of await Promise.all(
        flood.splice(0, 8).map((body) => person("dave").post(PATH, body)),
      ))
        statuses.push(status);
    expect(statuses).toContain(429);
  });
}
