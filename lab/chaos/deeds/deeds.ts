/** The functions that carry out each kind of action. Each answers its result in a few words. */
import type { ActionKind, ActionOf } from "../plan/action.ts";
import type { Stage } from "../stage/stage.ts";
import { delegate, suspend } from "./administration.ts";
import { awsFault, schedules, slackFault } from "./faults.ts";
import { intrude } from "./intrude.ts";
import { killFunction, killSandbox, stopFunction, stopTables } from "./kills.ts";
import { outsideFault, shift, ticket } from "./outside.ts";
import { claim, release, strip } from "./owners.ts";
import { remakeCluster } from "./remake-cluster.ts";
import { remakeRole } from "./remake-role.ts";
import { approve, ask, cancel, deny, escalate, extend, giveBack, revoke } from "./requests.ts";
import { restoreTables } from "./restore-tables.ts";

type Deeds = {
  readonly [Kind in ActionKind]: (stage: Stage, action: ActionOf<Kind>) => Promise<string>;
};

export const DEEDS: Deeds = {
  ask,
  approve,
  deny,
  cancel,
  return: giveBack,
  revoke,
  escalate,
  extend,
  delegate,
  suspend,
  claim,
  release,
  strip,
  "remake-cluster": remakeCluster,
  "remake-role": remakeRole,
  intrude,
  "restore-tables": restoreTables,
  "aws-fault": awsFault,
  "slack-fault": slackFault,
  "outside-fault": outsideFault,
  shift,
  ticket,
  schedules,
  "kill-function": killFunction,
  "stop-function": stopFunction,
  "stop-tables": stopTables,
  "kill-sandbox": killSandbox,
};
