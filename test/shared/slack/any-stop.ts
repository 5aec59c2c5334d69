/** Suspensions, drains and their lifts, also of strange and long content, as notices. */
import fc from "fast-check";
import { T0 } from "../../../lab/fakes/builders.ts";
import type { StopNotice } from "../../../shared/domain/notices/notice.ts";
import { strange } from "./strange-text.ts";

/** Carol suspended alice, as the alarm channel reads it. */
export const aStopNotice = (
  facts: Partial<StopNotice["facts"]> = {},
  over: Partial<StopNotice> = {},
): StopNotice => ({
  subject: "stop-1",
  key: "stop@C0002",
  kind: "stop",
  audience: { kind: "channel", channel: "C0002" },
  facts: {
    seq: 1,
    type: "suspend",
    actor: "carol",
    person: "alice",
    at: T0,
    reason: "her laptop is gone",
    liftedBy: ["heidi"],
    ...facts,
  },
  actions: [],
  send: true,
  precedence: "first",
  notBefore: null,
  ...over,
});

const name = strange(64).map((text) => text.toWellFormed());

export const anyStopNotice: fc.Arbitrary<StopNotice> = fc
  .record({
    type: fc.constantFrom(
      "suspend" as const,
      "lift" as const,
      "drain" as const,
      "undrain" as const,
    ),
    actor: name,
    person: fc.option(name),
    reason: strange(500).map((text) => text.toWellFormed()),
    liftedBy: fc.array(name, { maxLength: 30, size: "max" }),
    isOwn: fc.boolean(),
  })
  .map(({ isOwn, ...facts }) =>
    aStopNotice(
      facts,
      isOwn && facts.person !== null ? { audience: { kind: "person", person: facts.person } } : {},
    ),
  );
