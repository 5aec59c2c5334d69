/** Every rule of the policy, for auditors and admins: who may ask, and who must agree. */
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMemo, useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type {
  PolicyAnswer,
  PolicyRuleAnswer,
} from "../../../shared/http/contract/policy-answer.ts";
import { useRead } from "../../api/use-read.ts";
import { Facts } from "../../parts/facts.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { groupsOf, hasText, wholeRuleFacts } from "./rule-facts.ts";

export function WholePolicy() {
  const reading = useRead<PolicyAnswer>("/v1/policy");
  return (
    <SpaceBetween size="m">
      <ReadProblem reading={reading} />
      {reading.answer && <Rules policy={reading.answer} />}
    </SpaceBetween>
  );
}

const ON_A_PAGE = 20;

function Rules({ policy }: { readonly policy: PolicyAnswer }) {
  const [text, setText] = useState("");
  const [page, setPage] = useState(1);
  const groups = useMemo(() => groupsOf(policy), [policy]);
  const found = policy.rules.filter((rule) => hasText(rule, groups, text));
  const pages = Math.max(1, Math.ceil(found.length / ON_A_PAGE));
  const shown = Math.min(page, pages);
  return (
    <SpaceBetween size="s">
      <Header
        variant="h2"
        counter={
          text === "" ? `(${policy.rules.length})` : `(${found.length}/${policy.rules.length})`
        }
        description={`The policy that the broker judges by: ${policy.hash.slice(0, 12)}. Admins are in ${listed(policy.admins)}; auditors are in ${listed(policy.auditors)}.`}
      >
        Every rule
      </Header>
      <TextFilter
        filteringText={text}
        filteringPlaceholder="A person, group, cluster or rule"
        filteringAriaLabel="Find rules"
        onChange={({ detail }) => {
          setText(detail.filteringText);
          setPage(1);
        }}
      />
      {found.length === 0 && <Box>No rule has that in its name, clusters, groups or people.</Box>}
      {found.slice((shown - 1) * ON_A_PAGE, shown * ON_A_PAGE).map((rule) => (
        <ExpandableSection
          key={rule.rule}
          variant="container"
          headerText={visible(rule.rule)}
          headerDescription={headOf(rule)}
        >
          <Facts facts={wholeRuleFacts(rule, groups)} />
        </ExpandableSection>
      ))}
      {pages > 1 && (
        <Pagination
          currentPageIndex={shown}
          pagesCount={pages}
          onChange={({ detail }) => setPage(detail.currentPageIndex)}
          ariaLabels={{ nextPageLabel: "Next page", previousPageLabel: "Previous page" }}
        />
      )}
    </SpaceBetween>
  );
}

const listed = (names: readonly string[]): string => names.map(visible).join(", ") || "no group";

/** The line of a rule that is not opened yet. */
function headOf({ breakGlass, who, clusters }: PolicyRuleAnswer): string {
  const asks = [...who.groups, ...who.people].map(visible).join(", ");
  return `${breakGlass ? "Break-glass. " : ""}For ${asks} on ${listed(clusters)}`;
}
