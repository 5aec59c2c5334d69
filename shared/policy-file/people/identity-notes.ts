/** Notes on the keys of `identity`: see `key-notes.ts`. */
const SAML_ROLE = "arn:aws:iam::111122223333:role/okta-developers";

export const IDENTITY_NOTES = {
  identity: {
    description: "How people sign in to AWS. It pins each personal role to its one person.",
    default: {},
    examples: [{ account: "111122223333", signIn: ["444455556666"] }],
  },
  "identity.account": {
    description:
      "The account that Timelatch is deployed to. Its API accepts callers of no other account.",
    default: "the account of the clusters, where they are all in one",
    examples: ["111122223333"],
  },
  "identity.signIn": {
    description: "The accounts in which people have sessions of Identity Center.",
    default: "identity.account",
    examples: [["444455556666"]],
  },
  "identity.identityCenter": {
    description: "What counts as a session of Identity Center.",
    default: {},
    examples: [{ permissionSets: ["Dev"] }],
  },
  "identity.identityCenter.permissionSets": {
    description: "The permission sets whose sessions count; all of them, where none is named.",
    default: [],
    examples: [["Dev"]],
  },
  "identity.identityCenter.pin": {
    description:
      "What a session is compared with: userId, where a person has one, or userName for everyone. A user's name is weaker: whoever gets it later also gets the role.",
    default: "userId",
    examples: ["userName"],
  },
  "identity.saml": {
    description: "The SAML provider of people with a subject in `saml`.",
    default: null,
    examples: [
      {
        provider: "arn:aws:iam::111122223333:saml-provider/Okta",
        issuer: "http://www.okta.com/exk1",
        roles: [SAML_ROLE],
      },
    ],
  },
  "identity.saml.provider": {
    description: "The provider's ARN in IAM.",
    examples: ["arn:aws:iam::111122223333:saml-provider/Okta"],
  },
  "identity.saml.issuer": {
    description: "What the provider's metadata calls itself: its entity id.",
    examples: ["http://www.okta.com/exk1"],
  },
  "identity.saml.roles": {
    description: "The roles that people take with it.",
    examples: [[SAML_ROLE]],
  },
  "identity.oidc": {
    description:
      "The OpenID Connect provider of people with a subject in `oidc`. Each account with personal roles needs it in its IAM.",
    default: null,
    examples: [{ issuer: "login.example.com", audience: "timelatch" }],
  },
  "identity.oidc.issuer": {
    description: "The provider's URL without https://, as IAM names it.",
    examples: ["login.example.com"],
  },
  "identity.oidc.audience": {
    description: "The audience of its tokens.",
    examples: ["timelatch"],
  },
  "identity.accountAccess": {
    description:
      "IAM account access manager, for people with a userId: it hands out sessions of their personal roles itself, beside those who assume them.",
    default: null,
    examples: [{ application: "arn:aws:account-access:eu-west-1:111122223333:application/app-1" }],
  },
  "identity.accountAccess.application": {
    description: "The ARN of its application, as its settings show it.",
    examples: ["arn:aws:account-access:eu-west-1:111122223333:application/app-1"],
  },
  "identity.sourceIdentity": {
    description: "Where people with a `sourceIdentity` have it from.",
    default: null,
    examples: [{ roles: ["arn:aws:iam::111122223333:role/developers"] }],
  },
  "identity.sourceIdentity.roles": {
    description:
      "Roles of which every session has a source identity that its person cannot choose.",
    examples: [["arn:aws:iam::111122223333:role/developers"]],
  },
} as const;
