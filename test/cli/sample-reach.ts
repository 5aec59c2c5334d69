/** The list of everyone who could reach prod at an instant, as the API answers it: alice, through a grant. */
import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import { aCluster } from "./sample-clusters.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

export const GRANT = answerTo(activated(approved(asked())));
export const AT = "2026-11-23T12:00:00.000Z";

export const THEN: ReachAnswer = {
  cluster: aCluster(),
  at: AT,
  since: "2026-11-01T00:00:00.000Z",
  startedFrom: "2026-11-22T12:00:00.000Z",
  standing: {
    reading: {
      startedAt: "2026-11-23T09:58:00.000Z",
      completedAt: "2026-11-23T10:00:00.000Z",
      read: 5,
      explained: 3,
    },
    following: "2026-11-23T16:00:00.000Z",
    changed: [],
    unknown: null,
  },
  grants: [
    {
      id: GRANT.id,
      requester: "alice",
      principalArn: GRANT.principalArn,
      access: GRANT.access,
      state: "active",
      startsAt: null,
      approvedAt: "2026-11-23T11:00:00.000Z",
      effectiveAt: "2026-11-23T11:00:10.000Z",
      revokeAt: "2026-11-23T12:58:00.000Z",
      goneAt: "2026-11-23T12:58:20.000Z",
    },
  ],
  findings: [],
  entries: [],
  leftOut: 0,
};
