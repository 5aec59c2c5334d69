/**
 * Every message that Slack is sent, as Block Kit. They are about a sample request in each state, a
 * finding of each code, and a delegation, under the policy of `access.yaml`. The emulated Slack's rules check them.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { messageContent } from "../lab/sandbox/slack/methods/message-content.ts";
import type { Notice } from "../shared/domain/notices/notice.ts";
import { noticesFor } from "../shared/domain/notices/notices-for.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";
import { digestOf } from "../shared/domain/requests/digest.ts";
import { type AccessRequest, STATES } from "../shared/domain/requests/request.ts";
import { plusSeconds } from "../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../shared/policy-file/parse-access-policy.ts";
import { messageFor } from "../shared/slack/message.ts";
import { galleryFindings } from "./finding-gallery.ts";
import {
  GALLERY_DELEGATION,
  galleryDelegations,
  galleryExtension,
  galleryGlass,
  galleryStops,
} from "./notice-gallery.ts";
import { galleryTogether, VIEWED_ACCESS } from "./together-gallery.ts";

const ASKED_AT = "2026-11-24T10:00:00.000Z";
const HOUR = 3_600;

interface GalleryMessage {
  /** `active-request-C0001` */
  readonly name: string;
  readonly message: ReturnType<typeof messageFor>;
  /** Whether it is sent as it is; others are what an earlier message becomes. */
  readonly isSent: boolean;
}

/** Why a request is over, by its state. */
const OUTCOMES: Readonly<Record<string, AccessRequest["outcome"]>> = {
  ending: { code: "revoked", detail: "Revoked by bob: wrong cluster" },
  ended: { code: "expired", detail: "Its time was over." },
  denied: { code: "denied", detail: "Denied by bob." },
  cancelled: { code: "cancelled", detail: "Cancelled by alice." },
  lapsed: { code: "lapsed", detail: "Nobody decided in time. Nothing was granted; ask again." },
  failed: { code: "cluster-unreachable", detail: "EKS has no such cluster. Nothing was granted." },
};

type Terms = Pick<AccessRequest, "requester" | "access" | "rule" | "breakGlass">;

const ORDINARY: Terms = {
  requester: "alice",
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  rule: "payments-edit",
  breakGlass: false,
};
/** Access that a break-glass rule of the sample lends besides. */
const ADMIN: Terms = {
  ...ORDINARY,
  access: {
    policy: "AmazonEKSAdminPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  rule: "payments-admin",
};
const BREAK_GLASS: Terms = {
  requester: "carol",
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  rule: "break-glass",
  breakGlass: true,
};

function aRequest(policy: AccessPolicy, terms: Terms, state: AccessRequest["state"]) {
  const { requester, breakGlass } = terms;
  const cluster = { name: "prod", arn: policy.clusters["prod"]?.arn ?? "" };
  const decided = state !== "pending" && state !== "lapsed" && !breakGlass;
  const approval = { person: "bob", at: ASKED_AT, surface: "api", proof: {} } as const;
  const hadAccess = ["active", "ending", "ended"].includes(state);
  const asked = {
    id: "019ab5c0-0000-7000-8000-000000000001",
    cluster,
    principalArn: policy.people[requester]?.principals[0] ?? "",
    durationSeconds: HOUR,
    reason: "INC-4711 stuck rollout",
    startsAt: null,
    ...terms,
  };
  return {
    schema: 1,
    version: 1,
    state,
    requirements: policy.rules.find(({ name }) => name === terms.rule)?.approval ?? [],
    createdAt: ASKED_AT,
    updatedAt: ASKED_AT,
    lapsesAt: plusSeconds(ASKED_AT, 24 * HOUR),
    digest: digestOf(asked),
    policyHash: policy.hash,
    approvals: decided ? [approval] : [],
    approvedAt: decided ? ASKED_AT : null,
    effectiveAt: hadAccess ? ASKED_AT : null,
    revokeAt: hadAccess ? plusSeconds(ASKED_AT, HOUR - 120) : null,
    expiresAt: hadAccess ? plusSeconds(ASKED_AT, HOUR) : null,
    endedAt: state === "ended" ? plusSeconds(ASKED_AT, HOUR) : null,
    outcome: OUTCOMES[state] ?? null,
    lastHash: "",
    ...asked,
  } satisfies AccessRequest;
}

const ESCALATE = ({ roles }: AccessPolicy) => ({ afterSeconds: 900, groups: roles.admins });

/** As the policy is, and as it would be where nobody decides in Slack and approvers are asked again. */
const variantsOf = (policy: AccessPolicy): readonly (readonly [string, AccessPolicy])[] => [
  ["", policy],
  [
    "-decided-elsewhere",
    {
      ...policy,
      rules: policy.rules.map((rule) => ({
        ...rule,
        approval: rule.approval.map((need) => ({ ...need, escalate: ESCALATE(policy) })),
        remind: { afterSeconds: 600, times: 1 },
        decideIn: ["api"] as const,
        notify: { ...rule.notify, direct: true },
      })),
    },
  ],
];

/** @throws SlackError where Slack would refuse a message */
export function slackGallery(policy: AccessPolicy): readonly GalleryMessage[] {
  const last = [...galleryFindings(policy), ...galleryStops(policy)];
  return [
    ...requestMessages(policy),
    ...lessMessages(policy),
    ...reviewMessages(policy),
    ...[
      ...galleryDelegations(policy),
      ...galleryGlass(policy, aRequest(policy, ADMIN, "pending")),
      ...galleryExtension(policy, aRequest(policy, ORDINARY, "active")),
      ...galleryTogether(policy, (state) => [
        aRequest(policy, ORDINARY, state),
        aRequest(policy, ADMIN, "pending"),
        aRequest(policy, { ...ORDINARY, access: VIEWED_ACCESS }, state),
      ]),
    ].map(([name, notice]) => ({ name, ...drawn(notice) })),
    ...delegateMessages(policy),
    ...suspendedMessages(policy),
    ...last.map(([name, notice]) => ({ name, ...drawn(notice) })),
  ];
}

/** The same where bob gave half an hour of it. */
function lessened(request: AccessRequest): AccessRequest {
  const { access, durationSeconds, digest } = request;
  const less = { ...request, durationSeconds: durationSeconds / 2 };
  const lessDigest = digestOf(less);
  return {
    ...less,
    digest: lessDigest,
    earlierTerms: [{ access, durationSeconds, digest }],
    approvals: request.approvals.map((approval) => ({ ...approval, digest: lessDigest })),
  };
}

/** A break-glass that has ended, by hours after its start: its review is due after two days. */
const reviewMessages = (policy: AccessPolicy): readonly GalleryMessage[] =>
  [1, 25, 49].flatMap((hours) => {
    const dueAt = plusSeconds(ASKED_AT, 48 * HOUR);
    const by = policy.rules.find(({ breakGlass }) => breakGlass)?.review?.by ?? [];
    const request = {
      ...aRequest(policy, BREAK_GLASS, "ended"),
      approvedAt: ASKED_AT,
      review: { by, dueAt, closed: null },
    };
    return noticesFor(policy, request, plusSeconds(ASKED_AT, hours * HOUR))
      .notices.filter(({ kind }) => kind.startsWith("review-") || kind === "break-glass")
      .map((notice) => ({
        name: nameOf(`to-review-${hours}h`, BREAK_GLASS, notice.key, ""),
        ...drawn(notice),
      }));
  });

/** Messages to carol for bob, while she may decide for him and afterwards. */
const delegateMessages = (policy: AccessPolicy): readonly GalleryMessage[] =>
  ["asked", "no-longer"].flatMap((when) => {
    const delegations = when === "asked" ? [GALLERY_DELEGATION] : [];
    const request = aRequest(policy, ORDINARY, "pending");
    return noticesFor(policy, request, ASKED_AT, { delegations, writtenTo: ["carol"] })
      .notices.filter(({ kind }) => kind === "decision-wanted")
      .map((notice) => ({
        name: nameOf(`delegate-${when}`, ORDINARY, notice.key, ""),
        ...drawn(notice),
      }));
  });

/** A request that waits while its requester is suspended. */
const suspendedMessages = (policy: AccessPolicy): readonly GalleryMessage[] => {
  const stop = { by: "carol", at: ASKED_AT, reason: "her laptop was stolen" };
  const stopped = { people: { [ORDINARY.requester]: stop }, drain: null };
  const request = aRequest(policy, ORDINARY, "pending");
  return noticesFor(policy, request, ASKED_AT, undefined, stopped)
    .notices.filter(({ kind }) => kind === "request")
    .map((notice) => ({
      name: nameOf("suspended", ORDINARY, notice.key, ""),
      ...drawn(notice),
    }));
};

const lessMessages = (policy: AccessPolicy): readonly GalleryMessage[] =>
  noticesFor(policy, lessened(aRequest(policy, ORDINARY, "approved")), ASKED_AT).notices.map(
    (notice) => ({
      name: nameOf("approved-less", ORDINARY, notice.key, ""),
      ...drawn(notice),
    }),
  );

function requestMessages(policy: AccessPolicy): readonly GalleryMessage[] {
  return variantsOf(policy).flatMap(([variant, each]) =>
    [ORDINARY, BREAK_GLASS].flatMap((terms) =>
      STATES.flatMap((state) =>
        noticesFor(each, aRequest(each, terms, state), plusSeconds(ASKED_AT, HOUR - 300))
          .notices.map((notice) => ({ name: nameOf(state, terms, notice.key, variant), notice }))
          .map(({ name, notice }) => ({ name, ...drawn(notice) })),
      ),
    ),
  );
}

const nameOf = (state: string, { breakGlass }: Terms, key: string, variant: string) =>
  `${breakGlass ? "break-glass-" : ""}${state}-${key.replace("@", "-")}${variant}`;

function drawn(notice: Notice): Omit<GalleryMessage, "name"> {
  const message = messageFor(notice);
  messageContent({ ...message });
  return { message, isSent: notice.send };
}

/** Writes each message into a file of its own. @returns how many */
export function writeSlackGallery(folder: string): number {
  const file = path.resolve(import.meta.dirname, "..", "access.yaml");
  const messages = slackGallery(parseAccessPolicy(readFileSync(file, "utf8")));
  mkdirSync(folder, { recursive: true });
  for (const { name, message } of messages)
    writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(message, null, 2)}\n`);
  return messages.length;
}
