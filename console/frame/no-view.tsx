/** The text of an address that shows no view. */
import Alert from "@cloudscape-design/components/alert";

export const NotForYou = () => (
  <Alert type="info" header="This view is for admins and auditors">
    You are neither in this deployment. Under Policy you see your groups, and what you may ask for.
  </Alert>
);

export const NoSuchView = () => (
  <Alert type="info" header="There is no such view">
    The address names none. A request has the address #/requests/ and its whole id.
  </Alert>
);
