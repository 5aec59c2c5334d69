/**
 * Facts that AWS does not document, or that depend on the account: rows of
 * docs/first-deployment.md, word by word. Each has the part of the smoke test that settles it.
 */
const ROWS = {
  "read-lag": "How far reads of an access entry and of its associations are behind",
  "role-lag": "How far GetRole is behind, and how long EKS does not know a new role",
  token: "A repeated client token makes nothing twice",
  scope: "An association that is made again has the new scope only, and takes many namespaces",
  "client-error": "A call that EKS answers with a client error changed nothing",
  username: "UpdateAccessEntry resets an absent username",
  "created-at": "`createdAt` of an entry stays as it is, and grows with time",
  "list-whole": "ListAccessEntries lists every entry",
  "list-token": "A refused token of a list is an InvalidParameterException",
  zones: "Lambda knows the zones of rules with hours, as this machine does",
  "entry-arn": "An entry's ARN is not that of its successor",
  "fuse-taken": "Scheduler takes the fuses' universal targets",
  "fuse-fires": "A fuse takes the access away, and the entry",
  "grant-added": "EKS shows the access of a grant while it lasts",
  "grant-removed": "EKS does not show it after the grant's end",
  "grant-confirmed": "The broker finds each call of a grant in CloudTrail",
  "lambda-clock": "Lambda's clock is within five seconds of this machine's",
  trail: "CloudTrail's event history has each of the four calls, with EKS's request id",
  forwarding: "Changes of entries reach the broker, from each account and region with clusters",
  "alarm-action": "Each alarm has an action, and CloudWatch carries it out",
  "missing-data": "An alarm on a sweep that stopped fires",
  messages: "Slack takes messages in each channel of the policy, and SES e-mail",
  "receipt-handle": "SQS refuses a receipt handle of a message that was received again",
  "policy-lag": "How long a change of an IAM policy takes to hold",
  "policy-size": "IAM counts a policy without white space",
  "source-identity":
    "A session that hands its source identity on takes a role that compares `sts:SourceIdentity` with it",
  "principal-text": "String operators compare `eks:principalArn` as text",
  restore: "A restored table has the keys and indexes of its source",
  "audit-lag": "How late EKS writes audit events",
  "log-policy": "API Gateway writes its log without a policy of its own",
  protection: "The broker's stack, and those of other places, cannot be deleted by accident",
  reservations: "Lambda takes the reservations where 110 executions are unreserved",
  runtimes:
    "Functions of one release have the same runtime, and so the same rules of daylight saving",
  "rolled-back-template":
    "GetTemplate of a stack whose update was rolled back answers the template that it went back to",
  "made-up-names": "A name that CloudFormation makes up begins with the stack's name",
  "stack-set-name": "A stack set names its stacks `StackSet-<name of the set>-<UUID>`",
  "forward-rule": "EventBridge makes the rule that forwards",
  "execution-policies":
    "CloudFormation deploys under the policies that `timelatch synth --execution-policies` writes",
  "leading-keys":
    "Whether `dynamodb:LeadingKeys` has the keys of one item of a transaction or of all",
  "account-access": "Account access manager sets a context with `identitystore:UserId`",
  "entry-while-updating": "Access-entry calls while a cluster is updated",
  callers: "API Gateway refuses a caller of another account",
  "session-user-id":
    "`identitystore:UserId` is in requests of Identity Center's sessions to assume a role",
  "spoke-grantor":
    "A spoke's grantor role goes by `aws:PrincipalArn` and the source identity of converge",
  "tag-at-creation": "`eks:TagResource` at creation is evaluated on the entry",
  "username-at-creation": "`eks:username` is absent or empty in CreateAccessEntry",
} as const;

export type FactName = keyof typeof ROWS;

/** The row of a fact. */
export const FACTS: Readonly<Record<FactName, string>> = ROWS;
