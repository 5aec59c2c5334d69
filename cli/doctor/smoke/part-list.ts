/** Every part, in the order in which they are played. */
import type { Part } from "./part.ts";
import { alarms } from "./parts/alarms.ts";
import { deployment } from "./parts/deployment.ts";
import { entries } from "./parts/entries.ts";
import { fuse } from "./parts/fuse.ts";
import { grant } from "./parts/grant.ts";
import { logs } from "./parts/logs.ts";
import { messages } from "./parts/messages.ts";
import { missingData } from "./parts/missing-data.ts";
import { policies } from "./parts/policies.ts";
import { queue } from "./parts/queue.ts";
import { restore } from "./parts/restore.ts";
import { sessions } from "./parts/sessions.ts";
import { signIns } from "./parts/sign-ins.ts";
import { stacks } from "./parts/stacks.ts";
import { trail } from "./parts/trail.ts";
import { transactions } from "./parts/transactions.ts";
import { update } from "./parts/update.ts";

export const PARTS: readonly Part[] = [
  ...[entries, fuse, grant, trail],
  ...[alarms, missingData, messages, queue, policies, sessions, signIns, restore],
  ...[transactions, logs, stacks, deployment, update],
];
