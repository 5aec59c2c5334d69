/** Policy: who I am in it, and each rule that applies to me; for auditors and admins every rule. */
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ruleFacts } from "../../../cli/text/access-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import { useSession } from "../../api/session.ts";
import { useRead } from "../../api/use-read.ts";
import { BreakGlass } from "../../parts/break-glass.tsx";
import { Facts } from "../../parts/facts.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { WholePolicy } from "./whole-policy.tsx";

const listed = (names: readonly string[]): string => names.map(visible).join(", ") || "none";

export function Policy() {
  const { person, groups, roles, identityArn, api, release } = useSession();
  const reading = useRead<AccessAnswer>("/v1/access");
  const rules = reading.answer?.rules;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Policy</Header>
      <Container header={<Header variant="h2">You</Header>}>
        <Facts
          facts={[
            ["Person", visible(person)],
            ["Groups", listed(groups)],
            ["Roles", listed(roles)],
            ["Signed in as", visible(identityArn)],
            ["API", visible(api)],
            ["Release of this command", visible(release)],
          ]}
        />
      </Container>
      <ReadProblem reading={reading} />
      <Header
        variant="h2"
        counter={rules ? `(${rules.length})` : ""}
        description={
          rules && rules.length > 0
            ? "Under Ask, the preview says why something is not allowed."
            : undefined
        }
      >
        Rules that apply to you
      </Header>
      {rules?.length === 0 && <Box>No rule of access.yaml applies to you.</Box>}
      {rules?.map((rule) => (
        <Container
          key={rule.rule}
          header={
            <Header variant="h3" description={<BreakGlass is={rule.breakGlass} />}>
              {visible(rule.rule)}
            </Header>
          }
        >
          <Facts facts={ruleFacts(rule)} />
        </Container>
      ))}
      {roles.length > 0 && <WholePolicy />}
    </SpaceBetween>
  );
}
