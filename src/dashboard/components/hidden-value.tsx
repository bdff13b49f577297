/** Instead of a payload or a result that the key may not see. */
export const HiddenValue = () => (
  <p className="quiet">Hidden: this server shows payloads and results only to keys with the scope admin.</p>
);
