/** The words about a change of each key about machines and agents. */
import type { KeyChange } from "./delegation-key-changes.ts";
import { machine } from "./policy-of-every-key.ts";

const AGENTS = "rules.1.agents.approve.0";

/** The words about a change of each key about media besides Slack. */
export const MEDIA_SAID: readonly KeyChange[] = [
  ["notices", "notices", undefined, "notices.email.from is no longer access@example.com."],
  ["notices.email", "notices.email", undefined, "notices.email.configurationSet is no longer"],
  [
    "notices.email.from",
    "notices.email.from",
    "it@example.com",
    "notices.email.from is it@example.com.",
  ],
  [
    "notices.email.configurationSet",
    "notices.email.configurationSet",
    "alarms",
    "notices.email.configurationSet is alarms.",
  ],
  [
    "people.*.notify",
    "people.ben.notify",
    ["slack", "email"],
    "people.ben.notify is slack and email.",
  ],
];

export const MACHINES_SAID: readonly KeyChange[] = [
  [
    "people.*.kind",
    "people.rob",
    machine("rob"),
    "rob is no longer a machine whose owners are ben.",
  ],
  [
    "people.*.owners",
    "people.rob.owners",
    ["leads", "ops"],
    "rob is a machine, which never decides. Its owners are ben and cat.",
  ],
  [
    "people.*.ownersApprove",
    "people.rob.ownersApprove",
    true,
    "The owners of rob may approve what it asks for.",
  ],
  [
    "rules.*.agents",
    "rules.1.agents",
    undefined,
    "Under groups, machines and agents no longer need the approval of 1 of leads, after 15m also of ops.",
  ],
  [
    "rules.*.agents.approve",
    "rules.1.agents.approve",
    [{ groups: ["ops"] }],
    "Under groups, machines and agents need the approval of 1 of ops.",
  ],
  [
    "rules.*.agents.approve.*.groups",
    `${AGENTS}.groups`,
    ["ops"],
    "the approval of 1 of ops, after",
  ],
  ["rules.*.agents.approve.*.count", `${AGENTS}.count`, 2, "the approval of 2 of leads, after"],
  [
    "rules.*.agents.approve.*.escalate",
    `${AGENTS}.escalate`,
    undefined,
    "machines and agents need the approval of 1 of leads.",
  ],
  [
    "rules.*.agents.approve.*.escalate.after",
    `${AGENTS}.escalate.after`,
    "30m",
    "need the approval of 1 of leads, after 30m also of ops.",
  ],
  [
    "rules.*.agents.approve.*.escalate.groups",
    `${AGENTS}.escalate.groups`,
    ["leads"],
    "need the approval of 1 of leads, after 15m also of leads.",
  ],
];
