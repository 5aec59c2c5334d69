/** Mutants: messages and events about requests. */
import type { Mutant } from "./mutant.ts";

const ANNOUNCE = "shared/usecases/notices/announce-updates.ts";
const DELIVER = "shared/usecases/notices/deliver.ts";
const FACTS = "shared/domain/notices/notice-facts.ts";
const NOTIFY = "shared/usecases/notices/notify.ts";
const PUBLISH = "shared/usecases/notices/publish-events.ts";
const STORE = "lab/fakes/memory-notice-store.ts";
const WAKER = "lab/simulation/notices/notice-waker.ts";
const SWEEP = "shared/usecases/converge/sweep.ts";

const FINDINGS = "lab/fakes/memory-finding-store.ts";
const FINDING_NOTICES = "shared/domain/notices/finding-notices.ts";
const FINDING_EVENTS = "shared/domain/notices/finding-events.ts";
/** The scenario that plays lives of findings. */
const TOLD = "findings are recorded while messages fail";

export const NOTICES: readonly Mutant[] = [
  {
    name: "forgets an overtaken message that found no room",
    edits: [
      {
        file: DELIVER,
        from: 'if (precedence === "last") return overtaken(ports, done, asked ?? undefined);',
        to: 'if (precedence === "last") return done;',
      },
    ],
    seed: 4,
    breaks: "notices-shown",
  },
  {
    name: "clears what is due although a step was stored meanwhile",
    edits: [
      {
        file: STORE,
        from: "if (stored?.record.wanted !== wanted || stored.record.revision !== revision) return false;",
        to: "if (stored?.record.revision !== revision) return false;",
      },
    ],
    scenario: "a step is stored while notify runs",
    breaks: "notices-shown",
  },
  {
    name: "reads a request before its notice record",
    edits: [
      {
        file: NOTIFY,
        from: "  const record = await ports.notices.load(subject);\n  if (!record) return undefined;\n  const topic = await topicOf(ports, subject);\n",
        to: "  const topic = await topicOf(ports, subject);\n  const record = await ports.notices.load(subject);\n  if (!record) return undefined;\n",
      },
    ],
    scenario: "a step is stored while notify runs",
    breaks: "notices-shown",
  },
  {
    name: "sweeps no notice that lost its wake",
    edits: [
      { file: SWEEP, from: "const NOTICES_AT_ONCE = 250;", to: "const NOTICES_AT_ONCE = 0;" },
    ],
    seed: 4,
    breaks: "notices-shown",
  },
  {
    name: "retries before the time that Slack asked for",
    edits: [
      {
        file: NOTIFY,
        from: "if (asked !== undefined) return asked;",
        to: "if (asked !== undefined) return clock.now();",
      },
    ],
    scenario: "Slack asks to wait two minutes",
    breaks: "notices-shown",
  },
  {
    name: "sends nothing after a message that Slack refuses",
    edits: [
      {
        file: DELIVER,
        from: "if (outcome instanceof MessengerBusy && outcome.retryAfterSeconds === null)",
        to: "if (outcome instanceof Error)",
      },
    ],
    seed: 112,
    breaks: "notices-shown",
  },
  {
    name: "shows access as active from the approval on",
    edits: [
      {
        file: FACTS,
        from: "state: request.state,",
        to: 'state: request.state === "approved" ? "active" : request.state,',
      },
    ],
    seed: 4,
    breaks: "notices-true",
  },
  {
    name: "saves a notice record over a later one",
    edits: [
      {
        file: STORE,
        from: "if (stored?.record.revision !== record.revision)",
        to: "if (stored === undefined)",
      },
    ],
    seed: 98,
    breaks: "notices-once",
  },
  {
    name: "sweeps notices before ends",
    edits: [
      {
        file: SWEEP,
        from: "  const items: Sent[] = [];",
        to: "  const notices = await wakeNotify(ports, now);\n  const items: Sent[] = [];",
      },
      {
        file: SWEEP,
        from: "  const notices = await wakeNotify(ports, now);\n  const others =",
        to: "  const others =",
      },
    ],
    seed: 2,
    breaks: "notices-apart",
  },
  {
    name: "delivers messages within the run of converge",
    edits: [{ file: WAKER, from: "queue.wake(id);", to: "await queue.take(id);" }],
    scenario: "Slack does not answer for an hour",
    breaks: "notices-apart",
  },
  {
    name: "records events as published before the bus has them",
    edits: [
      {
        file: PUBLISH,
        from: "{ bus, clock }: NotifyPorts",
        to: "{ notices, bus, clock }: NotifyPorts",
      },
      {
        file: PUBLISH,
        from: "const count = await bus.publish(events)",
        to: `const early = { ...record, published: events.at(-1)?.seq ?? record.published };
  record = await notices.save(early);
  const count = await bus.publish(events)`,
      },
    ],
    seed: 4,
    breaks: "events-published",
  },
  {
    name: "takes all events for published where the bus took some",
    edits: [{ file: PUBLISH, from: "events[count - 1]", to: "events.at(-1)" }],
    seed: 15,
    breaks: "events-published",
  },
  {
    name: "stores an acknowledgement without making its message due",
    edits: [
      {
        file: FINDINGS,
        from: 'if (record.type !== "expected") makeDue',
        to: 'if (record.type === "finding") makeDue',
      },
    ],
    scenario: TOLD,
    breaks: "notices-shown",
  },
  {
    name: "shows an acknowledgement of somebody else",
    edits: [{ file: FINDING_NOTICES, from: "      actor,\n", to: "      actor: `${actor}?`,\n" }],
    scenario: TOLD,
    breaks: "notices-true",
  },
  {
    name: "publishes findings, and not their acknowledgements",
    edits: [{ file: FINDING_EVENTS, from: "[finding, ...acknowledgements]", to: "[finding]" }],
    scenario: TOLD,
    breaks: "events-published",
  },
  {
    name: "forgets that Slack refused a message",
    edits: [
      {
        file: DELIVER,
        from: "const record = await notices.save(withUndeliverable(done.record, key, undeliverable));",
        to: "const record = done.record;",
      },
    ],
    seed: 12,
    breaks: "refusals-recorded",
  },
  {
    name: "updates a message without announcing it",
    edits: [
      {
        file: ANNOUNCE,
        from: "return withUnsettled(before, key, latest(times));",
        to: "return before;",
      },
    ],
    scenario: "a run is killed after a newer one's update",
    breaks: "notices-shown",
  },
];
