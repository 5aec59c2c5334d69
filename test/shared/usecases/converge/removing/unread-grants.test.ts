/** The requests table does not answer: what is over goes all the same, by the ledger. */
import { describe, expect, it } from "vitest";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import type { BindingStore, BindingView } from "../../../../../shared/ports/binding-store.ts";

/** A broker beside an owner's access. Its grants cannot be read from `flood` on, until `ebb`. */
function floodedBroker() {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ["ns/team"] });
  let ebb = () => {};
  return {
    broker,
    flood: () => {
      ebb = broker.breakPort("bindings.view", new Error("throttled"));
    },
    ebb: () => ebb(),
  };
}

describe("Ends while the grants of an entry cannot be read", () => {
  it("What is over goes, beside what its owner has, and the run fails, so that it comes again", async () => {
    const { broker, flood } = floodedBroker();
    const grant = await broker.activeGrant();
    flood();
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("throttled");
    expect(broker.namespaces(EDIT)).toEqual(["team"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("Once they can be read, the end is proven and nothing is left", async () => {
    const { broker, flood, ebb } = floodedBroker();
    const grant = await broker.activeGrant();
    flood();
    await broker.convergeAtEnd(grant).catch(() => undefined);
    ebb();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.namespaces(EDIT)).toEqual(["team"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Nothing is touched before that, nor while another grant on the entry goes on", async () => {
    const { broker, flood } = floodedBroker();
    const first = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.activeGrant({ access: view("payments-jobs") });
    const before = broker.actual();
    flood();
    await expect(broker.converge()).rejects.toThrow("throttled");
    await expect(broker.convergeAtEnd(first)).rejects.toThrow("throttled");
    expect(broker.actual()).toEqual(before);
    expect(broker.namespaces(VIEW)).toEqual(["payments-jobs"]);
  });

  it("Where nothing has begun, the run fails as the read did, and nothing is parked", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const ebb = broker.breakPort("bindings.view", new Error("throttled"));
    await expect(broker.converge()).rejects.toThrow("throttled");
    expect(broker.calls.filter((site) => /^(entries|bindings\.park)/.test(site))).toEqual([]);
    ebb();
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An extension that has begun keeps the access", async () => {
    const { broker, flood } = floodedBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.activeGrant({ access: edit("payments-api") });
    flood();
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("throttled");
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "team"]);
  });

  it.each<[string, Partial<BindingView>, "view" | "named"]>([
    ["are more than a run reads, and cannot be read by their keys", { isWhole: false }, "named"],
    ["are older than the ledger, and cannot be read again", { version: 0 }, "view"],
  ])("It goes as well where they were read and %s", async (_, read, fails) => {
    let isFlooded = false;
    const later = (bindings: BindingStore): BindingStore => ({
      ...bindings,
      async view(binding) {
        const view = await bindings.view(binding);
        if (!isFlooded) return view;
        if (fails === "view") broker.breakPort("bindings.view", new Error("throttled"));
        return { ...view, ...read };
      },
      named: (binding, ids) =>
        isFlooded ? Promise.reject(new Error("throttled")) : bindings.named(binding, ids),
    });
    const broker = memoryBroker({
      wrap: (ports) => ({ ...ports, bindings: later(ports.bindings) }),
    });
    broker.othersHad({ [EDIT]: ["ns/team"] });
    const grant = await broker.activeGrant();
    isFlooded = true;
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("throttled");
    expect(broker.namespaces(EDIT)).toEqual(["team"]);
  });
});
