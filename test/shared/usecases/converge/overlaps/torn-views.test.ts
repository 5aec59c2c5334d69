/** A query may show a part of a transaction that is under way. */
import { describe, expect, it } from "vitest";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { BindingView } from "../../../../../shared/ports/binding-store.ts";

/** A broker whose views can be held at an instant. */
function brokerWithHeldViews() {
  let held: BindingView | undefined;
  const broker = memoryBroker({
    wrap: (ports) => ({
      ...ports,
      bindings: {
        ...ports.bindings,
        view: async (binding) => held ?? (await ports.bindings.view(binding)),
      },
    }),
  });
  const hold = async (view?: BindingView) => {
    held = view ?? (await broker.ports.bindings.view(broker.binding));
  };
  return { broker, hold };
}

const findingsOf = async (
  broker: ReturnType<typeof memoryBroker>,
  grant: Parameters<typeof broker.history>[0],
) =>
  (await broker.history(grant)).flatMap(({ details }) =>
    "findings" in details ? (details.findings ?? []) : [],
  );

describe("A view that shows a grant as it was before its last step", () => {
  it("Nobody is said to have forged it, since a read by its key shows the end", async () => {
    const { broker, hold } = brokerWithHeldViews();
    const grant = await broker.activeGrant();
    await hold();
    await broker.end(grant, "return");
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 0 });
    expect(await findingsOf(broker, grant)).toEqual([]);
    expect(broker.actual()).toBeUndefined();
  });

  it.each([
    ["ending", 0],
    ["ended", 600],
  ])("One that is %s at another run's hands is not left out as stuck", async (_state, seconds) => {
    const { broker, hold } = brokerWithHeldViews();
    const grant = await broker.activeGrant();
    broker.clock.set(grant.revokeAt ?? "");
    const before = await broker.ports.bindings.view(broker.binding);
    await broker.converge();
    if (seconds > 0) await broker.settle(seconds);
    await hold(before);
    broker.logs.splice(0);
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 0 });
    expect(broker.logs.map(({ message }) => message)).not.toContain("records left out");
  });

  it("One that never began, and was cancelled meanwhile, is not left out as stuck", async () => {
    const { broker, hold } = brokerWithHeldViews();
    const grant = await broker.approve(await broker.ask());
    await hold();
    await broker.end(grant, "cancel");
    broker.clock.set(grant.expiresAt ?? "");
    broker.logs.splice(0);
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 0 });
    expect(broker.logs.map(({ message }) => message)).not.toContain("records left out");
  });

  it("A grant that was extended meanwhile keeps its access", async () => {
    const { broker, hold } = brokerWithHeldViews();
    const grant = await broker.activeGrant();
    await hold();
    await broker.approve(await broker.extend(grant));
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 0 });
    expect(await findingsOf(broker, grant)).toEqual([]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});

describe("A history that does not show the last step yet", () => {
  it("A grant that was approved long after it was asked for waits while its approval cannot be read", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.clock.advance(600);
    await broker.approve(asked);
    const hidden = broker.tables.events.splice(-1, 1);
    await broker.converge();
    expect(await broker.states(asked)).toEqual(["approved"]);
    broker.tables.events.push(...hidden);
    await broker.converge();
    expect(await broker.states(asked)).toEqual(["active"]);
  });
});
