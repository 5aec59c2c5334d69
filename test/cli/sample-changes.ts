/** A change of each kind as a command sends it, with the API's answer to it. */
import type { ChangeAnswer, ChangeName, Sent } from "../../cli/changes/change.ts";
import { aDelegationAnswer } from "./sample-delegations.ts";
import { acknowledged, found } from "./sample-findings.ts";
import {
  activated,
  answerTo,
  approved,
  asked,
  cancelled,
  denied,
  idOf,
} from "./sample-requests.ts";
import { ALICE, EVERYONE, NOBODY } from "./sample-stops.ts";

export const PENDING = answerTo(asked());
export const APPROVED = answerTo(approved(asked()));
export const ACTIVE = answerTo(activated(approved(asked())));
const ENDING = { ...ACTIVE, state: "ending" } as const;

/** The extension of the first request. */
const EXTENSION = { ...PENDING, id: idOf(2), extends: PENDING.id };

const ID = PENDING.id;
const post = (path: string, body: object = {}) => ({ method: "POST", path, body }) as const;
const ofRequest = <Name extends ChangeName>(change: Name, verb: string, body: object = {}) =>
  ({ change, call: post(`/v1/requests/${ID}/${verb}`, body), subject: ID }) as Sent<Name>;

const { cluster, access, reason } = PENDING;

/** A request that asks for the sample's terms. */
export const SENT_REQUEST: Sent<"createRequest"> = {
  change: "createRequest",
  call: { ...post("/v1/requests", { cluster, access, reason }), idempotencyKey: "key-1" },
  subject: "",
};

/** An approval of the pending sample. */
export const SENT_APPROVAL: Sent<"approve"> = {
  ...ofRequest("approve", "decision", { verdict: "approve", digest: PENDING.digest }),
  before: PENDING,
};

const FOUND = found();
const MADE = aDelegationAnswer();

type Samples = {
  readonly [Name in ChangeName]: {
    readonly sent: Sent<Name>;
    readonly answer: ChangeAnswer<Name>;
  };
};

export const SAMPLES: Samples = {
  createRequest: { sent: SENT_REQUEST, answer: PENDING },
  createAsk: {
    sent: {
      change: "createAsk",
      call: {
        ...post("/v1/asks", {
          requests: [
            { cluster, access, reason },
            { cluster: "staging", access, reason },
          ],
        }),
        idempotencyKey: "key-3",
      },
      subject: "",
    },
    answer: {
      requests: [
        { ...PENDING, askedWith: [idOf(2)] },
        { ...APPROVED, id: idOf(2), cluster: "staging", askedWith: [ID] },
      ],
    },
  },
  extendGrant: { sent: ofRequest("extendGrant", "extend"), answer: EXTENSION },
  escalateRequest: { sent: ofRequest("escalateRequest", "escalate"), answer: APPROVED },
  approve: { sent: SENT_APPROVAL, answer: APPROVED },
  deny: {
    sent: { ...ofRequest("deny", "decision"), before: PENDING },
    answer: answerTo(denied(asked())),
  },
  cancelRequest: {
    sent: ofRequest("cancelRequest", "cancel"),
    answer: answerTo(cancelled(asked())),
  },
  returnGrant: { sent: ofRequest("returnGrant", "return"), answer: ENDING },
  revokeGrant: { sent: ofRequest("revokeGrant", "revoke"), answer: ENDING },
  closeReview: { sent: ofRequest("closeReview", "review"), answer: ACTIVE },
  createDelegation: {
    sent: {
      change: "createDelegation",
      call: {
        ...post("/v1/delegations", { to: MADE.to, until: MADE.until }),
        idempotencyKey: "key-2",
      },
      subject: MADE.to,
    },
    answer: MADE,
  },
  endDelegation: {
    sent: {
      change: "endDelegation",
      call: { method: "DELETE", path: `/v1/delegations/${MADE.id}` },
      subject: MADE.id,
      before: MADE,
      again: `timelatch delegate --to erin --until ${MADE.until}`,
    },
    answer: MADE,
  },
  suspendPerson: {
    sent: { change: "suspendPerson", call: post("/v1/people/alice/suspend"), subject: "alice" },
    answer: ALICE,
  },
  liftSuspension: {
    sent: {
      change: "liftSuspension",
      call: { method: "DELETE", path: "/v1/people/alice/suspend" },
      subject: "alice",
    },
    answer: NOBODY,
  },
  drain: { sent: { change: "drain", call: post("/v1/drain"), subject: "" }, answer: EVERYONE },
  liftDrain: {
    sent: { change: "liftDrain", call: { method: "DELETE", path: "/v1/drain" }, subject: "" },
    answer: NOBODY,
  },
  acknowledgeFinding: {
    sent: {
      change: "acknowledgeFinding",
      call: post(`/v1/findings/${FOUND.findingId}/acknowledgement`, { note: "CHG-1" }),
      subject: FOUND.findingId,
      before: FOUND,
    },
    answer: acknowledged(),
  },
};
