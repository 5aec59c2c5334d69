/** The words about a change of each key by which people sign in. */
import type { KEY_NOTES } from "../../../shared/policy-file/access-policy-file.ts";
import type { Json } from "./policy-of-every-key.ts";

const PROVIDER = "arn:aws:iam::111122223333:saml-provider";
const ROLE = "arn:aws:iam::111122223333:role";
const APPLICATION = "arn:aws:account-access:eu-west-1:111122223333:application";
const USER_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";

/** A policy whose people have a role of their own, and that writes every key of how they sign in. */
export const EVERY_SIGN_IN: Json = {
  version: 1,
  clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } },
  identity: {
    account: "111122223333",
    signIn: ["111122223333"],
    identityCenter: { permissionSets: ["Dev"], pin: "userId" },
    saml: { provider: `${PROVIDER}/Okta`, issuer: "http://okta/1", roles: [`${ROLE}/saml`] },
    oidc: { issuer: "login.example.com", audience: "timelatch" },
    accountAccess: { application: `${APPLICATION}/app-1` },
    sourceIdentity: { roles: [`${ROLE}/developers`] },
  },
  people: {
    alice: {
      email: "alice@example.com",
      groups: ["dev"],
      identities: {
        identityCenter: { userId: USER_ID, userName: "alice@example.com" },
        saml: "alice@example.com",
        oidc: "00u1",
        sourceIdentity: "alice",
      },
      principal: "personal",
    },
  },
  rules: [
    {
      name: "view",
      who: { groups: ["dev"] },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
      duration: { max: "1h" },
      approval: "none",
    },
  ],
};

const alice = "people.alice";
/** A key, a place of it, the value that is written there, and the words about it. */
export const SIGN_IN_SAID: readonly (readonly [
  keyof typeof KEY_NOTES,
  string,
  Json | undefined,
  string,
])[] = [
  ["deployment", "deployment", "beta", "beta-person-alice is the role of alice alone."],
  ["identity", "identity.signIn", ["444455556666"], "identity.signIn is 444455556666."],
  ["identity.account", "identity.account", "444455556666", "identity.account is 444455556666."],
  ["identity.signIn", "identity.signIn", ["444455556666"], "identity.signIn is 444455556666."],
  [
    "identity.identityCenter",
    "identity.identityCenter",
    undefined,
    "identity.identityCenter.permissionSets is no longer Dev.",
  ],
  [
    "identity.identityCenter.permissionSets",
    "identity.identityCenter.permissionSets",
    ["Ops"],
    "identity.identityCenter.permissionSets is Ops.",
  ],
  [
    "identity.identityCenter.pin",
    "identity.identityCenter.pin",
    "userName",
    "identity.identityCenter.pin is userName.",
  ],
  [
    "identity.saml",
    "identity.saml.issuer",
    "http://okta/2",
    "identity.saml.issuer is http://okta/2.",
  ],
  [
    "identity.saml.provider",
    "identity.saml.provider",
    `${PROVIDER}/Entra`,
    "identity.saml.provider is arn:aws:iam::111122223333:saml-provider/Entra.",
  ],
  [
    "identity.saml.issuer",
    "identity.saml.issuer",
    "http://okta/2",
    "identity.saml.issuer is http://okta/2.",
  ],
  [
    "identity.saml.roles",
    "identity.saml.roles",
    [`${ROLE}/other`],
    "identity.saml.roles is arn:aws:iam::111122223333:role/other.",
  ],
  ["identity.oidc", "identity.oidc.audience", "other", "identity.oidc.audience is other."],
  [
    "identity.oidc.issuer",
    "identity.oidc.issuer",
    "id.example.com",
    "identity.oidc.issuer is id.example.com.",
  ],
  ["identity.oidc.audience", "identity.oidc.audience", "other", "identity.oidc.audience is other."],
  [
    "identity.accountAccess",
    "identity.accountAccess",
    undefined,
    `identity.accountAccess.application is no longer ${APPLICATION}/app-1.`,
  ],
  [
    "identity.accountAccess.application",
    "identity.accountAccess.application",
    `${APPLICATION}/app-2`,
    `identity.accountAccess.application is ${APPLICATION}/app-2.`,
  ],
  [
    "identity.sourceIdentity",
    "identity.sourceIdentity.roles",
    [`${ROLE}/other`],
    "identity.sourceIdentity.roles is arn:aws:iam::111122223333:role/other.",
  ],
  [
    "identity.sourceIdentity.roles",
    "identity.sourceIdentity.roles",
    [`${ROLE}/other`],
    "identity.sourceIdentity.roles is arn:aws:iam::111122223333:role/other.",
  ],
  [
    "people.*.identities.identityCenter",
    `${alice}.identities.identityCenter`,
    undefined,
    "user id of Identity Center 906701d9d2-0a1b2c3d-1111-2222-3333-444455556666 and user name of Identity Center alice@example.com no longer speaks for alice.",
  ],
  [
    "people.*.identities.identityCenter.userId",
    `${alice}.identities.identityCenter.userId`,
    USER_ID.replace("0a1b", "9a1b"),
    "user id of Identity Center 906701d9d2-9a1b2c3d-1111-2222-3333-444455556666 speaks for alice.",
  ],
  [
    "people.*.identities.identityCenter.userName",
    `${alice}.identities.identityCenter.userName`,
    "alice2@example.com",
    "user name of Identity Center alice2@example.com speaks for alice.",
  ],
  [
    "people.*.identities.saml",
    `${alice}.identities.saml`,
    "alice2@example.com",
    "SAML subject alice2@example.com speaks for alice.",
  ],
  [
    "people.*.identities.oidc",
    `${alice}.identities.oidc`,
    "00u2",
    "OIDC subject 00u2 speaks for alice.",
  ],
  [
    "people.*.identities.sourceIdentity",
    `${alice}.identities.sourceIdentity`,
    "alice2",
    "source identity alice2 speaks for alice.",
  ],
  [
    "people.*.principal",
    `${alice}`,
    {
      email: "alice@example.com",
      groups: ["dev"],
      identities: { iam: [`${ROLE}/alice`] },
      principals: [`${ROLE}/alice`],
    },
    "timelatch-person-alice is no longer the role of alice.",
  ],
  [
    "people.*.formerly",
    `${alice}.formerly`,
    "alice-smith",
    "timelatch-person-alice-smith is the role of alice alone.",
  ],
];
