/** Answers to `timelatch init` as flags, for each way in which people sign in. */
import type { SIGN_INS } from "../../../cli/deployment/questions.ts";

const PLACE = ["--account", "111122223333", "--region", "us-west-2"];
const PERSON = ["--person", "alice", "--email", "alice@example.com"];
export const CLUSTERS = [
  ...["--cluster", "prod"],
  ...["--cluster", "other=arn:aws:eks:eu-west-1:444455556666:cluster/prod"],
];
export const SLACK = [
  ...["--slack-team", "T0001", "--slack-app", "A0001"],
  ...["--slack-channel", "C0001", "--slack-alarms", "C0002"],
];
export const USER_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-00000000a11c";

const WAYS: Readonly<Record<(typeof SIGN_INS)[number], readonly string[]>> = {
  "identity-center": [
    ...["--subject", USER_ID, "--permission-set", "Developers"],
    ...["--permission-set", "Auditors", "--sign-in-account", "222233334444"],
  ],
  saml: [
    ...["--saml-provider", "arn:aws:iam::111122223333:saml-provider/Okta"],
    ...["--saml-issuer", "http://www.okta.com/exk1"],
    ...["--saml-role", "arn:aws:iam::111122223333:role/okta-developers"],
    ...["--subject", "alice@example.com"],
  ],
  oidc: [
    ...["--oidc-issuer", "login.example.com", "--oidc-audience", "timelatch"],
    ...["--subject", "00u1a2b3c4"],
  ],
  iam: ["--principal", "arn:aws:iam::111122223333:user/alice"],
};

/** All that is needed, in one account. */
export const flagsOf = (way: (typeof SIGN_INS)[number], ...more: readonly string[]) => [
  ...[...PLACE, "--sign-in", way, ...PERSON, ...WAYS[way]],
  ...(more.includes("--cluster") ? [] : ["--cluster", "prod"]),
  ...more,
];
