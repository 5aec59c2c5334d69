/** Every check, in the order in which they are shown. */

import type { Check } from "./check-result.ts";
import { account } from "./checks/account.ts";
import { alarms } from "./checks/alarms.ts";
import { apiAndClock } from "./checks/api-and-clock.ts";
import { brokerRoles } from "./checks/broker-roles.ts";
import { clusters } from "./checks/clusters.ts";
import { concurrency } from "./checks/concurrency.ts";
import { email } from "./checks/email.ts";
import { forwarding } from "./checks/forwarding.ts";
import { grantorRoles } from "./checks/grantor-roles.ts";
import { iamDrift } from "./checks/iam-drift.ts";
import { otherAccounts } from "./checks/other-accounts.ts";
import { onCall, tickets } from "./checks/outside-tokens.ts";
import { ownRole } from "./checks/own-role.ts";
import { personalRoles } from "./checks/personal-roles.ts";
import { queues } from "./checks/queues.ts";
import { remoteFuses } from "./checks/remote-fuses.ts";
import { remoteStacks } from "./checks/remote-stacks.ts";
import { restoredTables } from "./checks/restored-tables.ts";
import { roleQuota } from "./checks/role-quota.ts";
import { scheduleGroup } from "./checks/schedule-group.ts";
import { slack } from "./checks/slack.ts";
import { spokeRoles } from "./checks/spoke-roles.ts";
import { stack } from "./checks/stack.ts";
import { trail } from "./checks/trail.ts";

export const CHECKS: readonly Check[] = [
  ...[account, otherAccounts, stack, apiAndClock],
  ...[brokerRoles, grantorRoles, spokeRoles, personalRoles, ownRole, roleQuota, iamDrift],
  ...[clusters, trail, scheduleGroup, remoteFuses, remoteStacks, forwarding],
  ...[queues, concurrency, alarms, slack, email, onCall, tickets],
];

/** In place of those, after a restore of tables. */
export const RESTORED_CHECKS: readonly Check[] = [restoredTables];
