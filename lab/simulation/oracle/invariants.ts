/** The rules that hold in every run, whatever goes wrong. `oracle.ts` checks them. */
export const INVARIANTS = {
  "extension-continues": "Access that an extension continues never flickers.",
  "extension-lengthens": "An extension never shortens an end.",
  "no-overstay":
    "Access that neither others nor a live grant explains is removed within the bound: by `expiresAt` where nothing else went wrong.",
  "no-return": "Access does not come back once the end of its last grant was reported.",
  "active-has-access":
    "A grant that is reported active has its access. Where others removed it, the access is restored within the bound.",
  "others-keep":
    "Access that others put on an entry stays as they left it, and a target that no grant names never changes.",
  "others-entry-stays": "An entry that others created is never deleted.",
  "nothing-unapproved": "Nothing is added without a stored approval that is in force at that time.",
  "lent-by-policy": "Nothing is added that the deployed policy no longer lends.",
  "refusal-passes": "A refusal of AWS that passes within minutes fails no grant.",
  "schedule-first":
    "Access is added only after the schedule that ends its grant is armed, and its fuse where one is possible.",
  "removals-first": "Within one run, overdue access is removed before any is added.",
  "fuse-aimed":
    "A fuse removes nothing from a live grant, and nothing that a read showed others to use.",
  "end-seen": "No end is reported while access remains that only this grant explains.",
  "claims-true":
    "An end says truly whether its grant had begun, and what of its access something else gives.",
  "remaining-true":
    "An answer about somebody's access is true: each access that is there is named, or said not to be known.",
  "record-true": "A report and a bundle say of each grant and of each call what was so.",
  "chain-ends":
    "The return or revocation of a grant ends the access of its whole chain in one step.",
  "sent-once":
    "A call that somebody sends again after its answer was lost is stored once, and a read of it is true.",
  "start-seen": "No grant is reported active before its access exists.",
  "not-too-late": "No access begins when too little time is left before its end.",
  "begun-stays": "No grant fails as too late after its access has begun.",
  "over-stays": "Nothing is added for a grant that a stored ledger says is over.",
  "removed-within-a-run":
    "A run calls EKS to remove what was overdue when it began, even where its reads fail.",
  "username-stays": "An entry keeps its Kubernetes username.",
  "revision-once": "The revisions of a ledger only grow.",
  "forgotten-once-over":
    "A ledger is empty only when no call of ours can still land and no entry is ours.",
  "fuse-exists": "A fuse that a ledger records as armed is armed.",
  "nothing-inherited":
    "A principal or cluster that was created again under the same name inherits no access.",
  "not-early": "No grant is reported expired before its margin begins.",
  "one-verdict": "A request has one verdict.",
  "no-self-approval": "A requester is never among the approvers.",
  "delegated-in-right":
    "No grant begins by a decision for somebody who had no right, whose delegation had ended, or who asked for it.",
  "machines-only-ask":
    "A machine decides and administers nothing, no grant begins by its approval, and its owner does not approve for it.",
  "on-call-only":
    "Nobody is lent what a rule lends to whoever is on call unless an answer of that time says so, until the end that it says, and no glass breaks by itself where nobody knows.",
  "ticket-only":
    "Nobody is lent what a rule lends for a ticket unless its tracker said of that time that it is open and theirs, and nobody is refused or ended for a ticket but for what it said.",
  "ticket-ends":
    "Access that ends with its ticket ends within the bound once a reading says that the ticket is closed.",
  "one-place": "Delegator and delegate fill one place of the quorum.",
  "escalation-same":
    "A request that becomes break-glass keeps its id, and lends the same access and no more.",
  "terms-agreed":
    "No grant gives more, or for longer, than its requester asked for and each of its approvers agreed to.",
  "stopped-gets-nothing":
    "Nothing is added for somebody who is suspended or holds the principal of one, nor for anybody during a drain.",
  "stopped-ends":
    "The grants of whoever is stopped end within the bound: a run's, or a drift check's where something went wrong.",
  "stopped-does-nothing":
    "Nobody who is suspended asks or decides, nobody decides for them, and nobody at all during a drain.",
  "lifted-by-another":
    "Only an admin lifts a stop, who is not suspended and is not the one who stopped.",
  "lifted-lives": "Once a stop is lifted, it refuses nothing and ends nothing.",
  "history-whole":
    "Each transition has one audit event and is in the lifecycle table, and the hash chain is intact.",
  "evidence-whole": "Every change of an entry is recorded in the history of some grant.",
  "starts-in-time": "An approved grant is active or failed within the bound after its start.",
  "final-in-time":
    "Every grant is final within the bound after its end, and every request lapses in time.",
  "nothing-left":
    "After the last grant nothing of ours is left: no entry, ledger, schedule or due binding.",
  "no-dead-letter": "No message becomes a dead letter where nothing went wrong.",
  "notices-shown":
    "Every message shows the present state of its request within two minutes, or eleven after the last fault.",
  "notices-true": "No message shows a state that was never stored.",
  "notices-once":
    "A message exists twice only after a crash, a lost answer, or a run that another one overtook: once for each. Half an hour after the last fault it exists once, unless Slack never reported it.",
  "notices-apart": "No notice delays the removal of access.",
  "events-published":
    "The bus gets every audit event of a request in order, within the bounds of messages.",
  "refusals-recorded": "A message that Slack refuses for good is recorded on its request.",
  "asked-while-open": "Nobody is asked to approve after the decision.",
  "review-asked-while-open": "Nobody is asked to review after the review was closed.",
  "asked-once": "The bus gets each prompt once, but for what a lost answer or a crash explains.",
  "asked-able": "Nobody is asked who cannot decide, or whose time has not come.",
  "asked-in-time":
    "People whom a rule says to ask again are asked within twenty minutes, while the request or review is open.",
  "confirmations-true": "A call is confirmed only by EKS's own record of it.",
  "calls-decided":
    "Every call on record ends as confirmed where CloudTrail shows it, and as missing with a finding where it does not.",
  "changes-found":
    "Every event that CloudTrail shows is on record once, as what it is: a change from outside is a finding or expected.",
  "no-false-finding": "No call of ours is a finding, unless CloudTrail has not shown it for a day.",
  "recorded-once": "No chain says the same thing twice.",
  "evidence-chained": "The chains of evidence and findings are intact.",
  "evidence-apart": "Nothing about evidence delays the removal of access.",
  "intruder-never-lengthens":
    "A writer of the tables keeps no access past its end, but for the time that a removal may take.",
  "intruder-never-moves":
    "A writer of the tables gives nobody access that no grant lends on that entry.",
  "record-holds-up-nothing": "No record holds up the end of a grant that nobody forged.",
  "none-left-out": "No record is left out where nobody forged or restored one.",
  "ledger-fits": "A ledger stays far below the size that an item may have.",
  "no-surprise": "Functions throw only errors that the ports document.",
} as const;

export type InvariantId = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantId;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly detail: string;
}
