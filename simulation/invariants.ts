/** What must hold in every run, whatever happens. `oracle.ts` watches over it. */
export const INVARIANTS = {
  "no-overstay":
    "Access that neither others nor a live grant explain is gone within the bound: by `expiresAt` where nothing else went wrong.",
  "no-return": "Access does not come back once the end of its last grant was reported.",
  "active-has-access":
    "A grant that is told active has its access, and gets it back within the bound where others took it.",
  "others-keep":
    "What others made stays as they left it, and what no grant touches is never changed.",
  "others-entry-stays": "An entry that others made is never deleted.",
  "nothing-unapproved":
    "Nothing is added that no stored approval, or need to restore, asks for at that time.",
  "schedule-first":
    "Access is added only after the schedule that ends its grant was armed, and the fuse where one reaches.",
  "removals-first": "Within one run, access that is overdue goes before any is added.",
  "fuse-aimed": "A fuse takes nothing from a live grant, and nothing that others were seen to use.",
  "end-seen": "No end is told while access remains that only this grant explains.",
  "start-seen": "No grant is told active before its access is there.",
  "not-too-late": "No access begins with too little time left before its end.",
  "begun-stays": "No grant fails as too late whose access has begun.",
  "over-stays": "Nothing is added for a grant that a stored ledger says is over.",
  "removed-within-a-run":
    "What is over when a run begins is called for by its end, whether reads fail or not.",
  "username-stays": "An entry keeps its Kubernetes username.",
  "revision-once": "The revisions of a ledger only grow.",
  "forgotten-once-over":
    "A ledger is empty only when no call of ours can land, and no entry is ours.",
  "fuse-exists": "A fuse that a ledger is sure of is armed.",
  "nothing-inherited":
    "Nobody inherits access: not a principal, nor a cluster, that came under the same name since.",
  "not-early": "No grant is told expired before its margin begins.",
  "one-verdict": "A request has one verdict.",
  "no-self-approval": "A requester is never among the approvers.",
  "history-whole":
    "There is one audit event a transition, each of the table, and the chain is intact.",
  "evidence-whole": "Every change of an entry stands in the history of some grant.",
  "starts-in-time": "An approved grant is active or failed within the bound after its start.",
  "final-in-time":
    "Every grant is final within the bound after its end, and every request in time.",
  "nothing-left":
    "Once all is over nothing of ours is left: no entry, ledger, schedule, or due binding.",
  "no-dead-letter": "No message becomes a dead letter where nothing went wrong.",
  "no-surprise": "Nothing is thrown but what the ports announce.",
} as const;

export type InvariantId = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantId;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly detail: string;
}
