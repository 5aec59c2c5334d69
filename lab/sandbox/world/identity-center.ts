/** The sandbox's Identity Center: those who sign in by it, and users as every directory has some. */
import type { IdentityDirectory } from "../aws/identitystore/directory.ts";
import { identityCenterUserId } from "./sign-ins.ts";

const person = (name: string, id: string) => ({
  id,
  userName: `${name}@example.com`,
  displayName: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  email: `${name}@example.com`,
});

const [ALICE, DAVE, MALLORY] = ["alice", "dave", "mallory"].map(identityCenterUserId) as [
  string,
  string,
  string,
];
const ERIN = "906701d9d2-0a1b2c3d-1111-2222-3333-00000000e719";
/** A namesake, in a company that works for the first. */
const OTHER_ALICE = "906701d9d2-0a1b2c3d-1111-2222-3333-00000000a12e";
const BUILD = "906701d9d2-0a1b2c3d-1111-2222-3333-0000000b017d";

const group = (displayName: string, last: string, members: readonly string[]) => ({
  id: `906701d9d2-0a1b2c3d-1111-2222-4444-${last.padStart(12, "0")}`,
  displayName,
  members,
});

export const IDENTITY_CENTER: IdentityDirectory = {
  storeId: "d-9067012345",
  users: [
    person("mallory", MALLORY),
    person("alice", ALICE),
    { ...person("erin", ERIN), isDisabled: true },
    {
      ...person("alice", OTHER_ALICE),
      userName: "alice@partner.example.com",
      email: "alice@partner.example.com",
    },
    person("dave", DAVE),
    { id: BUILD, userName: "build-agent", displayName: "Build agent" },
  ],
  groups: [
    group("Payments", "1", [ALICE, ERIN]),
    group("audit", "2", [DAVE]),
    group("Contractors (EU)", "3", [OTHER_ALICE, MALLORY, BUILD]),
  ],
};
