/** Three readers of docs/deploy.md, each from empty accounts to the first access and away again. */
import type { Script } from "./play.ts";
import type { Answer } from "./shell.ts";

const document = "docs/deploy.md";
const YES: readonly Answer[] = [["[y/N]", "y\r"]];
const [HUB, SPOKE] = ["111122223333", "444455556666"];
const KEPT =
  "no deployment fails here; test/cli/deployment/failed-creations.test.ts names such tables";

const clusterOf = (name: string, region: string) =>
  `--cluster ${name}=arn:aws:eks:${region}:${SPOKE}:cluster/${name}`;

/** A reader of the page: their accounts and clusters, and their answers. */
export interface Reader {
  /** Further options of `timelatch init`, which the page names. */
  readonly options: string;
  readonly answers: readonly Answer[];
  /** The first person's name and profile. */
  readonly person: string;
  /** Whether they have Identity Center. */
  readonly hasIdentityCenter: boolean;
  /** Other accounts, each bootstrapped in these regions. */
  readonly regions: readonly string[];
  /** The clusters that the first person gets access to. */
  readonly lent: readonly string[];
  /** Whether the landing zone has a bootstrap of its own, in place of that of the page's first block. */
  readonly isZone: boolean;
}

const REST: readonly Answer[] = [
  ["Slack workspace", "\r"],
  ["The archive's mode", "\r"],
  ["how many days", "\r"],
  ["concurrent executions", "\r"],
];

const BY_IDENTITY_CENTER: readonly Answer[] = [
  ["sign in to AWS", "identity-center\r"],
  ["account that people sign in to", "\r"],
  ["permission set", "\r"],
  ["first person", "alice\r"],
  ["e-mail address", "alice@example.com\r"],
  ["in Identity Center", "alice@example.com\r"],
  ...REST,
];

const BY_SAML: readonly Answer[] = [
  ["sign in to AWS", "saml\r"],
  ["ARN of the SAML provider", `arn:aws:iam::${HUB}:saml-provider/Okta\r`],
  ["issuer", "http://www.okta.com/exk1\r"],
  ["ARN of a role that people sign in to", `arn:aws:iam::${HUB}:role/okta-developers\r`],
  ["first person", "carol\r"],
  ["e-mail address", "carol@example.com\r"],
  ["SAML or OIDC subject", "carol@example.com\r"],
  ...REST,
];

export const READERS: Readonly<Record<string, Reader>> = {
  "one account": {
    ...{ options: "", answers: BY_IDENTITY_CENTER, person: "alice", hasIdentityCenter: true },
    ...{ regions: [], lent: ["prod"], isZone: false },
  },
  "two accounts and three places": {
    options: ` ${clusterOf("overseas", "us-west-2")} ${clusterOf("ireland", "eu-west-1")}`,
    ...{ answers: BY_IDENTITY_CENTER, person: "alice", hasIdentityCenter: true },
    ...{ regions: ["us-west-2", "eu-west-1"], lent: ["prod", "overseas", "ireland"] },
    isZone: false,
  },
  "an organisation with a qualifier, a boundary, and SAML with a source identity": {
    options: ` ${clusterOf("overseas", "us-west-2")}`,
    ...{ answers: BY_SAML, person: "carol", hasIdentityCenter: false },
    ...{ regions: ["us-west-2"], lent: ["prod", "overseas"], isZone: true },
  },
};

export const INSTALLING: Script = {
  document: "docs/installing.md",
  section: "Install",
  before: "cd ~/Downloads",
  values: {},
  stages: { "timelatch --version": { prints: "0.1.0" } },
};

export const writing = ({ options, answers }: Reader): Script => ({
  document,
  section: "1. Write a folder",
  before: "cd; export AWS_PROFILE=admin",
  values: { "timelatch --from-account": `timelatch --from-account${options}` },
  stages: { "timelatch init": { typed: answers } },
});

const NOT_THERE = "the reader has no such account";
const IN_ZONE = "the landing zone's own bootstrap takes its place";

export const preparing = ({ hasIdentityCenter, regions, isZone }: Reader): Script => ({
  document,
  section: "2. Prepare the folder and the accounts",
  before: "cd",
  values: { "Platform=platform": "Payments=platform" },
  stages: {
    "timelatch people sync": hasIdentityCenter ? {} : { unplayed: "the reader has none" },
    [`node_modules/.bin/cdk bootstrap aws://${HUB}`]: isZone ? { unplayed: IN_ZONE } : {},
    [`node_modules/.bin/cdk bootstrap aws://${SPOKE}`]: isZone
      ? { unplayed: IN_ZONE }
      : regions.length > 0
        ? { before: "export AWS_PROFILE=spoke-admin" }
        : { unplayed: NOT_THERE },
    "timelatch synth --execution-policies": isZone
      ? { before: "export AWS_PROFILE=admin", prints: "cdk bootstrap" }
      : { unplayed: "the reader is in no landing zone" },
  },
});

export const deploying: Script = {
  document,
  section: "3. Deploy",
  before: "export AWS_PROFILE=admin",
  values: {},
  stages: {
    "timelatch deploy": { typed: YES, prints: "deployed" },
    "aws dynamodb update-table": { unplayed: KEPT },
    "aws dynamodb delete-table": { unplayed: KEPT },
  },
};

/** The first person on one cluster after another: the page's command is the same for each. */
export const lending = ({ person }: Reader, cluster: string): Script => ({
  document,
  section: "4. Lend the first access",
  before: `export AWS_PROFILE=${person}; cd`,
  values: {
    "https://<id>.execute-api.<region>.amazonaws.com": "$API",
    "timelatch-person-alice": `timelatch-person-${person}`,
    "-c prod": `-c ${cluster}`,
    "kubeconfig prod": `kubeconfig ${cluster}`,
    "timelatch-prod": `timelatch-${cluster}`,
  },
  stages: {
    "timelatch whoami": { prints: person },
    "timelatch request": { typed: YES, prints: "active" },
    "kubectl --context": { prints: "default namespace" },
  },
});

export const leaving = ({ person }: Reader): Script => ({
  document,
  section: "Leave",
  before: `export AWS_PROFILE=${person}; cd ~/timelatch`,
  values: { "<profile>": person },
  stages: {
    "timelatch drain": { typed: YES, prints: "drained" },
    "timelatch grants": {
      before: `for _ in $(seq 180); do [ "$(timelatch grants --json | jq '.requests | length')" = 0 ] && break; sleep 3; done`,
    },
    "timelatch destroy": { before: "export AWS_PROFILE=admin", typed: YES, prints: "deleted" },
  },
});
